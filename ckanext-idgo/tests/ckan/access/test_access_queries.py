"""What access costs the database: queries counted, so that no load of the machine hides a loop (issue 4).

Twenty restricted datasets of three resources; ten of them are granted, five to the person and five to an
organisation of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from access_world import World
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels, get_permission_labels
from ckan.tests import factories, helpers
from sqlalchemy import event

from ckanext.idgo.access.plugin.labels import Labels
from ckanext.idgo.access.plugin.model import ORGANIZATION, USER, AccessGrant, utcnow

DATASETS, RESOURCES = 20, 3
GRANT, MEMBER = "FROM idgo_access_grant", "SELECT member.group_id, member.capacity, member.state"
FACTS, ROWS = "SELECT resource.id, resource.extras", "FROM resource LEFT OUTER JOIN package AS package_1"


def _create(world: World, name: str, resources: int, tier: str = "restricted") -> dict[str, Any]:
    return helpers.call_action(
        "package_create",
        context={"user": world.users["owner_editor"]["name"], "ignore_auth": False},
        name=name,
        title="Comptée" if name.startswith("comptee") else "Longue",
        owner_org=world.organisation["id"],
        access_tier=tier,
        resources=[
            {"url": f"https://donnees.example/{name}-{n}.csv", "name": f"Lien {n}"} for n in range(resources)
        ],
    )


@pytest.fixture(scope="module")
def sheets(built: World) -> list[dict[str, Any]]:
    created = [_create(built, f"comptee-{n}", RESOURCES) for n in range(DATASETS)]
    person, organisation = built.users["granted_member"]["id"], built.granted["id"]
    for n, one in enumerate(created[:10]):
        kind, whom = (USER, person) if n < 5 else (ORGANIZATION, organisation)
        given = {"organization_id": one["owner_org"], "starts_at": utcnow() - timedelta(days=1)}
        model.Session.add(AccessGrant(package_id=one["id"], grantee_type=kind, grantee_id=whom, **given))
    model.Session.commit()
    return created


@contextmanager
def counting() -> Iterator[list[str]]:
    """Statements run meanwhile, in order."""
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(" ".join(statement.split()))

    engine = model.Session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked(world: World, actor: str, path: str) -> tuple[list[str], Any]:
    with counting() as seen:
        response = world.get(actor, path)
    assert response.status_code == 200
    return seen, response


def ours(statements: list[str]) -> dict[str, int]:
    """How often each of the room's four questions was put."""
    told = {"grants": GRANT, "memberships": MEMBER, "facts": FACTS, "rows": ROWS}
    return {name: sum(part in s for s in statements) for name, part in told.items()}


def search(rows: int) -> str:
    return f"/api/3/action/package_search?q=title:comptée&sort=name+asc&rows={rows}"


@pytest.mark.parametrize("actor", ["anonymous", "outsider", "granted_member", "owner_member", "sysadmin"])
def test_a_search_costs_the_same_however_many_results(world: World, sheets, actor: str) -> None:
    asked(world, actor, search(1))  # what the first request of a process reads once
    none, _ = asked(world, actor, search(0))
    costs = {}
    for rows in (5, 20):
        statements, response = asked(world, actor, search(rows))
        found = response.json["result"]["results"]
        assert len(found) == rows
        costs[rows] = ours(statements)
        assert len(statements) - len(none) <= 4
        urls = sum(bool(r["url"]) for one in found for r in one["resources"])
    assert costs[5] == costs[20]
    once = {"grants": 1, "memberships": 1, "facts": 1}
    seeing = {"granted_member": 10, "owner_member": 20, "sysadmin": 20}.get(actor, 0)
    assert urls == seeing * RESOURCES
    nothing = dict.fromkeys(("grants", "memberships", "facts", "rows"), 0)
    assert costs[20] == (nothing if actor == "anonymous" else {**once, "rows": int(seeing > 0)})


@pytest.mark.parametrize("actor", ["anonymous", "outsider", "granted_member", "owner_member"])
def test_a_page_asks_about_all_its_resources_at_once(world: World, sheets, actor: str) -> None:
    """Restricted or open, three resources or twelve."""
    long, open_one = _long(world, "restricted"), _long(world, "open")
    costs = {}
    for name in (sheets[0]["name"], long, open_one):
        asked(world, actor, f"/dataset/{name}")
        statements, _ = asked(world, actor, f"/dataset/{name}")
        costs[name] = ours(statements)
    person = int(actor != "anonymous")
    for name, cost in costs.items():
        assert {**cost, "rows": 0} == {"grants": person, "memberships": person, "facts": 1, "rows": 0}, name


def _long(world: World, tier: str) -> str:
    """A dataset of twelve resources; whom it is granted to has the restricted one."""
    name = f"longue-{tier}"
    if model.Package.get(name) is None:
        made = _create(world, name, 12, tier)
        given = {"organization_id": made["owner_org"], "starts_at": utcnow() - timedelta(days=1)}
        who = {"grantee_type": USER, "grantee_id": world.users["granted_member"]["id"]}
        model.Session.add(AccessGrant(package_id=made["id"], **who, **given))
        model.Session.commit()
    return name


def test_the_labels_are_those_of_ckan(world: World) -> None:
    """Same organisations by another way, sub-organisations of an editor included, pending ones not."""
    below = factories.Organization(groups=[{"name": world.organisation["name"], "capacity": "parent"}])
    ours, theirs = get_permission_labels(), DefaultPermissionLabels()
    told = {}
    for actor, user in world.users.items():
        who = model.User.get(user["name"])
        told[actor] = set(ours.get_user_dataset_labels(who))
        assert told[actor] == set(theirs.get_user_dataset_labels(who)), actor
    assert f"member-{below['id']}" in told["owner_editor"] - told["owner_member"]
    assert set(ours.get_user_dataset_labels(None)) == {"public"}
    assert isinstance(ours, Labels)
