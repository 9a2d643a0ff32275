"""Two organisations with a referent each, one without, the guichet team, and somebody who wants to join."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import ckan.plugins as p
import pytest
from ckan import model
from ckan.common import config
from ckan.tests import factories, helpers

from ckanext.idgo.common.plugin.signals import noted
from ckanext.idgo.membership.plugin.model import MembershipRequest

PLUGINS = "idgo idgo_access idgo_membership idgo_forms scheming_datasets activity"
SETTINGS = {
    "ckan.plugins": PLUGINS,
    "ckan.locale_default": "en",
    "ckan.auth.create_user_via_web": True,
    "smtp.server": "localhost",  # nobody listens: the test catches the mail
}
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site(reset_db: Any, reset_index: Any, migrate_db_for: Any) -> Iterator[Any]:
    """CKAN's application, loaded once: each test makes people and organisations of its own in it."""
    config.update(SETTINGS)
    p.load_all()
    reset_db()
    for plugin in ("idgo_access", "idgo_membership", "idgo_forms", "activity"):
        migrate_db_for(plugin)
    reset_index()
    try:
        yield helpers._get_test_app()
    finally:
        p.unload_all()


def _user(name: str, **fields: Any) -> dict[str, Any]:
    """An account without a password: hashing eight for each test would take longer than the test."""
    user = model.User(name=name, fullname=name.capitalize(), email=f"{name}@ville.example", **fields)
    model.Session.add(user)
    model.Session.commit()
    return {"id": user.id, "name": user.name, "email": user.email}


class World:
    """``town`` is led by ``referent``, ``county`` by ``rival``; ``lonely`` has no referent."""

    def __init__(self, app: Any, number: int) -> None:
        self.app, self.number = app, number
        names = ("newcomer", "referent", "editor", "member", "rival", "desk", "colleague")
        people = [_user(f"{name}-{number}") for name in names]
        self.newcomer, self.referent, self.editor, self.member, self.rival, self.desk, self.colleague = people
        self.sysadmin = _user(f"sysadmin-{number}", sysadmin=True)
        self.town = self._organization(
            f"ville-exemple-{number}", admin=self.referent, editor=self.editor, member=self.member
        )
        self.county = self._organization(f"departement-exemple-{number}", admin=self.rival)
        self.lonely = self._organization(f"organisme-seul-{number}", editor=self.colleague)
        self.guichet = self._organization(f"guichet-{number}", member=self.desk)
        self.told: list[Any] = []

    def _organization(self, name: str, **people: dict[str, Any]) -> dict[str, Any]:
        users = [{"name": user["name"], "capacity": role} for role, user in people.items()]
        return factories.Organization(
            name=name, title=name.replace("-", " ").capitalize().rstrip(" 0123456789"), users=users
        )

    def call(self, action: str, who: dict[str, Any] | None, **data: Any) -> Any:
        """Any action, rights checked; ``None`` is somebody who has not signed in."""
        model.Session.rollback()  # as a request of its own: nothing of an earlier one lingers
        name = who["name"] if who else ""
        context = {
            "user": name,
            "ignore_auth": False,
            "auth_user_obj": model.User.get(name) if name else None,
        }
        with self.app.flask_app.test_request_context():
            return helpers.call_action(action, context, **data)

    def act(self, action: str, who: dict[str, Any] | None, **data: Any) -> Any:
        return self.call(f"idgo_membership_{action}", who, **data)

    def accept_terms(self, *people: dict[str, Any]) -> None:
        for who in people:
            self.act("terms_accept", who, version=self.act("terms_show", who)["version"])

    def ask(self, who: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
        """A request; for a role of contributor in the town unless said otherwise."""
        who = who or self.newcomer
        self.accept_terms(who)
        where = {} if "new_organization" in data else {"organization": self.town["name"]}
        fields = {"role": "editor", "message": "Service SIG de la ville", **where, **data}
        return self.act("request_create", who, **fields)

    def decide(
        self, who: dict[str, Any], request: dict[str, Any], decision: str = "accept", **more: Any
    ) -> Any:
        return self.act("request_decide", who, id=request["id"], decision=decision, **more)

    def rows(self, who: dict[str, Any], organization: dict[str, Any], state: str = "active") -> list[str]:
        """Capacities that CKAN's table gives somebody."""
        found = model.Session.query(model.Member.capacity).filter_by(
            table_name="user", table_id=who["id"], group_id=organization["id"], state=state
        )
        return [row[0] for row in found]

    def kinds(self) -> list[str]:
        return [event.kind for event in self.told]

    @staticmethod
    def age(request: dict[str, Any], days: float) -> None:
        row = MembershipRequest.get(request["id"])
        assert row is not None
        row.created = row.created - timedelta(days=days)
        model.Session.commit()


@pytest.fixture
def world(site: Any, monkeypatch: Any) -> Iterator[World]:
    config.update(SETTINGS)
    number = next(_numbers)
    monkeypatch.setitem(config, "ckanext.idgo.guichet.organization", f"guichet-{number}")
    # What an earlier test made is no part of this one.
    model.Session.query(MembershipRequest).delete()
    model.Session.query(model.Group).update({"state": "deleted"})
    model.Session.commit()
    made = World(site, number)

    def hear(_kind: str, event: Any, **_more: Any) -> None:
        made.told.append(event)

    noted.connect(hear)
    yield made
    noted.disconnect(hear)
    model.Session.rollback()
