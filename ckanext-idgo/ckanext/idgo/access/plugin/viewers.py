"""Who asks, as the decision wants to know it: two queries per request (memberships, grants), kept on
``flask.g``; none for somebody who has not signed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import and_, bindparam, or_, select

from ckanext.idgo.access.core.decide import ANONYMOUS, CAPACITIES, Membership, Viewer
from ckanext.idgo.access.core.grants import Grant
from ckanext.idgo.access.plugin import remembering, tokens
from ckanext.idgo.access.plugin.model import ORGANIZATION, USER, AccessGrant, grant_from


def guichet_organisation() -> str:
    """Name or id of the organisation whose members are the guichet team."""
    return str(tk.config.get("ckanext.idgo.guichet.organization") or "")


# Written once, on tables: putting an ORM query together at each request costs more than its answer.
_member, _group, _grant = model.member_table, model.group_table, AccessGrant.__table__
_MEMBERSHIPS = (
    select(_member.c.group_id, _member.c.capacity, _member.c.state, _group.c.name, _group.c.approval_status)
    .join(_group, _group.c.id == _member.c.group_id)
    .where(_member.c.table_name == "user", _member.c.table_id == bindparam("user_id"))
    .where(_member.c.state == "active", _group.c.is_organization.is_(True), _group.c.state == "active")
)
_TO_ME = and_(_grant.c.grantee_type == USER, _grant.c.grantee_id == bindparam("user_id"))
_TO_US = and_(
    _grant.c.grantee_type == ORGANIZATION,
    _grant.c.grantee_id.in_(bindparam("organisation_ids", expanding=True)),
)
_GRANTS = (
    select(
        _grant.c.package_id,
        _grant.c.resource_id,
        _grant.c.organization_id,
        _grant.c.starts_at,
        _grant.c.ends_at,
        _grant.c.codes,
    )
    .where(_grant.c.revoked_at.is_(None))
    .where(or_(_TO_ME, _TO_US))
)


def memberships(user_id: str) -> Sequence[Any]:
    """Active memberships of active organisations, of any capacity; one query per request."""
    known = remembering.people()
    if known is None:
        return model.Session.execute(_MEMBERSHIPS, {"user_id": user_id}).all()
    if (user_id, "member") not in known:
        known[user_id, "member"] = model.Session.execute(_MEMBERSHIPS, {"user_id": user_id}).all()
    return known[user_id, "member"]


def _grants(user_id: str, organisation_ids: Iterable[str]) -> frozenset[Grant]:
    """Grants not taken back, to the person and to these organisations. One query."""
    given = {"user_id": user_id, "organisation_ids": list(organisation_ids)}
    rows = model.Session.execute(_GRANTS, given).all()
    return frozenset(found for found in map(grant_from, rows) if found)


def _is_desk(organisation_id: str, name: str) -> bool:
    """A referent may give their organisation any free name: the identifier of the desk is one (seen). What
    the setting names is what CKAN finds by it, by identifier first."""
    desk = guichet_organisation()
    if not desk or desk not in (organisation_id, name):
        return False
    found = model.Group.get(desk)
    return found is not None and found.id == organisation_id


def _load(user: Any) -> Viewer:
    active = user.state == "active"
    rows = memberships(user.id)
    approved = [row[0] for row in rows if row[1] in CAPACITIES and row[4] == "approved"]
    return Viewer(
        id=user.id,
        active=active,
        sysadmin=user.sysadmin is True,
        memberships=frozenset(Membership(row[0], row[1] or "", row[2]) for row in rows),
        guichet=any(_is_desk(row[0], row[3]) for row in rows),
        grants=_grants(user.id, approved) if active else frozenset(),
    )


def viewer_of(user: Any) -> Viewer:
    """The viewer behind a ``model.User``; anything else (``None``, an anonymous user) has not signed in, and
    neither has who comes with a token that reads metadata only."""
    if not isinstance(user, model.User) or not user.id or tokens.sees_no_content():
        return ANONYMOUS
    known = remembering.people()
    if known is None:
        return _load(user)
    if user.id not in known:
        known[user.id] = _load(user)
    return known[user.id]


def watch() -> None:
    remembering.watch(AccessGrant)
