"""Who asks, as the decision wants to know it: two queries per request (memberships, grants), kept on
``flask.g``; none for somebody who has not signed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g, has_request_context
from sqlalchemy import and_, event, or_

from ckanext.idgo.access.core.decide import ANONYMOUS, CAPACITIES, Membership, Viewer
from ckanext.idgo.access.core.grants import Grant
from ckanext.idgo.access.plugin import tokens
from ckanext.idgo.access.plugin.model import ORGANIZATION, USER, AccessGrant, grant_from

_CACHE = "_idgo_access_viewers"


def guichet_organisation() -> str:
    """Name or id of the organisation whose members are the guichet team."""
    return str(tk.config.get("ckanext.idgo.guichet.organization") or "")


def _memberships(user_id: str) -> list[Any]:
    member, group = model.Member, model.Group
    return (
        model.Session.query(member.group_id, member.capacity, member.state, group.name, group.approval_status)
        .join(group, group.id == member.group_id)
        .filter(member.table_name == "user", member.table_id == user_id, member.state == "active")
        .filter(group.is_organization.is_(True), group.state == "active")
        .all()
    )


def _grants(user_id: str, organisation_ids: Iterable[str]) -> frozenset[Grant]:
    """Grants not taken back, to the person and to these organisations. One query."""
    grant = AccessGrant
    to_me = and_(grant.grantee_type == USER, grant.grantee_id == user_id)
    to_us = and_(grant.grantee_type == ORGANIZATION, grant.grantee_id.in_(list(organisation_ids)))
    rows = (
        model.Session.query(
            grant.package_id,
            grant.resource_id,
            grant.organization_id,
            grant.starts_at,
            grant.ends_at,
            grant.codes,
        )
        .filter(grant.revoked_at.is_(None))
        .filter(or_(to_me, to_us))
        .all()
    )
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
    rows = _memberships(user.id)
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
    if not has_request_context():
        return _load(user)
    cache = g.setdefault(_CACHE, {})
    if user.id not in cache:
        cache[user.id] = _load(user)
    return cache[user.id]


def forget(*_event: Any) -> None:
    """A membership, a grant, an organisation or a user changed in this very request: ask again."""
    if has_request_context():
        g.pop(_CACHE, None)


def watch() -> None:
    """Forget at each flush of what a viewer is made of (CKAN's own signal tells of datasets only)."""
    for entity in (model.Member, model.Group, model.User, AccessGrant):
        for moment in ("after_insert", "after_update", "after_delete"):
            if not event.contains(entity, moment, forget):
                event.listen(entity, moment, forget)
