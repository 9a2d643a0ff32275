"""Template helpers of the room's pages and of the account menu."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.membership.plugin import events, people, words
from ckanext.idgo.membership.plugin.model import MembershipRequest


def idgo_membership_role(code: str | None) -> str:
    return words.role(code)


def idgo_membership_role_gives(code: str) -> str:
    return words.role_gives(code)


def idgo_membership_state(code: str) -> dict[str, str]:
    return words.state(code)


def idgo_membership_waiting(created: str) -> dict[str, Any]:
    return words.waiting(created)


def idgo_membership_decided_by(part: str | None) -> str:
    return words.decided_by(part)


def idgo_membership_queues() -> list[dict[str, Any]]:
    """Where the person looking at the page decides: ``{"title", "url", "count"}`` for each queue."""
    user = tk.current_user
    if user.is_anonymous:
        return []
    queues = []
    for organization, role in people.memberships(user.id):
        if role == "admin" and not people.is_guichet(organization):
            count = MembershipRequest.for_organization(organization.id, "pending").count()
            url = tk.h.url_for("idgo_adhesions.queue", name=organization.name)
            queues.append({"title": organization.title or organization.name, "url": url, "count": count})
    if user.id in people.guichet_team():
        count = MembershipRequest.for_guichet(people.led(), "pending").count()
        queues.append(
            {"title": tk._("Guichet"), "url": tk.h.url_for("idgo_adhesions.guichet"), "count": count}
        )
    return queues


def idgo_membership_reminder_days() -> str:
    """``3 et 7``: after how many days those who decide are reminded."""
    days = [str(day) for day in sorted(set(events.reminder_days()))]
    last = days.pop() if days else ""
    return tk._("{some} and {last}").format(some=", ".join(days), last=last) if days else last


def idgo_membership_leads(organization_id: str) -> bool:
    """Whether the person looking at the page is a referent of an organisation."""
    return not tk.current_user.is_anonymous and tk.current_user.id in people.referents(organization_id)


def idgo_membership_may_join(organization_id: str) -> bool:
    """Whether to offer joining: an organisation one is not in yet, and not the guichet's."""
    organization = people.organization(organization_id)
    if organization is None or people.is_guichet(organization):
        return False
    return tk.current_user.is_anonymous or people.role(tk.current_user.id, organization.id) is None


def functions() -> dict[str, Any]:
    return {name: value for name, value in globals().items() if name.startswith("idgo_membership_")}
