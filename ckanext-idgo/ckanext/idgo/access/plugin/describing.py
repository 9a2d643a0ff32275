"""Requests, grants and the log as the API shows them. Instants are UTC without a zone, as in CKAN's API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ckan import model

from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.core.requests import last_day
from ckanext.idgo.access.plugin import words
from ckanext.idgo.access.plugin.model import (
    ORGANIZATION,
    USER,
    AccessGrant,
    AccessLog,
    AccessRequest,
    aware,
    utcnow,
)
from ckanext.idgo.access.plugin.names import Names
from ckanext.idgo.common.core.territories import Territories

Shown = dict[str, Any]


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _reason(written: str | None, by: str | None) -> str | None:
    """What somebody wrote; where nobody did, the system's code in words."""
    return written if by or not written else words.ending_sentence(written)


def _said(line: AccessLog) -> Shown:
    reason = _reason(line.detail.get("reason"), line.actor_id)
    return {**line.detail, "reason": reason} if reason else line.detail


def _territory(codes: Any) -> list[Shown]:
    table = Territories.load()
    known = [code for code in codes or [] if isinstance(code, str)]
    return [{"code": code, "label": table.label(code)} for code in known]


def _names_of_requests(rows: Sequence[AccessRequest], viewer: Viewer) -> Names:
    return Names(viewer).load(
        packages=[entry["package_id"] for row in rows for entry in row.items],
        resources=[entry.get("resource_id") for row in rows for entry in row.items],
        groups=[group for row in rows for group in (row.organization_id, row.for_organization)],
        users=[person for row in rows for person in (row.requester_id, row.decided_by)],
    )


def requests(rows: Sequence[AccessRequest], viewer: Viewer, *, decider: bool) -> list[Shown]:
    """``decider``: shown to those who decide, who also read who decided."""
    names = _names_of_requests(rows, viewer)
    return [_request(row, names, decider) for row in rows]


def _request(row: AccessRequest, names: Names, decider: bool) -> Shown:
    return {
        "id": row.id,
        "state": row.state,
        "created": _at(row.created),
        "requester_id": row.requester_id,
        "requester": names.user(row.requester_id),
        "organization_id": row.organization_id,
        "organization": names.group(row.organization_id),
        "for_organization": row.for_organization,
        "for_organization_title": (names.group(row.for_organization) or {}).get("title"),
        "items": [names.item(entry["package_id"], entry.get("resource_id")) for entry in row.items],
        "purpose": row.purpose,
        "message": row.message,
        "codes": row.codes,
        "territory": _territory(row.codes),
        "until": row.until.isoformat() if row.until else None,
        "license_ids": row.license_ids,
        "license_accepted_at": _at(row.license_accepted_at),
        "decided_at": _at(row.decided_at),
        "decided_by": row.decided_by if decider else None,
        "decider": names.user(row.decided_by) if decider else None,
        "decision_reason": _reason(row.decision_reason, row.decided_by),
        "renews": row.renews,
    }


def request(row: AccessRequest, viewer: Viewer, *, decider: bool) -> Shown:
    """One request, with its ``history`` and the ``grants`` it led to."""
    shown = requests([row], viewer, decider=decider)[0]
    given = model.Session.query(AccessGrant).filter(AccessGrant.request_id == row.id)
    made = grants(list(given.order_by(AccessGrant.created)), viewer, decider=decider)
    return {**shown, "history": _history(row, decider), "grants": made}


def _history(row: AccessRequest, decider: bool) -> list[Shown]:
    """What happened, in order; several things asked at once are one line. ``by``: a role, no name."""
    query = model.Session.query(AccessLog).filter(AccessLog.request_id == row.id)
    lines: list[Shown] = []
    for line in query.order_by(AccessLog.at, AccessLog.id):
        by = "system" if line.actor_id is None else "decider"
        by = "requester" if line.actor_id == row.requester_id else by
        last = lines[-1] if lines else {}
        if (last.get("kind"), last.get("by")) == (line.kind, by):
            continue
        actor = line.actor_id if decider else None
        detail = {k: v for k, v in _said(line).items() if k in ("reason", "until", "codes")}
        lines.append({"at": _at(line.at), "kind": line.kind, "by": by, "actor_id": actor, "detail": detail})
    return lines


def grants(rows: Sequence[AccessGrant], viewer: Viewer, *, decider: bool) -> list[Shown]:
    names = Names(viewer).load(
        packages=[row.package_id for row in rows],
        resources=[row.resource_id for row in rows],
        groups=[
            *(row.organization_id for row in rows),
            *(row.grantee_id for row in rows if row.grantee_type == ORGANIZATION),
        ],
        users=[row.grantee_id for row in rows if row.grantee_type == USER],
    )
    return [_grant(row, names, decider) for row in rows]


def _grant(row: AccessGrant, names: Names, decider: bool) -> Shown:
    day = last_day(aware(row.ends_at))
    return {
        **names.item(row.package_id, row.resource_id),
        "id": row.id,
        "state": row.state(utcnow()),
        "organization_id": row.organization_id,
        "organization": names.group(row.organization_id),
        "grantee_type": row.grantee_type,
        "grantee_id": row.grantee_id,
        "grantee": names.grantee(row.grantee_type, row.grantee_id),
        "codes": row.codes,
        "territory": _territory(row.codes),
        "starts_at": _at(row.starts_at),
        "ends_at": _at(row.ends_at),
        "until": day.isoformat() if day else None,
        "created": _at(row.created),
        "granted_by": row.granted_by if decider else None,
        "reason": row.reason if decider else None,
        "request_id": row.request_id,
        "license_id": row.license_id,
        "license_accepted_at": _at(row.license_accepted_at),
        "revoked_at": _at(row.revoked_at),
        "revoked_by": row.revoked_by if decider else None,
        "revoke_reason": _reason(row.revoke_reason, row.revoked_by),
    }


def log(rows: Sequence[AccessLog], viewer: Viewer) -> list[Shown]:
    names = Names(viewer).load(
        groups=[row.grantee_id for row in rows if row.grantee_type == ORGANIZATION],
        users=[*(row.actor_id for row in rows), *(r.grantee_id for r in rows if r.grantee_type == USER)],
    )
    return [_line(row, names) for row in rows]


def _line(row: AccessLog, names: Names) -> Shown:
    return {
        "id": row.id,
        "at": _at(row.at),
        "kind": row.kind,
        "actor_id": row.actor_id,
        "actor": names.user(row.actor_id),
        "package_id": row.package_id,
        "resource_id": row.resource_id,
        "grantee_type": row.grantee_type,
        "grantee_id": row.grantee_id,
        "grantee": names.grantee(row.grantee_type or USER, row.grantee_id) if row.grantee_id else None,
        "request_id": row.request_id,
        "detail": _said(row),
    }
