"""``decide``: the one function that says whether somebody may have the content of a resource.

Pure and fail-closed: whatever it does not recognise is refused, with a stable reason. "Content" is the URL,
the file, its name and hash, columns, rows, features, past versions. Metadata of a published dataset is public
in every tier (INSPIRE, directive 2007/2/CE, art. 11) and needs no decision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from ckanext.idgo.access.core.tiers import Tier, read_tier

#: Capacities that make an approved member. ``pending`` or any other word is nothing.
CAPACITIES = frozenset({"member", "editor", "admin"})


class Purpose(Enum):
    """What the content is wanted for. All obey the same rule today; a clipped grant will tell them apart."""

    DOWNLOAD = "download"
    PREVIEW = "preview"
    SERVICE = "service"
    DESCRIBE = "describe"


class Reason(str, Enum):
    """Stable codes, shown to programs as ``reason`` (``docs/acces.md`` lists them in words)."""

    OPEN = "open"
    MEMBER = "member"
    AUTHOR = "author"
    SYSADMIN = "sysadmin"
    LOGIN_REQUIRED = "login-required"
    MEMBERS_ONLY = "members-only"
    UNPUBLISHED = "unpublished"
    MALFORMED_TIER = "malformed-tier"
    INACTIVE_USER = "inactive-user"
    ORGANISATION_CLOSED = "organisation-closed"
    RESOURCE_DELETED = "resource-deleted"
    EDITORS_ONLY = "editors-only"
    TOKEN_SCOPE = "token-scope"  # noqa: S105 (a code, no secret)
    UNKNOWN_RESOURCE = "unknown-resource"
    MALFORMED_REQUEST = "malformed-request"


@dataclass(frozen=True)
class Membership:
    """One line of an organisation's members, as stored; ``state`` is CKAN's (``active``, ``pending``…)."""

    organisation_id: str
    capacity: str
    state: str = "active"


@dataclass(frozen=True)
class Viewer:
    """Who asks. ``Viewer()`` is somebody who has not signed in."""

    id: str | None = None
    active: bool = True
    sysadmin: bool = False
    memberships: frozenset[Membership] = field(default_factory=frozenset)
    guichet: bool = False

    @property
    def signed_in(self) -> bool:
        return isinstance(self.id, str) and bool(self.id) and self.active is True


ANONYMOUS = Viewer()


@dataclass(frozen=True)
class ResourceFacts:
    """What the decision needs of a resource. The tiers are the values as found, of any type."""

    tier: object
    dataset_tier: object
    owner_org: str | None
    owner_org_state: str | None = "active"
    owner_org_approved: bool = True
    dataset_state: str = "active"
    dataset_private: bool = False
    resource_state: str = "active"
    creator_id: str | None = None


@dataclass(frozen=True)
class Verdict:
    """``clip``: the territory a grant is limited to (GeoJSON, WGS 84), for services that can cut."""

    allowed: bool
    reason: Reason
    clip: dict | None = None


Ground = Callable[[Viewer, ResourceFacts, datetime], Verdict | None]


def _as_sysadmin(viewer: Viewer, facts: ResourceFacts, now: datetime) -> Verdict | None:
    return Verdict(True, Reason.SYSADMIN) if viewer.signed_in and viewer.sysadmin is True else None


def _organisation_open(facts: ResourceFacts) -> bool:
    return facts.owner_org_state == "active" and facts.owner_org_approved is True


def _as_member(viewer: Viewer, facts: ResourceFacts, now: datetime) -> Verdict | None:
    if not viewer.signed_in or not facts.owner_org or not _organisation_open(facts):
        return None
    for m in viewer.memberships:
        if m.organisation_id == facts.owner_org and m.state == "active" and m.capacity in CAPACITIES:
            return Verdict(True, Reason.MEMBER)
    return None


def _as_author(viewer: Viewer, facts: ResourceFacts, now: datetime) -> Verdict | None:
    """The author of a draft that no organisation owns yet: CKAN lets nobody else see it."""
    unowned_draft = facts.dataset_state == "draft" and not facts.owner_org
    if viewer.signed_in and unowned_draft and viewer.id == facts.creator_id:
        return Verdict(True, Reason.AUTHOR)
    return None


def _as_anyone(viewer: Viewer, facts: ResourceFacts, now: datetime) -> Verdict | None:
    published = facts.dataset_state == "active" and facts.dataset_private is False
    return Verdict(True, Reason.OPEN) if published else None


#: The whole rule. Issue 4 adds ``_as_signed_in`` to AUTHENTICATED and ``_as_granted`` to RESTRICTED.
GROUNDS: dict[Tier, tuple[Ground, ...]] = {
    Tier.OPEN: (_as_anyone, _as_member, _as_author, _as_sysadmin),
    Tier.AUTHENTICATED: (_as_member, _as_author, _as_sysadmin),
    Tier.RESTRICTED: (_as_member, _as_author, _as_sysadmin),
}
#: Somebody must be able to look at a value nobody understands, and mend it.
GROUNDS_IF_MALFORMED: tuple[Ground, ...] = (_as_sysadmin,)


def _well_formed(viewer: object, facts: object, purpose: object, now: object) -> bool:
    return (
        isinstance(viewer, Viewer)
        and isinstance(facts, ResourceFacts)
        and isinstance(purpose, Purpose)
        and isinstance(now, datetime)
        and now.tzinfo is not None
        and isinstance(viewer.memberships, frozenset)
        and all(isinstance(m, Membership) for m in viewer.memberships)
    )


def _why_refused(viewer: Viewer, facts: ResourceFacts, tier: Tier | None) -> Reason:
    if viewer.active is not True:
        return Reason.INACTIVE_USER
    if tier is None:
        return Reason.MALFORMED_TIER
    if facts.dataset_state != "active" or facts.dataset_private is not False:
        return Reason.UNPUBLISHED
    if facts.owner_org and not _organisation_open(facts):
        return Reason.ORGANISATION_CLOSED
    if tier is Tier.AUTHENTICATED and not viewer.signed_in:
        return Reason.LOGIN_REQUIRED
    return Reason.MEMBERS_ONLY


def decide(viewer: Viewer, resource: ResourceFacts, purpose: Purpose, now: datetime) -> Verdict:
    """May ``viewer`` have the content of ``resource`` at ``now`` (aware datetime)? Never raises.

    Issue 3: a resource that is not open is refused to all but members of the owning organisation (any
    capacity of an active membership) and CKAN's sysadmins. Issue 4 extends ``GROUNDS``.
    """
    if not _well_formed(viewer, resource, purpose, now):
        return Verdict(False, Reason.MALFORMED_REQUEST)
    if resource.resource_state == "deleted" or resource.dataset_state == "deleted":
        return _as_sysadmin(viewer, resource, now) or Verdict(False, Reason.RESOURCE_DELETED)
    tier = read_tier(resource.tier, resource.dataset_tier)
    for ground in GROUNDS[tier] if tier else GROUNDS_IF_MALFORMED:
        verdict = ground(viewer, resource, now)
        if verdict is not None:
            return verdict
    return Verdict(False, _why_refused(viewer, resource, tier))
