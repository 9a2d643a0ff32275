"""Actions ``idgo_membership_…`` (ADR 0006, ``docs/api.md``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.plugin.envelope import all_or_nothing
from ckanext.idgo.membership.core import requests
from ckanext.idgo.membership.core import terms as texts
from ckanext.idgo.membership.core.requests import decides_for
from ckanext.idgo.membership.plugin import asking, auth, deciding, describing, events, leaving, people, terms
from ckanext.idgo.membership.plugin.edge import flag, identifier, optional, page
from ckanext.idgo.membership.plugin.model import MembershipRequest


@tk.side_effect_free
@all_or_nothing
def idgo_membership_terms_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The terms of use: those in force, or a ``version``; ``lang`` is ``fr`` or ``en``.

    :returns: ``{"version", "current": bool, "language", "text" (Markdown), "accepted_at": time or None}``
    """
    tk.check_access("idgo_membership_terms_show", context, data_dict)
    current = terms.current()
    version, language = data_dict.get("version") or current, data_dict.get("lang") or "fr"
    found = texts.read(str(version), str(language))
    user = auth.visitor(context)
    accepted = terms.TermsAcceptance.of(user.id, found.version) if user else None
    return {
        "version": found.version,
        "current": found.version == current,
        "language": found.language,
        "text": found.text,
        "accepted_at": describing.moment(accepted.accepted_at if accepted else None),
    }


@all_or_nothing
def idgo_membership_terms_accept(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Accept the terms in force. ``version`` says which were read: another one is refused.

    :returns: ``{"version", "accepted_at"}``
    """
    user = auth.caller(context, "terms_accept", data_dict)
    kept = terms.accept(user.id, str(tk.get_or_bust(data_dict, "version")))
    return {"version": kept.version, "accepted_at": describing.moment(kept.accepted_at)}


@all_or_nothing
def idgo_membership_request_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask for a role: ``organization`` (id or name) *or* ``new_organization`` (``{title, siren?, website?,
    description?}``), ``role`` (``member``, ``editor``, ``admin``), ``message``. Grants nothing.

    Needs the terms in force accepted.
    """
    user = auth.caller(context, "request_create", data_dict)
    request = asking.write(user.id, data_dict)
    events.requested(request)
    return describing.base(request)


def _state(data_dict: dict[str, Any]) -> str | None:
    state = data_dict.get("state") or None
    if state is not None and state not in requests.STATES:
        raise BadInput("state", N_("Unknown state."))
    return state


def _queue(person: requests.Person, data_dict: dict[str, Any], state: str | None) -> Any:
    """The query behind a list: mine, an organisation's, or the guichet's (without referent, and new ones)."""
    reference = optional(data_dict, "organization")
    if reference:
        organization = people.organization(reference)
        if organization is None or not decides_for(person, people.place(organization.id)):
            raise tk.ObjectNotFound()
        return MembershipRequest.for_organization(organization.id, state)
    if flag(data_dict, "guichet"):
        if not (person.guichet or person.sysadmin):
            raise tk.ObjectNotFound()
        return MembershipRequest.for_guichet(people.led(), state)
    return MembershipRequest.of_user(person.id, state)


@tk.side_effect_free
@all_or_nothing
def idgo_membership_request_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One's own requests; with ``organization``, those one decides there; with ``guichet`` true, those for
    organizations without a referent and for new ones (guichet team). ``state``, ``offset``, ``limit`` (100).

    :returns: ``{"count", "results"}``
    """
    user = auth.caller(context, "request_list", data_dict)
    person = people.person(user)
    offset, limit = page(data_dict)
    query = _queue(person, data_dict, _state(data_dict))
    rows = query.offset(offset).limit(limit)
    return {"count": query.count(), "results": [describing.full(row, person) for row in rows]}


@tk.side_effect_free
@all_or_nothing
def idgo_membership_request_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One request, for whoever asked and those who decide: they also see who asks, and from where."""
    user = auth.caller(context, "request_show", data_dict)
    person = people.person(user)
    return describing.full(deciding.visible(identifier(data_dict, "id"), person), person)


@all_or_nothing
def idgo_membership_request_decide(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """``decision``: ``accept`` (with another ``role`` if need be) or ``refuse`` (``reason`` needed).

    By the organization's referents, else the guichet team; never by whoever asked. The second of two
    decisions is refused.
    """
    user = auth.caller(context, "request_decide", data_dict)
    person = people.person(user)
    request = deciding.held(identifier(data_dict, "id"), person)
    deciding.decide(request, person, data_dict)
    events.decided(request)
    return describing.full(request, person)


@all_or_nothing
def idgo_membership_request_withdraw(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take back one's own request while it waits."""
    user = auth.caller(context, "request_withdraw", data_dict)
    person = people.person(user)
    request = deciding.held(identifier(data_dict, "id"), person)
    if request.user_id != person.id:
        raise tk.NotAuthorized(tk._("Only the person who asked takes a request back."))
    request.decided(requests.after(request.state, requests.WITHDRAW), person.id)
    model.Session.commit()
    return describing.base(request)


@all_or_nothing
def idgo_membership_leave(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Leave ``organization`` (or take its member ``user`` out: referents). Rights end at once; datasets stay.

    ``successor``: a member who becomes referent in the same step. The last referent needs one, unless a
    sysadmin says ``without_successor`` true.
    """
    caller = auth.caller(context, "leave", data_dict)
    organization = people.organization(identifier(data_dict, "organization"))
    if organization is None:
        raise tk.ObjectNotFound()
    user = leaving.leave(organization, people.person(caller), caller.name, data_dict)
    return {"organization": describing.organization(organization), "user": user.id}


@tk.side_effect_free
@all_or_nothing
def idgo_membership_referents_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Who decides for ``organization``: ``{"count", "decided_by": "referents" or "guichet", "referents"}``.

    Names (``[{"id", "name", "fullname"}]``) for its members and those who decide; else an empty list.
    """
    user = auth.caller(context, "referents_list", data_dict)
    organization = people.organization(identifier(data_dict, "organization"))
    if organization is None:
        raise tk.ObjectNotFound()
    place = people.place(organization.id)
    inside = people.role(user.id, organization.id) or decides_for(people.person(user), place)
    led = [one for one, role in people.members(organization.id) if role == "admin"] if inside else []
    return {
        "count": len(place.referents),
        "decided_by": "guichet" if place.orphan else "referents",
        "referents": [{"id": u.id, "name": u.name, "fullname": u.fullname or u.name} for u in led],
    }


def functions() -> dict[str, Callable[..., Any]]:
    """Every action of this module, by name."""
    return {name: value for name, value in globals().items() if name.startswith("idgo_membership_")}
