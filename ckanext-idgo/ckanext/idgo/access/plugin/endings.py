"""What ends by itself: a dataset purged or given to another organisation, a resource removed, an account or
an organisation closed. Whatever the road (action, command, another extension), in the same transaction.

``decide`` would refuse in each of these cases anyway; this ends the grants for good, so that nothing comes
back with a new owner or a restored account, and leaves a line in the log. A dataset in the bin only sleeps:
its grants are nothing until it is restored. ``reminding`` tells the people concerned.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event

from ckanext.idgo.access.plugin.model import (
    ORGANIZATION,
    PENDING,
    REFUSED,
    USER,
    WITHDRAWN,
    AccessGrant,
    AccessLog,
    AccessRequest,
    utcnow,
)
from ckanext.idgo.access.plugin.remembering import forget

#: Why: stored as ``revoke_reason`` or ``decision_reason`` where nobody decided (``words.ending_sentence``).
PURGED, REMOVED, MOVED = "dataset-purged", "resource-removed", "owner-changed"
OWNER_CLOSED, HOLDER_CLOSED = "owner-closed", "holder-closed"

_GRANT: Any = AccessGrant.__table__
_REQUEST: Any = AccessRequest.__table__
_LOG: Any = AccessLog.__table__


def _log(connection: Any, kind: str, rows: Iterable[dict[str, Any]]) -> None:
    lines = [{"id": str(uuid.uuid4()), "at": utcnow(), "kind": kind, "actor_id": None, **row} for row in rows]
    if lines:
        connection.execute(sa.insert(_LOG), lines)


def _end_grants(connection: Any, condition: Any, reason: str, **titles: str) -> None:
    """``titles``: of what will not be there to be read when the log is."""
    at = utcnow()
    alive = sa.and_(_GRANT.c.revoked_at.is_(None), sa.or_(_GRANT.c.ends_at.is_(None), _GRANT.c.ends_at > at))
    rows = connection.execute(
        sa.update(_GRANT)
        .where(alive, condition)
        .values(revoked_at=at, revoke_reason=reason)
        .returning(*_GRANT.c)
    ).all()
    same = ("organization_id", "package_id", "resource_id", "grantee_type", "grantee_id", "request_id")
    lines = (
        {**{key: row._mapping[key] for key in same}, "detail": {"grant": row.id, "reason": reason, **titles}}
        for row in rows
    )
    _log(connection, "closed", lines)
    if rows:
        forget()


def _close_requests(connection: Any, condition: Any, state: str, reason: str) -> None:
    rows = connection.execute(
        sa.update(_REQUEST)
        .where(_REQUEST.c.state == PENDING, condition)
        .values(state=state, decided_at=utcnow(), decision_reason=reason)
        .returning(*_REQUEST.c)
    ).all()
    kind = "refused" if state == REFUSED else "withdrawn"
    _log(connection, kind, (_line_of(row, reason) for row in rows))


def _line_of(row: Any, reason: str) -> dict[str, Any]:
    return {
        "organization_id": row.organization_id,
        "package_id": row.items[0]["package_id"],
        "resource_id": row.items[0].get("resource_id"),
        "grantee_type": ORGANIZATION if row.for_organization else USER,
        "grantee_id": row.for_organization or row.requester_id,
        "request_id": row.id,
        "detail": {"reason": reason},
    }


def _pending_about(connection: Any, package_id: str) -> list[Any]:
    about = _REQUEST.c["items"].contains([{"package_id": package_id}])
    query = sa.select(_REQUEST).where(_REQUEST.c.state == PENDING, about)
    return list(connection.execute(query.with_for_update()))


def _changed(target: Any, attribute: str) -> bool:
    return bool(sa.inspect(target).attrs[attribute].history.has_changes())


def _package_updated(_mapper: Any, connection: Any, package: Any) -> None:
    if not _changed(package, "owner_org"):
        return
    given = sa.and_(_GRANT.c.package_id == package.id, _GRANT.c.organization_id != (package.owner_org or ""))
    _end_grants(connection, given, MOVED, dataset=package.title or package.name)
    for request in _pending_about(connection, package.id):
        _reroute(connection, request)


def _reroute(connection: Any, request: Any) -> None:
    """A request follows its datasets to their new owner, unless they went different ways."""
    ids = {entry["package_id"] for entry in request.items}
    table = model.Package.__table__  # type: ignore[attr-defined]
    owners = set(connection.execute(sa.select(table.c.owner_org).where(table.c.id.in_(ids))).scalars())
    owner = owners.pop() if len(owners) == 1 else None
    if owner is None or owner == request.organization_id:
        return
    change = sa.update(_REQUEST).where(_REQUEST.c.id == request.id)
    connection.execute(change.values(organization_id=owner, reminded=[]))
    line = _line_of(request, MOVED)
    _log(connection, "moved", [line, {**line, "organization_id": owner}])


def _package_deleted(_mapper: Any, connection: Any, package: Any) -> None:
    about = _GRANT.c.package_id == package.id
    _end_grants(connection, about, PURGED, dataset=package.title or package.name)
    _close_empty(connection, package.id, PURGED, lambda entry: entry["package_id"] != package.id)


def _close_empty(connection: Any, package_id: str, reason: str, left: Any) -> None:
    """Close the requests of which nothing is left; ``left(item)``: is this one still there?"""
    about = _pending_about(connection, package_id)
    empty = [request.id for request in about if not any(left(entry) for entry in request.items)]
    if empty:
        _close_requests(connection, _REQUEST.c.id.in_(empty), REFUSED, reason)


def _resource_gone(connection: Any, resource: Any) -> None:
    _end_grants(connection, _GRANT.c.resource_id == resource.id, REMOVED, resource=resource.name or "")
    if resource.package_id:
        other = lambda entry: entry.get("resource_id") != resource.id  # noqa: E731
        _close_empty(connection, resource.package_id, REMOVED, other)


def _resource_updated(_mapper: Any, connection: Any, resource: Any) -> None:
    if resource.state == "deleted" and _changed(resource, "state"):
        _resource_gone(connection, resource)


def _resource_deleted(_mapper: Any, connection: Any, resource: Any) -> None:
    _resource_gone(connection, resource)


def _user_gone(connection: Any, user: Any) -> None:
    mine = sa.and_(_GRANT.c.grantee_type == USER, _GRANT.c.grantee_id == user.id)
    _end_grants(connection, mine, HOLDER_CLOSED)
    _close_requests(connection, _REQUEST.c.requester_id == user.id, WITHDRAWN, HOLDER_CLOSED)


def _user_updated(_mapper: Any, connection: Any, user: Any) -> None:
    if user.state == "deleted" and _changed(user, "state"):
        _user_gone(connection, user)


def _user_deleted(_mapper: Any, connection: Any, user: Any) -> None:
    _user_gone(connection, user)


def _group_gone(connection: Any, group: Any) -> None:
    held = sa.and_(_GRANT.c.grantee_type == ORGANIZATION, _GRANT.c.grantee_id == group.id)
    _end_grants(connection, held, HOLDER_CLOSED)
    _end_grants(connection, _GRANT.c.organization_id == group.id, OWNER_CLOSED)
    _close_requests(connection, _REQUEST.c.organization_id == group.id, REFUSED, OWNER_CLOSED)


def _group_updated(_mapper: Any, connection: Any, group: Any) -> None:
    if group.state == "deleted" and _changed(group, "state"):
        _group_gone(connection, group)


def _group_deleted(_mapper: Any, connection: Any, group: Any) -> None:
    _group_gone(connection, group)


_HOOKS: tuple[tuple[Any, str, Any], ...] = (
    (model.Package, "after_update", _package_updated),
    (model.Package, "after_delete", _package_deleted),
    (model.Resource, "after_update", _resource_updated),
    (model.Resource, "after_delete", _resource_deleted),
    (model.User, "after_update", _user_updated),
    (model.User, "after_delete", _user_deleted),
    (model.Group, "after_update", _group_updated),
    (model.Group, "after_delete", _group_deleted),
)


def watch() -> None:
    for entity, moment, hook in _HOOKS:
        if not event.contains(entity, moment, hook):
            event.listen(entity, moment, hook)
