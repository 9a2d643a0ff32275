"""What the room tells upwards, always after commit (ADR 0006): public words only, people by their ids."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.plugin.signals import noted
from ckanext.idgo.membership.core import requests
from ckanext.idgo.membership.plugin import people
from ckanext.idgo.membership.plugin.model import MembershipRequest, now

MINE, DESK = "/mon-organisme", "/guichet/adhesions"


def queue_path(organization: Any | None) -> str:
    """The page where those who decide find the requests."""
    return f"/organisme/{organization.name}/adhesions" if organization else DESK


def _send(event: Event) -> None:
    if event.recipients:
        noted.send(event.kind, event=event)


def about(request: MembershipRequest) -> tuple[Any | None, dict[str, str]]:
    organization = model.Group.get(request.organization_id) if request.organization_id else None
    title = organization.title or organization.name if organization else ""
    facts = {"organization": title or (request.new_organization or {}).get("title", "")}
    return organization, {**facts, "role": request.decided_role or request.role}


def _deciders(request: MembershipRequest) -> tuple[tuple[str, ...], str]:
    place = people.place_of(request)
    told = requests.recipients(place, request.user_id, people.guichet_team(), people.sysadmins())
    organization = None if place.orphan else model.Group.get(request.organization_id)
    return told, queue_path(organization)


def requested(request: MembershipRequest) -> None:
    told, path = _deciders(request)
    _, facts = about(request)
    _send(Event("membership.requested", told, request.user_id, facts, path, f"membership:{request.id}"))


def waiting(request: MembershipRequest, days: int) -> int:
    """A reminder; gives how many people it was sent to."""
    told, path = _deciders(request)
    _, facts = about(request)
    key = f"membership:{request.id}:{days}"
    _send(Event("membership.waiting", told, None, {**facts, "days": str(days)}, path, key))
    return len(told)


def decided(request: MembershipRequest) -> None:
    """To the requester: accepted or refused, and why."""
    kind = "membership.accepted" if request.state == requests.ACCEPTED else "membership.refused"
    _, facts = about(request)
    facts = {**facts, "reason": request.decision_reason or ""}
    key = f"membership:{request.id}:{request.state}"
    _send(Event(kind, (request.user_id,), request.decided_by, facts, MINE, key))


def left(user_id: str, organization: Any, by: str | None) -> None:
    """To the referents, else the guichet team: the organisation has one person less."""
    place = people.place(organization.id)
    told = requests.recipients(place, user_id, people.guichet_team(), people.sysadmins())
    told = tuple(person for person in told if person != by)
    facts = {"organization": organization.title or organization.name}
    path = DESK if place.orphan else queue_path(organization)
    key = f"membership:{organization.id}:{user_id}:left:{now().isoformat()}"
    _send(Event("membership.left", told, by or user_id, facts, path, key))


def reminder_days() -> list[int]:
    return [int(day) for day in tk.config["ckanext.idgo.membership.reminder_days"]]
