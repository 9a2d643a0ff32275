"""Grants: given, taken back, given back, listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ckan import model
from sqlalchemy import and_, or_

from ckanext.idgo.access.core import requests as rules
from ckanext.idgo.access.core.decide import CAPACITIES, Viewer
from ckanext.idgo.access.core.requests import Item, end_of_day
from ckanext.idgo.access.plugin import config, journal, paths, telling, wanted
from ckanext.idgo.access.plugin.deciders import REFERENT, decides_for, organisation, referents
from ckanext.idgo.access.plugin.model import ORGANIZATION, USER, AccessGrant, AccessRequest, naive, utcnow
from ckanext.idgo.access.plugin.verdicts import now
from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, NotThere, Refused
from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.core.territories import Territories

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Terms:
    """``until``: the last day, in Europe/Paris."""

    codes: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True)
class Given:
    """What is given, by whom, to whom; ``request``: what it answers, if anything."""

    items: tuple[Item, ...]
    owner: str
    grantee: tuple[str, str]
    terms: Terms
    actor_id: str | None
    reason: str | None
    request: AccessRequest | None = None


def give(given: Given) -> list[AccessGrant]:
    """Add the grants and their log lines to the session; the caller commits."""
    starts_at = utcnow()
    ends_at = naive(end_of_day(given.terms.until)) if given.terms.until else None
    made = []
    for item in given.items:
        package = model.Package.get(item.package_id)
        grant = AccessGrant(
            package_id=item.package_id,
            resource_id=item.resource_id,
            organization_id=given.owner,
            grantee_type=given.grantee[0],
            grantee_id=given.grantee[1],
            codes=list(given.terms.codes),
            starts_at=starts_at,
            ends_at=ends_at,
            granted_by=given.actor_id,
            reason=given.reason,
            request_id=given.request.id if given.request else None,
            license_id=package.license_id if package else None,
            license_accepted_at=given.request.license_accepted_at if given.request else None,
        )
        model.Session.add(grant)
        made.append(grant)
    model.Session.flush()
    until = given.terms.until.isoformat() if given.terms.until else None
    for grant in made:
        codes = list(given.terms.codes)
        journal.write_grant("granted", grant, given.actor_id, reason=given.reason, until=until, codes=codes)
    return made


def still_owned(items: Iterable[Item], owner: str) -> tuple[Item, ...]:
    """Those of the items that are published, and this organisation's, today."""
    kept = []
    for item in items:
        package = model.Package.get(item.package_id)
        resource: Any = model.Resource.get(item.resource_id) if item.resource_id else None
        if package is None or package.owner_org != owner:
            continue
        published = package.state == "active" and package.private is False
        there = item.resource_id is None or (resource is not None and resource.state == "active")
        if published and there:
            kept.append(item)
    return tuple(kept)


def active_user(name_or_id: object, field: str) -> tuple[str, str]:
    usable = isinstance(name_or_id, str) and name_or_id and "\x00" not in name_or_id
    found = model.User.get(str(name_or_id)) if usable else None
    if found is None or found.state != "active":
        raise BadInput(field, N_("This account does not exist, or is closed."))
    return USER, found.id


def active_organisation(name_or_id: object, field: str) -> tuple[str, str]:
    found = organisation(name_or_id)
    if found is None or found.approval_status != "approved":
        raise BadInput(field, N_("This organization does not exist, or is closed."))
    return ORGANIZATION, found.id


def create(viewer: Viewer, data: Data) -> list[AccessGrant]:
    """Give without a request, with a reason. Raises ``BadInput``, ``NotThere``, ``Refused``."""
    found = wanted.resolve(data.get("dataset"), data.get("resources"))
    if not decides_for(viewer, found.owner):
        raise Refused("not-decider", N_("Only the referents of the owner give access to its data."))
    grantee = _grantee(viewer, data, found.owner)
    reason = rules.read_text(data.get("reason"), "reason", N_("Say why: the log keeps it."))
    codes = rules.read_codes(data.get("territory"), Territories.load())
    until = rules.read_until(data.get("until"), now(), config.max_days())
    terms = Terms(tuple(codes), until)
    made = give(Given(found.items, found.owner, grantee, terms, viewer.id, reason))
    news = journal.News()
    facts = {**telling.of_grant(made[0]), "dataset": journal.titles(found.package_ids), "reason": reason}
    news.add(_event("access.granted", made[0], viewer, facts))
    news.commit_and_send()
    return made


def _grantee(viewer: Viewer, data: Data, owner: str) -> tuple[str, str]:
    if bool(data.get("user")) == bool(data.get("organization")):
        raise BadInput("user", N_("Name a person or an organization: one of the two."))
    if data.get("organization"):
        found = active_organisation(data["organization"], "organization")
        if found[1] == owner:
            raise BadInput("organization", N_("The owner's members already have access."))
        must_not_gain(viewer, owner, found)
        return found
    found = active_user(data["user"], "user")
    if found[1] == viewer.id:
        raise Refused("own-grant", N_("Nobody gives access to themselves."))
    return found


def must_not_gain(viewer: Viewer, owner: str, grantee: tuple[str, str]) -> None:
    """Raises ``Refused`` where the viewer would have access through their own organisation, who has none as a
    member of the owner's: the guichet team decides where there is no referent, for others."""
    if grantee[0] != ORGANIZATION or viewer.sysadmin is True or _member_of(viewer, owner, CAPACITIES):
        return
    if _member_of(viewer, grantee[1], CAPACITIES):
        raise Refused("own-grant", N_("Nobody gives access to themselves."))


def _event(kind: str, grant: AccessGrant, viewer: Viewer, facts: dict[str, str]) -> Event:
    return Event(
        kind=kind,
        recipients=tuple(person for person in holders(grant) if person != viewer.id),
        actor_id=viewer.id,
        facts=facts,
        path=paths.MY_ACCESS,
        key=f"{kind}:{grant.id}",
    )


def holders(grant: AccessGrant) -> tuple[str, ...]:
    """Whom to tell of a grant (ids): the person; of an organisation, who asked, and its referents."""
    if grant.grantee_type == USER:
        return (grant.grantee_id,)
    found = organisation(grant.grantee_id)
    request = AccessRequest.get(grant.request_id) if grant.request_id else None
    people = [request.requester_id] if request else []
    return tuple(dict.fromkeys([*people, *(referents(found) if found else [])]))


def _member_of(viewer: Viewer, organization_id: str, capacities: frozenset[str]) -> bool:
    return any(
        m.organisation_id == organization_id and m.state == "active" and m.capacity in capacities
        for m in viewer.memberships
    )


def holds(viewer: Viewer, grant: AccessGrant) -> bool:
    if grant.grantee_type == USER:
        return grant.grantee_id == viewer.id
    return _member_of(viewer, grant.grantee_id, CAPACITIES)


def may_give_back(viewer: Viewer, grant: AccessGrant) -> bool:
    """The person; of an organisation, its referents."""
    if grant.grantee_type == USER:
        return grant.grantee_id == viewer.id
    return _member_of(viewer, grant.grantee_id, frozenset({REFERENT}))


def revoke(viewer: Viewer, grant_id: object, given_reason: object) -> tuple[AccessGrant, bool]:
    """Take back, or give back; also whether the viewer decides for the owner. It counts at once.

    Raises ``NotThere`` for what the viewer may not see, ``Refused`` for a member who is no referent,
    ``Conflict`` for what is over already.
    """
    grant = AccessGrant.get(grant_id)
    decider = grant is not None and decides_for(viewer, grant.organization_id)
    if grant is None or not viewer.signed_in or not (decider or holds(viewer, grant)):
        raise NotThere("unknown-grant", N_("This access does not exist."))
    if not decider and not may_give_back(viewer, grant):
        raise Refused("not-referent", N_("Only the referents of your organization can give its access back."))
    missing = N_("Say why: the person who loses access reads it.")
    reason = None if not decider and not given_reason else rules.read_text(given_reason, "reason", missing)
    grant = AccessGrant.get(grant.id, lock=True)
    if grant is None or grant.state(utcnow()) != "current":
        model.Session.rollback()
        raise Conflict("already-over", N_("This access is already over."))
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = utcnow(), viewer.id, reason
    journal.write_grant("revoked" if decider else "given-back", grant, viewer.id, reason=reason)
    news = journal.News()
    if decider:
        facts = {**telling.of_grant(grant), "reason": reason or ""}
        news.add(_event("access.revoked", grant, viewer, facts))
    news.commit_and_send()
    return grant, decider


def of_viewer(viewer: Viewer) -> Any:
    """Condition: grants to the viewer, and to organisations in which they are an active member."""
    groups = [
        m.organisation_id for m in viewer.memberships if m.state == "active" and m.capacity in CAPACITIES
    ]
    return or_(
        and_(AccessGrant.grantee_type == USER, AccessGrant.grantee_id == viewer.id),
        and_(AccessGrant.grantee_type == ORGANIZATION, AccessGrant.grantee_id.in_(groups)),
    )


def in_state(state: str) -> Any:
    """Condition: ``current``, ``ended`` or ``revoked``."""
    at = utcnow()
    if state == "revoked":
        return AccessGrant.revoked_at.isnot(None)
    alive = AccessGrant.revoked_at.is_(None)
    if state == "ended":
        return and_(alive, AccessGrant.ends_at <= at)
    return and_(alive, or_(AccessGrant.ends_at.is_(None), AccessGrant.ends_at > at))
