"""What was read for a decision, kept until the end of a request that only reads.

A page asks about each of its resources several times. Nothing outlives the request, so that what was taken
back opens nothing at the next one; a change flushed within the request forgets it all.
"""

from __future__ import annotations

from typing import Any

from ckan import model
from flask import g, has_request_context, request
from sqlalchemy import event

_PEOPLE, _FACTS = "_idgo_access_viewers", "_idgo_access_facts"


def people() -> dict[Any, Any] | None:
    """Viewers and memberships of this request; None outside of one."""
    return g.setdefault(_PEOPLE, {}) if has_request_context() else None


def facts() -> dict[str, Any] | None:
    """Facts of resources, by id; None outside of a request, and in one that may write."""
    reads = has_request_context() and request.method in ("GET", "HEAD")
    return g.setdefault(_FACTS, {}) if reads else None


def forget(*_event: Any) -> None:
    """Something a decision is made of changed in this very request: ask again."""
    if has_request_context():
        g.pop(_PEOPLE, None)
        g.pop(_FACTS, None)


def watch(*more: Any) -> None:
    """Forget at each flush of what a decision is made of (CKAN's own signal tells of datasets only)."""
    for entity in (model.Member, model.Group, model.User, model.Package, model.Resource, *more):
        for moment in ("after_insert", "after_update", "after_delete"):
            if not event.contains(entity, moment, forget):
                event.listen(entity, moment, forget)
