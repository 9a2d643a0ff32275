"""A request as the API and the pages show it: more to whoever decides than to the person who asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ckan import model

from ckanext.idgo.membership.core import newcomers
from ckanext.idgo.membership.core.newcomers import Known
from ckanext.idgo.membership.core.requests import PENDING, Person, may_decide
from ckanext.idgo.membership.plugin import people
from ckanext.idgo.membership.plugin.model import MembershipRequest


def moment(value: datetime | None) -> str | None:
    """ISO 8601, UTC."""
    return f"{value.isoformat()}Z" if value else None


def organization(found: Any | None) -> dict[str, Any] | None:
    return {"id": found.id, "name": found.name, "title": found.title or found.name} if found else None


def _by(request: MembershipRequest) -> str | None:
    """Who decided, by their part: people's names are nobody's business but those who decide."""
    if not request.decided_by:
        return None
    if request.decided_by == request.user_id:
        return "requester"
    if request.new_organization:
        return "guichet"
    if people.role(request.decided_by, request.organization_id or "") == "admin":
        return "referent"
    return "guichet" if request.decided_by in people.guichet_team() | people.sysadmins() else "referent"


def base(request: MembershipRequest) -> dict[str, Any]:
    """What the requester sees."""
    place = model.Group.get(request.organization_id) if request.organization_id else None
    return {
        "id": request.id,
        "state": request.state,
        "role": request.role,
        "message": request.message,
        "organization": organization(place),
        "new_organization": request.new_organization,
        "terms_version": request.terms_version,
        "created": moment(request.created),
        "decided_at": moment(request.decided_at),
        "decided_by": _by(request),
        "decided_role": request.decided_role,
        "decision_reason": request.decision_reason or "",
    }


def requester(user_id: str) -> dict[str, Any] | None:
    """Who asks and from where, for whoever decides; None when the account is gone."""
    user = model.User.get(user_id)
    if user is None:
        return None
    return {
        "id": user.id,
        "name": user.name,
        "fullname": user.fullname or user.name,
        "email": user.email,
        "active": user.state == "active",
        "organizations": [
            {**(organization(group) or {}), "role": role} for group, role in people.memberships(user.id)
        ],
    }


def duplicates(new: dict[str, str], known: list[Known] | None = None) -> list[dict[str, str]]:
    """Organisations of the catalogue that may be the one asked for."""
    wanted = newcomers.NewOrganization(**new)
    found = newcomers.near_duplicates(wanted, people.known() if known is None else known)
    return [{"id": one.id, "name": one.name, "title": one.title or one.name} for one in found]


def full(request: MembershipRequest, viewer: Person) -> dict[str, Any]:
    """As ``viewer`` may see it: ``can_decide`` says which of the two they get."""
    shown = base(request)
    decides = may_decide(viewer, people.place_of(request), request.user_id)
    shown["can_decide"] = decides and request.state == PENDING
    if decides:
        shown["requester"] = requester(request.user_id)
        if request.new_organization and request.state == PENDING:
            shown["near_duplicates"] = duplicates(request.new_organization)
    return shown
