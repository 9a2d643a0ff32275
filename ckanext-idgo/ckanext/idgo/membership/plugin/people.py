"""People and organisations as the rules want to know them, read from CKAN's tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.membership.core.newcomers import Known
from ckanext.idgo.membership.core.requests import Person, Place
from ckanext.idgo.membership.core.roles import rank

Rows = Any


def guichet_name() -> str:
    """Name or id of the organisation whose members are the guichet team."""
    return str(tk.config.get("ckanext.idgo.guichet.organization") or "")


def is_guichet(organization: Any) -> bool:
    return bool(guichet_name()) and guichet_name() in (organization.id, organization.name)


def is_site(user: Any) -> bool:
    """CKAN's own account: it creates organisations from scripts, and is then their first administrator."""
    return user.name == str(tk.config.get("ckan.site_id"))


def organization(reference: str) -> Any | None:
    """An active organisation by id or name; never a group."""
    found = model.Group.get(reference)
    return found if found and found.is_organization and found.state == "active" else None


def lock(organization_id: str) -> None:
    """Hold an organisation's row until commit: its changes of members follow one another.

    Always before a request's row, so that two changes never wait for each other.
    """
    query = model.Session.query(model.Group.id).filter(model.Group.id == organization_id)
    query.with_for_update().first()


def _members(*conditions: Any) -> Rows:
    """Active memberships of active accounts. CKAN's own account (it creates organisations from scripts and is
    then their first administrator) is nobody."""
    member, user = model.Member, model.User
    return (
        model.Session.query(member, user)
        .join(user, user.id == member.table_id)
        .filter(member.table_name == "user", member.state == "active", user.state == "active")
        .filter(user.name != str(tk.config.get("ckan.site_id")))
        .filter(*conditions)
    )


def referents(organization_id: str) -> frozenset[str]:
    rows = _members(model.Member.group_id == organization_id, model.Member.capacity == "admin")
    return frozenset(user.id for _, user in rows)


def place_of(request: Any) -> Place:
    """Where a request is decided: one for a new organisation stays the guichet's once that exists."""
    return place(None if request.new_organization else request.organization_id)


def place(organization_id: str | None) -> Place:
    if organization_id is None:
        return Place()
    found = model.Group.get(organization_id)
    is_open = bool(found and found.is_organization and found.state == "active")
    return Place(organization_id, referents(organization_id), is_open)


def members(organization_id: str) -> list[tuple[Any, str]]:
    """(user, role), by name."""
    rows = _members(model.Member.group_id == organization_id).order_by(model.User.fullname, model.User.name)
    return [(user, member.capacity) for member, user in rows]


def role(user_id: str, organization_id: str) -> str | None:
    """The role somebody holds, None without one. Read whatever the account's state."""
    query = model.Session.query(model.Member.capacity).filter_by(
        table_name="user", table_id=user_id, group_id=organization_id, state="active"
    )
    return max((row[0] for row in query), key=rank, default=None)


def memberships(user_id: str) -> list[tuple[Any, str]]:
    """(organisation, role) of one person, by title."""
    group, member = model.Group, model.Member
    query = (
        model.Session.query(group, member.capacity)
        .join(member, member.group_id == group.id)
        .filter(member.table_name == "user", member.table_id == user_id, member.state == "active")
        .filter(group.is_organization.is_(True), group.state == "active")
        .order_by(group.title, group.name)
    )
    return [(row[0], row[1]) for row in query]


def guichet_team() -> frozenset[str]:
    desk = organization(guichet_name()) if guichet_name() else None
    return (
        frozenset(user.id for _, user in _members(model.Member.group_id == desk.id)) if desk else frozenset()
    )


def sysadmins() -> frozenset[str]:
    user = model.User
    rows = model.Session.query(user.id).filter(user.sysadmin.is_(True), user.state == "active")
    return frozenset(row[0] for row in rows.filter(user.name != str(tk.config.get("ckan.site_id"))))


def person(user: Any) -> Person:
    active = user.state == "active"
    return Person(user.id, active, user.sysadmin is True, user.id in guichet_team())


def led() -> Any:
    """A query: ids of the active organisations that have a referent."""
    group, member = model.Group, model.Member
    rows = _members(member.capacity == "admin").join(group, group.id == member.group_id)
    rows = rows.filter(group.is_organization.is_(True), group.state == "active")
    return rows.with_entities(group.id)


def orphans() -> int:
    """How many active organisations have no referent, the guichet's own left out."""
    group = model.Group
    query = model.Session.query(group).filter(group.is_organization.is_(True), group.state == "active")
    return sum(1 for found in query.filter(group.id.not_in(led())) if not is_guichet(found))


def choices(exclude: Iterable[str] = ()) -> list[Any]:
    """Organisations one may ask to join, by title: the guichet team is joined by invitation only."""
    group, left_out = model.Group, set(exclude)
    query = model.Session.query(group).filter(group.is_organization.is_(True), group.state == "active")
    found = query.filter(group.approval_status == "approved").order_by(group.title, group.name)
    return [one for one in found if one.id not in left_out and not is_guichet(one)]


def known() -> list[Known]:
    """Every active organisation, for the search of near duplicates."""
    return [Known(o.id, o.name, o.title or "", str((o.extras or {}).get("siren", ""))) for o in choices()]
