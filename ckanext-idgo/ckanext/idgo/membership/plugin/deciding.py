"""Deciding a request: one row lock, one commit, nothing written to CKAN's ``member`` table before."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, Refused
from ckanext.idgo.membership.core.newcomers import NewOrganization, name_for
from ckanext.idgo.membership.core.requests import ACCEPT, Decision, Person, after, decides_for, read_decision
from ckanext.idgo.membership.core.roles import MEMBER, rank
from ckanext.idgo.membership.plugin import people
from ckanext.idgo.membership.plugin.model import MembershipRequest


def visible(request_id: str, viewer: Person) -> MembershipRequest:
    """A request that this person may see (the requester, those who decide); ``ObjectNotFound`` else."""
    request = MembershipRequest.get(request_id)
    if request is None or not viewer.active:
        raise tk.ObjectNotFound()
    if request.user_id == viewer.id or decides_for(viewer, people.place_of(request)):
        return request
    raise tk.ObjectNotFound()


def held(request_id: str, viewer: Person) -> MembershipRequest:
    """The same, its organisation and then its row held until commit, and judged again under the lock."""
    request = visible(request_id, viewer)
    if request.organization_id:
        people.lock(request.organization_id)
    MembershipRequest.get(request_id, lock=True)
    return visible(request_id, viewer)


def decide(request: MembershipRequest, by: Person, data_dict: dict[str, Any]) -> None:
    """Apply a decision to a request that is held; commits."""
    if request.user_id == by.id:
        raise Refused("own-request", N_("Nobody decides their own request."))
    decision = read_decision(
        data_dict.get("decision"), request.role, data_dict.get("role"), data_dict.get("reason")
    )
    state = after(request.state, decision.act)
    if decision.act == ACCEPT:
        _check_acceptable(request, decision)
    request.decided(state, by.id, decision.role, decision.reason)
    if decision.act == ACCEPT:
        if request.organization_id is None:
            request.organization_id = _create(NewOrganization(**(request.new_organization or {})))
        _join(request, by)
    model.Session.commit()


def _check_acceptable(request: MembershipRequest, decision: Decision) -> None:
    user = model.User.get(request.user_id)
    if user is None or user.state != "active":
        raise Conflict("requester-inactive", N_("This account is closed: the request can only be refused."))
    if request.organization_id is None:
        if decision.role == MEMBER:
            raise BadInput("role", N_("A new organization needs a contributor or a referent."))
        return
    if not people.place(request.organization_id).open:
        raise Conflict(
            "organization-closed", N_("This organization is closed: the request can only be refused.")
        )
    if rank(decision.role) <= rank(people.role(request.user_id, request.organization_id)):
        raise Conflict("role-held", N_("This person already has this role, or a higher one."))


def _as_server() -> Any:
    """CKAN's own account, with nothing committed before the decision is whole."""
    name = str(tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})["name"])
    return {"user": name, "ignore_auth": True, "defer_commit": True}


def _create(new: NewOrganization) -> str:
    """The organisation asked for. CKAN makes whoever creates one its administrator: taken back at once, since
    an organisation's referents are people of it."""
    taken = [row[0] for row in model.Session.query(model.Group.name)]
    extras = [{"key": key, "value": getattr(new, key)} for key in ("siren", "website") if getattr(new, key)]
    context = _as_server()
    fields = {
        "name": name_for(new.title, taken),
        "title": new.title,
        "description": new.description,
        "extras": extras,
    }
    created = tk.get_action("organization_create")(context, fields)
    model.Session.flush()
    rows = model.Session.query(model.Member).filter_by(group_id=created["id"], table_name="user")
    for row in rows:
        row.delete()
    return str(created["id"])


def _join(request: MembershipRequest, by: Person) -> None:
    member = {
        "id": request.organization_id,
        "object": request.user_id,
        "object_type": "user",
        "capacity": request.decided_role,
    }
    decider = model.User.get(by.id)
    context: Any = {"user": decider.name if decider else "", "ignore_auth": True, "defer_commit": True}
    tk.get_action("member_create")(context, member)
