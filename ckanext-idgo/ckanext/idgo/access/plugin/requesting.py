"""A request's life: asked, then granted, refused or withdrawn, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from ckan import model
from sqlalchemy import func, select

from ckanext.idgo.access.core import requests as rules
from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.core.requests import Item, includes, items_from
from ckanext.idgo.access.plugin import config, granting, journal, paths, telling, wanted
from ckanext.idgo.access.plugin.deciders import deciders, decides_for, organisation
from ckanext.idgo.access.plugin.model import (
    GRANTED,
    PENDING,
    REFUSED,
    TOLD,
    WITHDRAWN,
    AccessGrant,
    AccessRequest,
    utcnow,
)
from ckanext.idgo.access.plugin.verdicts import now
from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, NotThere, Refused
from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.core.territories import Territories

Data = Mapping[str, Any]


@contextmanager
def undone_on_error() -> Iterator[None]:
    """A lock must not outlive the refusal that was raised while holding it."""
    try:
        yield
    except Exception:
        model.Session.rollback()
        raise


def _absent() -> NotThere:
    return NotThere("unknown-request", N_("This request does not exist."))


def visible(viewer: Viewer, request_id: object) -> tuple[AccessRequest, bool]:
    """The request and whether the viewer decides it; ``NotThere`` for all but its requester and deciders."""
    request = AccessRequest.get(request_id)
    if request is not None and viewer.signed_in:
        decider = decides_for(viewer, request.organization_id)
        if decider or request.requester_id == viewer.id:
            return request, decider
    raise _absent()


def create(viewer: Viewer, data: Data) -> AccessRequest:
    """Ask. Raises ``BadInput``, ``Conflict`` or ``NotThere`` (``docs/api.md``)."""
    purpose = rules.read_purpose(data.get("purpose"))
    message = rules.read_text(data.get("message"), "message", N_("Write what you will do with the data."))
    codes = rules.read_codes(data.get("territory"), Territories.load())
    until = rules.read_until(data.get("until"), now(), config.max_days())
    for_organization = _own_organisation(viewer, data.get("for_organization"))
    rules.read_accepted(data.get("accept_license"))
    renewed = _renewed(viewer, data.get("renews"))
    asked = _asked(data, renewed)
    if renewed is None:
        wanted.must_be_worth_asking(viewer, asked.items)
    with undone_on_error():
        _make_room(viewer, asked.items)
        request = AccessRequest(
            requester_id=viewer.id,
            organization_id=asked.owner,
            for_organization=for_organization,
            items=[item.as_dict() for item in asked.items],
            purpose=purpose,
            message=message,
            codes=codes,
            until=until,
            license_ids=list(asked.license_ids),
            license_accepted_at=utcnow(),
            reminded=[TOLD],
            renews=renewed.id if renewed else None,
        )
        _keep_new(request)
    return request


def _keep_new(request: AccessRequest) -> None:
    model.Session.add(request)
    model.Session.flush()
    journal.write_request("requested", request, request.requester_id, reason=request.message)
    news = journal.News()
    news.add(
        Event(
            kind="access.requested",
            recipients=deciders(request.organization_id, besides=request.requester_id),
            actor_id=request.requester_id,
            facts=telling.of_request(request),
            path=paths.request(request.id),
            key=f"access.requested:{request.id}",
        )
    )
    news.commit_and_send()


def _own_organisation(viewer: Viewer, given: object) -> str | None:
    if given in (None, ""):
        return None
    found = organisation(given)
    if found is None or not any(m.organisation_id == found.id for m in viewer.memberships):
        raise BadInput("for_organization", N_("You are not a member of this organization."))
    return found.id


def _renewed(viewer: Viewer, given: object) -> AccessGrant | None:
    """The grant to renew: the viewer's own or their organisation's, over or not, but not taken back."""
    if given in (None, ""):
        return None
    grant = AccessGrant.get(given)
    if grant is None or not granting.holds(viewer, grant):
        raise BadInput("renews", N_("This access is not yours."))
    if grant.revoked_at is not None:
        raise BadInput("renews", N_("This access was taken back: make a new request."))
    return grant


def _asked(data: Data, renewed: AccessGrant | None) -> wanted.Wanted:
    dataset, resources = data.get("dataset"), data.get("resources")
    if renewed is None:
        return wanted.resolve(dataset, resources)
    of_grant = (renewed.package_id, None) if renewed.resource_id is None else (None, [renewed.resource_id])
    found = wanted.resolve(*of_grant)
    if (dataset or resources) and wanted.resolve(dataset, resources).items != found.items:
        raise BadInput("renews", N_("This access is about something else."))
    return found


def _make_room(viewer: Viewer, items: tuple[Item, ...]) -> None:
    """One person's requests follow one another, so that two clicks are not two requests."""
    model.Session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"idgo_access:{viewer.id}"))))
    pending = list(
        model.Session.query(AccessRequest).filter(
            AccessRequest.requester_id == viewer.id, AccessRequest.state == PENDING
        )
    )
    for other in pending:
        if includes(items_from(other.items), items):
            raise Conflict(
                "already-asked",
                N_("You already asked for this on {date}: request {id}."),
                date=other.created.date().isoformat(),
                id=other.id,
            )
    if len(pending) >= config.pending_per_user():
        raise Conflict(
            "too-many-requests",
            N_("{count} of your requests wait for an answer: withdraw one, or wait."),
            count=len(pending),
        )


def _locked(request_id: object) -> AccessRequest:
    request = AccessRequest.get(request_id, lock=True)
    if request is None:
        raise _absent()
    if request.state != PENDING:
        raise Conflict(
            "already-decided",
            N_("This request was already dealt with on {date}."),
            date=(request.decided_at or request.created).date().isoformat(),
        )
    return request


def withdraw(viewer: Viewer, request_id: object) -> AccessRequest:
    if visible(viewer, request_id)[0].requester_id != viewer.id:
        raise Refused("not-yours", N_("Only who asked can withdraw a request."))
    with undone_on_error():
        request = _locked(request_id)
        request.state, request.decided_at, request.decided_by = WITHDRAWN, utcnow(), viewer.id
        journal.write_request("withdrawn", request, viewer.id)
        model.Session.commit()
    return request


def decide(viewer: Viewer, data: Data) -> AccessRequest:
    """Grant or refuse, once: the row is held until the decision is committed."""
    request, decider = visible(viewer, data.get("id"))
    if request.requester_id == viewer.id:
        raise Refused("own-request", N_("Nobody decides their own request."))
    if not decider:
        raise _absent()
    decision = rules.read_choice(data.get("decision"), "decision", ("grant", "refuse"))
    with undone_on_error():
        request = _locked(request.id)
        if not decides_for(viewer, request.organization_id):
            raise _absent()
        request.decided_at, request.decided_by = utcnow(), viewer.id
        _grant(request, viewer, data) if decision == "grant" else _refuse(request, viewer, data)
    return request


def _refuse(request: AccessRequest, viewer: Viewer, data: Data) -> None:
    reason = rules.read_text(data.get("reason"), "reason", N_("Say why: the person who asked reads it."))
    request.state, request.decision_reason = REFUSED, reason
    journal.write_request("refused", request, viewer.id, reason=reason)
    _answer(request, "access.refused", viewer, {**telling.of_items(request), "reason": reason})


def _optional_reason(data: Data) -> str | None:
    return rules.read_text(data["reason"], "reason", "") if data.get("reason") else None


def _grant(request: AccessRequest, viewer: Viewer, data: Data) -> None:
    terms = _terms(request, data)
    items = _items_given(request, data.get("resources"))
    grantee = _grantee(request, data.get("grantee"))
    granting.must_not_gain(viewer, request.organization_id, grantee)
    reason = _optional_reason(data)
    request.state, request.decision_reason = GRANTED, reason
    given = granting.Given(items, request.organization_id, grantee, terms, viewer.id, reason, request)
    granting.give(given)
    facts = {**telling.of_items(request, items), **telling.of_terms(terms), "reason": reason or ""}
    _answer(request, "access.granted", viewer, facts)


def _terms(request: AccessRequest, data: Data) -> granting.Terms:
    """What the decider did not say is as asked; an empty date or territory is no limit, and is their word."""
    until: date | None = request.until
    if data.get("until") is not None:
        until = rules.read_until(data["until"], now(), config.max_days())
    elif until is not None:
        until = rules.read_until(until.isoformat(), now(), config.max_days())
    codes = request.codes
    if data.get("territory") is not None:
        codes = rules.read_codes(data["territory"], Territories.load())
    return granting.Terms(tuple(codes), until)


def _items_given(request: AccessRequest, given: object) -> tuple[Item, ...]:
    """What of the request is given: all of it, or the ``resources`` named, which must lie within it.

    What is no longer there, or no longer the organisation's, cannot be given.
    """
    asked = items_from(request.items)
    chosen = asked if given is None else wanted.resolve(None, given).items
    if not includes(asked, chosen):
        raise BadInput("resources", N_("These resources were not asked for."))
    items = granting.still_owned(chosen, request.organization_id)
    if not items or (given is not None and len(items) < len(chosen)):
        raise BadInput("resources", N_("This is no longer published by your organization."))
    return items


def _grantee(request: AccessRequest, given: object) -> tuple[str, str]:
    """To whom: as asked, unless said. An organisation is given access only if it was asked for."""
    default = "organization" if request.for_organization else "person"
    choice = rules.read_choice(given or default, "grantee", ("person", "organization"))
    if choice == "person":
        return granting.active_user(request.requester_id, "grantee")
    if not request.for_organization:
        raise BadInput("grantee", N_("This request was not made for an organization."))
    return granting.active_organisation(request.for_organization, "grantee")


def _answer(request: AccessRequest, kind: str, viewer: Viewer, facts: dict[str, str]) -> None:
    news = journal.News()
    news.add(
        Event(
            kind=kind,
            recipients=(request.requester_id,),
            actor_id=viewer.id,
            facts=facts,
            path=paths.request(request.id),
            key=f"{kind}:{request.id}",
        )
    )
    news.commit_and_send()
