"""Who decides for an organisation: its active referents and sysadmins; where it has no active referent, the
guichet team (ADR 0006). Read from the database each time: a decision is rare."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.core.decide import CAPACITIES, Viewer
from ckanext.idgo.access.plugin.viewers import guichet_organisation

REFERENT = "admin"


def _members(organisation: Any, capacities: frozenset[str]) -> list[str]:
    """Ids of the active members, of those capacities, with an active account; in order of name.

    CKAN's own account is left out: it becomes a member of what the command line creates, and reads nothing.
    """
    member, user = model.Member, model.User
    rows = (
        model.Session.query(user.id)
        .join(member, member.table_id == user.id)
        .filter(member.table_name == "user", member.group_id == organisation.id)
        .filter(member.state == "active", member.capacity.in_(list(capacities)), user.state == "active")
        .filter(user.name != tk.config["ckan.site_id"])
        .order_by(user.name)
        .all()
    )
    return [row[0] for row in rows]


def organisation(name_or_id: object) -> Any:
    """The active organisation of that name or id, None when there is none."""
    if not isinstance(name_or_id, str) or not name_or_id or "\x00" in name_or_id:
        return None
    found = model.Group.get(name_or_id)
    usable = found is not None and found.is_organization and found.state == "active"
    return found if usable else None


def referents(found: Any) -> list[str]:
    return _members(found, frozenset({REFERENT}))


def deciders(organization_id: str, besides: str | None = None) -> tuple[str, ...]:
    """Whom a request of that organisation concerns (ids): its referents, else the guichet team, else the
    sysadmins, so that nothing is sent to nobody. ``besides``: somebody who cannot decide it."""
    found = organisation(organization_id)
    people = referents(found) if found else []
    if not people:
        desk = organisation(guichet_organisation())
        people = _members(desk, CAPACITIES) if desk else []
    people = [person for person in people if person != besides]
    if not people:
        user = model.User
        rows = model.Session.query(user.id).filter(user.sysadmin.is_(True), user.state == "active")
        rows = rows.filter(user.name != tk.config["ckan.site_id"])
        people = [row[0] for row in rows.order_by(user.name) if row[0] != besides]
    return tuple(people)


def decides_for(viewer: Viewer, organization_id: str) -> bool:
    """Does this viewer decide for that organisation?"""
    if not viewer.signed_in:
        return False
    if viewer.sysadmin is True:
        return True
    found = organisation(organization_id)
    if found is None:
        return False
    leads = any(
        m.organisation_id == found.id and m.capacity == REFERENT and m.state == "active"
        for m in viewer.memberships
    )
    return leads or (viewer.guichet and not referents(found))


def led_by(viewer: Viewer) -> list[str]:
    """Ids of the organisations a person decides for as referent, or as guichet team where there is none.

    Not those of a sysadmin, who decides for all: they have no queue of their own."""
    mine = {m.organisation_id for m in viewer.memberships if m.capacity == REFERENT and m.state == "active"}
    if viewer.guichet:
        mine |= set(_without_referent())
    return sorted(mine)


def _without_referent() -> list[str]:
    group, member, user = model.Group, model.Member, model.User
    led = (
        model.Session.query(member.group_id)
        .join(user, user.id == member.table_id)
        .filter(member.table_name == "user", member.state == "active", member.capacity == REFERENT)
        .filter(user.state == "active", user.name != tk.config["ckan.site_id"])
    )
    rows = model.Session.query(group.id).filter(group.is_organization.is_(True), group.state == "active")
    return [row[0] for row in rows.filter(group.id.notin_(led))]
