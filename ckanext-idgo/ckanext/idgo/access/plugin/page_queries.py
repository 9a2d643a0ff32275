"""Counts and delays that the pages show, each in one query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from flask import g, has_request_context

from ckanext.idgo.access.core import ledger
from ckanext.idgo.access.core.tiers import Tier, read_tier
from ckanext.idgo.access.plugin.deciders import led_by
from ckanext.idgo.access.plugin.model import GRANTED, PENDING, REFUSED, AccessGrant, AccessRequest, utcnow
from ckanext.idgo.common.core.territories import normalise

YEAR = timedelta(days=365)


def pending_counts(organization_ids: Iterable[str]) -> dict[str, int]:
    """Requests to decide, by organisation id; absent where there is none."""
    wanted = list(organization_ids)
    if not wanted:
        return {}
    rows = (
        model.Session.query(AccessRequest.organization_id, sa.func.count())
        .filter(AccessRequest.state == PENDING, AccessRequest.organization_id.in_(wanted))
        .group_by(AccessRequest.organization_id)
    )
    return {row[0]: row[1] for row in rows}


def all_pending() -> dict[str, int]:
    """Requests to decide anywhere, by organisation id: what a sysadmin may look after."""
    rows = (
        model.Session.query(AccessRequest.organization_id, sa.func.count())
        .filter(AccessRequest.state == PENDING)
        .group_by(AccessRequest.organization_id)
    )
    return {row[0]: row[1] for row in rows}


def led_counts(viewer: Any) -> dict[str, int]:
    """``{organisation id: requests to decide}`` of those the viewer leads, kept while a page is made."""
    if has_request_context() and "idgo_access_led" in g:
        return g.idgo_access_led
    led = led_by(viewer)
    found = pending_counts(led)
    counts = {organization: found.get(organization, 0) for organization in led}
    if has_request_context():
        g.idgo_access_led = counts
    return counts


def mean_answer_days(organization_id: str) -> float | None:
    """Mean days between a request and its decision over twelve months; None without a decision."""
    rows = model.Session.query(AccessRequest.created, AccessRequest.decided_at).filter(
        AccessRequest.organization_id == organization_id,
        AccessRequest.state.in_([GRANTED, REFUSED]),
        AccessRequest.decided_at > utcnow() - YEAR,
    )
    return ledger.mean_answer_days((row[0], row[1]) for row in rows)


def figures(organization_id: str) -> dict[str, Any]:
    """``{"pending", "current", "ending": counts, "mean_days": float or None}`` of an organisation's queue."""
    now = utcnow()
    open_end = AccessGrant.ends_at.is_(None)
    current = sa.and_(AccessGrant.revoked_at.is_(None), sa.or_(open_end, AccessGrant.ends_at > now))
    soon = sa.and_(current, AccessGrant.ends_at <= now + timedelta(days=ledger.SOON_DAYS))
    count = sa.func.count()
    row = (
        model.Session.query(count.filter(current), count.filter(soon))
        .filter(AccessGrant.organization_id == organization_id)
        .one()
    )
    return {
        "pending": pending_counts([organization_id]).get(organization_id, 0),
        "current": row[0],
        "ending": row[1],
        "mean_days": mean_answer_days(organization_id),
    }


def organizations(ids: Iterable[str]) -> list[dict[str, str]]:
    """``[{"id", "name", "title"}]`` of active organisations, by title."""
    group = model.Group
    wanted = list(ids)
    if not wanted:
        return []
    rows = model.Session.query(group.id, group.name, group.title).filter(
        group.id.in_(wanted), group.state == "active", group.is_organization.is_(True)
    )
    found = [{"id": row[0], "name": row[1], "title": row[2] or row[1]} for row in rows]
    return sorted(found, key=lambda one: normalise(one["title"]))


def other_organizations(owner: str) -> list[dict[str, str]]:
    """Every active organisation but the owner, by title: to whom access may be given."""
    group = model.Group
    rows = model.Session.query(group.id).filter(
        group.is_organization.is_(True), group.state == "active", group.approval_status == "approved"
    )
    return organizations(row[0] for row in rows if row[0] != owner)


def held_before(organization_id: str, requester_id: str, for_organization: str | None) -> dict[str, int]:
    """``{"current", "revoked"}``: what this owner gave the same person or organisation before."""
    grant = AccessGrant
    mine = sa.and_(grant.grantee_type == "user", grant.grantee_id == requester_id)
    theirs = sa.and_(grant.grantee_type == "organization", grant.grantee_id == (for_organization or ""))
    alive = sa.and_(grant.revoked_at.is_(None), sa.or_(grant.ends_at.is_(None), grant.ends_at > utcnow()))
    count = sa.func.count()
    row = (
        model.Session.query(count.filter(alive), count.filter(grant.revoked_at.isnot(None)))
        .filter(grant.organization_id == organization_id, sa.or_(mine, theirs))
        .one()
    )
    return {"current": row[0], "revoked": row[1]}


def datasets_granted(organization_id: str) -> list[dict[str, str]]:
    """``[{"name", "title"}]`` of the datasets an organisation ever gave access to, by title."""
    package, grant = model.Package, AccessGrant
    rows = (
        model.Session.query(package.name, package.title)
        .join(grant, grant.package_id == package.id)
        .filter(grant.organization_id == organization_id, package.state == "active")
        .distinct()
    )
    return sorted(
        ({"name": row[0], "title": row[1] or row[0]} for row in rows), key=lambda one: normalise(one["title"])
    )


def restricted_files(organization_id: str) -> list[dict[str, Any]]:
    """The organisation's published datasets that hold restricted files, by title:
    ``[{"id", "name", "title", "files": [{"id", "name", "format"}]}]``."""
    package: Any = model.Package
    resource: Any = model.Resource
    rows = (
        model.Session.query(package, resource)
        .join(resource, resource.package_id == package.id)
        .filter(package.owner_org == organization_id, package.state == "active", package.private.is_(False))
        .filter(resource.state == "active")
        .order_by(package.title, resource.position)
    )
    found: dict[str, dict[str, Any]] = {}
    for pkg, res in rows:
        if (
            read_tier((res.extras or {}).get("access_tier"), (pkg.extras or {}).get("access_tier"))
            is Tier.RESTRICTED
        ):
            entry = {"id": pkg.id, "name": pkg.name, "title": pkg.title or pkg.name, "files": []}
            file = {"id": res.id, "name": res.name or res.format or "", "format": res.format or ""}
            found.setdefault(pkg.id, entry)["files"].append(file)
    return list(found.values())
