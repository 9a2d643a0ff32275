"""Grants: who was given a dataset or a resource, from when until when, for which territory (ADR 0006).

Pure and fail-closed: a grant that is not well formed to the last field is nothing. It never becomes larger by
being damaged: codes that cannot be read are not "no limit".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Grant:
    """One grant, as it was given and not taken back.

    ``resource_id``: ``None`` for the whole dataset, resources to come included. ``codes``: territories
    (``commune:84003``); empty means no limit. Instants are aware; ``ends_at`` is the first one outside.
    ``owner_org``: the organisation that gave it; a dataset that has another owner today is not covered.
    """

    package_id: str
    resource_id: str | None
    owner_org: str
    starts_at: datetime
    ends_at: datetime | None = None
    codes: frozenset[str] = frozenset()


def _instant(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _named(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def is_well_formed(grant: object) -> bool:
    return (
        isinstance(grant, Grant)
        and _named(grant.package_id)
        and (grant.resource_id is None or _named(grant.resource_id))
        and _named(grant.owner_org)
        and _instant(grant.starts_at)
        and (grant.ends_at is None or _instant(grant.ends_at))
        and isinstance(grant.codes, frozenset)
        and all(_named(code) for code in grant.codes)
    )


def covers(grant: Grant, package_id: str | None, resource_id: str | None, owner_org: str | None) -> bool:
    """Is the grant about this resource, and from whoever owns it today? A nameless resource is no one's."""
    return (
        is_well_formed(grant)
        and grant.package_id == package_id
        and grant.owner_org == owner_org
        and (grant.resource_id is None or grant.resource_id == resource_id)
        and _named(resource_id)
    )


def has_begun(grant: Grant, now: datetime) -> bool:
    return grant.starts_at <= now


def is_current(grant: Grant, now: datetime) -> bool:
    return has_begun(grant, now) and (grant.ends_at is None or now < grant.ends_at)


def territory_of(grants: Iterable[Grant]) -> frozenset[str] | None:
    """The codes that several grants give together; ``None``, no limit, as soon as one of them has none."""
    found: set[str] = set()
    for grant in grants:
        if not grant.codes:
            return None
        found |= grant.codes
    return frozenset(found)
