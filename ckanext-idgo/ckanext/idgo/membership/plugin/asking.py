"""Writing a request: what is checked before it exists. It grants nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import IntegrityError

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, Refused
from ckanext.idgo.membership.core.newcomers import read_new
from ckanext.idgo.membership.core.requests import MAX_DAILY, MAX_PENDING, PENDING, read_text
from ckanext.idgo.membership.core.roles import MEMBER, check_rise, read_role
from ckanext.idgo.membership.plugin import people, terms
from ckanext.idgo.membership.plugin.edge import optional
from ckanext.idgo.membership.plugin.model import MembershipRequest, now


def organization_of(reference: str) -> Any:
    """An organisation one may ask to join; ``ObjectNotFound`` where there is none."""
    found = people.organization(reference)
    if found is None or found.approval_status != "approved":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    if people.is_guichet(found):
        raise Refused("guichet-by-invitation", N_("The guichet team is joined by invitation only."))
    return found


def _where(data_dict: dict[str, Any]) -> tuple[Any | None, dict[str, str] | None]:
    reference = optional(data_dict, "organization")
    new = data_dict.get("new_organization")
    if bool(reference) == (new not in (None, "", {})):
        raise BadInput(
            "organization", N_("Choose an organization, or describe the one to be created: one of the two.")
        )
    return (organization_of(reference), None) if reference else (None, read_new(new).as_dict())


def _check_queue(user_id: str, organization: Any | None, new: dict[str, str] | None) -> None:
    waiting = MembershipRequest.of_user(user_id, PENDING).all()
    if len(waiting) >= MAX_PENDING:
        raise Conflict(
            "too-many", N_("You have {most} requests waiting: wait for their answers."), most=MAX_PENDING
        )
    since = now() - timedelta(days=1)
    if MembershipRequest.of_user(user_id).filter(MembershipRequest.created > since).count() >= MAX_DAILY:
        raise Conflict(
            "too-many-today", N_("You have asked {most} times today: go on tomorrow."), most=MAX_DAILY
        )
    for request in waiting:
        same = request.organization_id == organization.id if organization else False
        again = bool(new) and (request.new_organization or {}).get("title", "").casefold() == new[
            "title"
        ].casefold()  # fmt: skip
        if same or again:
            raise Conflict("already-asked", N_("You have already asked: your request is waiting."))


def write(user_id: str, data_dict: dict[str, Any]) -> MembershipRequest:
    """Check and keep a request; commits."""
    version = terms.check_accepted(user_id)
    organization, new = _where(data_dict)
    role = read_role(data_dict.get("role"))
    needed = N_("Say in a few words who you are and why: those who decide read it.")
    message = read_text(data_dict.get("message"), "message", needed)
    if organization:
        check_rise(people.role(user_id, organization.id), role)
    elif role == MEMBER:
        raise BadInput("role", N_("A new organization needs a contributor or a referent."))
    _check_queue(user_id, organization, new)
    request = MembershipRequest(
        user_id=user_id,
        organization_id=organization.id if organization else None,
        new_organization=new,
        role=role,
        message=message,
        terms_version=version,
    )
    model.Session.add(request)
    try:
        model.Session.commit()
    except IntegrityError as error:  # the same request at the same instant
        model.Session.rollback()
        raise Conflict("already-asked", N_("You have already asked: your request is waiting.")) from error
    return request
