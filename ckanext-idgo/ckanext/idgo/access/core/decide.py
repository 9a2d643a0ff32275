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
from functools import cached_property

from ckanext.idgo.access.core.grants import Grant, covers, has_begun, is_current, territory_of
from ckanext.idgo.access.core.tiers import Tier, read_tier

#: Capacities that make an approved member. ``pending`` or any other word is nothing.
CAPACITIES = frozenset({"member", "editor", "admin"})


class Purpose(Enum):
    """What the content is wanted for. One rule for all; only a grant limited to a territory tells them apart:
    it serves what can cut, and nothing else."""

    DOWNLOAD = "download"  # the file, or the address of one
    PREVIEW = "preview"  # a view of it
    DESCRIBE = "describe"  # columns, names, addresses, past versions
    ROWS = "rows"  # rows of a table, by whoever does not cut (datastore)
    SERVICE = "service"  # flux: cut to the territory
    EXTRACT = "extract"  # extraction: cut to the territory


#: Purposes whose service cuts to ``Verdict.clip``. A new purpose does not, until somebody adds it here.
CUTTING = frozenset({Purpose.SERVICE, Purpose.EXTRACT})


class Reason(str, Enum):
    """Stable codes, shown to programs as ``reason`` (``docs/acces.md`` lists them in words)."""

    OPEN = "open"
    MEMBER = "member"
    AUTHOR = "author"
    SYSADMIN = "sysadmin"
    SIGNED_IN = "signed-in"
    GRANTED = "granted"
    LOGIN_REQUIRED = "login-required"
    ACCESS_REQUIRED = "access-required"
    GRANT_ENDED = "grant-ended"
    TERRITORY_LIMITED = "territory-limited"
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


#: Refusals that a request for access can change.
REQUESTABLE = frozenset({Reason.ACCESS_REQUIRED, Reason.GRANT_ENDED, Reason.TERRITORY_LIMITED})


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
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def signed_in(self) -> bool:
        return isinstance(self.id, str) and bool(self.id) and self.active is True

    @cached_property
    def well_formed(self) -> bool:
        held, grants = self.memberships, self.grants
        return (
            isinstance(held, frozenset)
            and all(isinstance(m, Membership) for m in held)
            and isinstance(grants, frozenset)
            and all(isinstance(grant, Grant) for grant in grants)
        )

    @cached_property
    def grants_by_dataset(self) -> dict[str, list[Grant]]:
        """A page asks about many resources: each looks at the grants on its own dataset only."""
        found: dict[str, list[Grant]] = {}
        for grant in self.grants:
            if isinstance(grant.package_id, str):
                found.setdefault(grant.package_id, []).append(grant)
        return found


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
    package_id: str | None = None
    resource_id: str | None = None

    @property
    def published(self) -> bool:
        return self.dataset_state == "active" and self.dataset_private is False

    @property
    def owner_open(self) -> bool:
        return self.owner_org_state == "active" and self.owner_org_approved is True


@dataclass(frozen=True)
class Verdict:
    """``clip``: codes of the territory a grant is limited to, for services that can cut; ``None``: no limit.

    Where it is not ``None``, an allowed verdict is good for what lies inside only; a refused one says what
    the viewer may have by another way.
    """

    allowed: bool
    reason: Reason
    clip: frozenset[str] | None = None


@dataclass(frozen=True)
class Question:
    """What a ground looks at."""

    viewer: Viewer
    facts: ResourceFacts
    purpose: Purpose
    now: datetime


#: A ground allows, or has nothing to say.
Ground = Callable[[Question], Verdict | None]


def _as_sysadmin(q: Question) -> Verdict | None:
    return Verdict(True, Reason.SYSADMIN) if q.viewer.signed_in and q.viewer.sysadmin is True else None


def _as_member(q: Question) -> Verdict | None:
    if not q.viewer.signed_in or not q.facts.owner_org or not q.facts.owner_open:
        return None
    for m in q.viewer.memberships:
        if m.organisation_id == q.facts.owner_org and m.state == "active" and m.capacity in CAPACITIES:
            return Verdict(True, Reason.MEMBER)
    return None


def _as_author(q: Question) -> Verdict | None:
    """The author of a draft that no organisation owns yet: CKAN lets nobody else see it."""
    unowned_draft = q.facts.dataset_state == "draft" and not q.facts.owner_org
    if q.viewer.signed_in and unowned_draft and q.viewer.id == q.facts.creator_id:
        return Verdict(True, Reason.AUTHOR)
    return None


def _as_anyone(q: Question) -> Verdict | None:
    return Verdict(True, Reason.OPEN) if q.facts.published else None


def _as_signed_in(q: Question) -> Verdict | None:
    """Any active account. Nothing of an organisation that was closed, and nothing before publication."""
    closed = bool(q.facts.owner_org) and not q.facts.owner_open
    return (
        Verdict(True, Reason.SIGNED_IN) if q.viewer.signed_in and q.facts.published and not closed else None
    )


def _grants(q: Question) -> list[Grant]:
    """The viewer's grants on this resource, past ones included; none where nobody could give any."""
    facts = q.facts
    if not (q.viewer.signed_in and facts.published and facts.owner_org and facts.owner_open):
        return []
    held = q.viewer.grants_by_dataset.get(facts.package_id or "", [])
    found = [g for g in held if covers(g, facts.package_id, facts.resource_id, facts.owner_org)]
    return [grant for grant in found if has_begun(grant, q.now)]


def _as_granted(q: Question) -> Verdict | None:
    current = [grant for grant in _grants(q) if is_current(grant, q.now)]
    if not current:
        return None
    clip = territory_of(current)
    return Verdict(True, Reason.GRANTED, clip) if clip is None or q.purpose in CUTTING else None


#: The whole rule. Owners first: what is lent to others is not lent to them (``locators.lend``).
GROUNDS: dict[Tier, tuple[Ground, ...]] = {
    Tier.OPEN: (_as_anyone, _as_member, _as_author, _as_sysadmin),
    Tier.AUTHENTICATED: (_as_member, _as_author, _as_sysadmin, _as_signed_in),
    Tier.RESTRICTED: (_as_member, _as_author, _as_sysadmin, _as_granted),
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
        and viewer.well_formed
    )


def _why_refused(q: Question, tier: Tier | None) -> Verdict:
    if q.viewer.active is not True:
        return Verdict(False, Reason.INACTIVE_USER)
    if tier is None:
        return Verdict(False, Reason.MALFORMED_TIER)
    if not q.facts.published:
        return Verdict(False, Reason.UNPUBLISHED)
    if q.facts.owner_org and not q.facts.owner_open:
        return Verdict(False, Reason.ORGANISATION_CLOSED)
    if tier is Tier.AUTHENTICATED:
        return Verdict(False, Reason.LOGIN_REQUIRED)
    if not q.facts.owner_org:
        return Verdict(False, Reason.MEMBERS_ONLY)
    return _why_not_granted(q)


def _why_not_granted(q: Question) -> Verdict:
    grants = _grants(q)
    current = [grant for grant in grants if is_current(grant, q.now)]
    if current:
        return Verdict(False, Reason.TERRITORY_LIMITED, territory_of(current))
    return Verdict(False, Reason.GRANT_ENDED if grants else Reason.ACCESS_REQUIRED)


def decide(viewer: Viewer, resource: ResourceFacts, purpose: Purpose, now: datetime) -> Verdict:
    """May ``viewer`` have the content of ``resource`` at ``now`` (aware datetime)? Never raises.

    Open to all once published; ``authenticated`` to any active account; ``restricted`` to members of the
    owning organisation (any capacity of an active membership) and to those it granted; always to CKAN's
    sysadmins. The first ground that allows gives the reason; their order changes nothing else.
    """
    if not _well_formed(viewer, resource, purpose, now):
        return Verdict(False, Reason.MALFORMED_REQUEST)
    question = Question(viewer, resource, purpose, now)
    if resource.resource_state == "deleted" or resource.dataset_state == "deleted":
        return _as_sysadmin(question) or Verdict(False, Reason.RESOURCE_DELETED)
    tier = read_tier(resource.tier, resource.dataset_tier)
    for ground in GROUNDS[tier] if tier else GROUNDS_IF_MALFORMED:
        verdict = ground(question)
        if verdict is not None:
            return verdict
    return _why_refused(question, tier)
