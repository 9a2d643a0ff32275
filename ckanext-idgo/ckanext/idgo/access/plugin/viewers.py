"""Who asks, as the decision wants to know it: one query per request, kept on ``flask.g``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g, has_request_context
from sqlalchemy import event

from ckanext.idgo.access.core.decide import ANONYMOUS, Membership, Viewer
from ckanext.idgo.access.plugin import tokens

_CACHE = "_idgo_access_viewers"


def guichet_organisation() -> str:
    """Name or id of the organisation whose members are the guichet team."""
    return str(tk.config.get("ckanext.idgo.guichet.organization") or "")


def _load(user: Any) -> Viewer:
    member, group = model.Member, model.Group
    rows = (
        model.Session.query(member.group_id, member.capacity, member.state, group.name)
        .join(group, group.id == member.group_id)
        .filter(member.table_name == "user", member.table_id == user.id, member.state == "active")
        .filter(group.is_organization.is_(True), group.state == "active")
        .all()
    )
    desk = guichet_organisation()
    return Viewer(
        id=user.id,
        active=user.state == "active",
        sysadmin=user.sysadmin is True,
        memberships=frozenset(Membership(row[0], row[1] or "", row[2]) for row in rows),
        guichet=bool(desk) and any(desk in (row[0], row[3]) for row in rows),
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
    """A membership, an organisation or a user changed in this very request: ask the database again."""
    if has_request_context():
        g.pop(_CACHE, None)


def watch() -> None:
    """Forget at each flush of what a viewer is made of (CKAN's own signal tells of datasets only)."""
    for entity in (model.Member, model.Group, model.User):
        for moment in ("after_insert", "after_update", "after_delete"):
            if not event.contains(entity, moment, forget):
                event.listen(entity, moment, forget)
