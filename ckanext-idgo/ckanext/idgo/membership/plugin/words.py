"""What the pages say of a role, a state, a wait. Codes stay codes; sentences go through gettext here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.membership.core.requests import ACCEPTED, PENDING, REFUSED, WITHDRAWN
from ckanext.idgo.membership.core.roles import ADMIN, EDITOR, MEMBER
from ckanext.idgo.membership.plugin.model import now


def role(code: str | None) -> str:
    names = {MEMBER: tk._("Member"), EDITOR: tk._("Contributor"), ADMIN: tk._("Referent")}
    return names.get(code or "", tk._("No role"))


def role_gives(code: str) -> str:
    return {
        MEMBER: tk._("Reads the data that the organization keeps for its own people."),
        EDITOR: tk._("Also deposits data in the organization’s name, and keeps it up to date."),
        ADMIN: tk._("Also decides who joins, and who gets restricted data."),
    }[code]


def state(code: str) -> dict[str, str]:
    """``kind`` of ``.state``, icon and words."""
    return {
        PENDING: {"kind": "idle", "icon": "clock", "text": tk._("Waiting for an answer")},
        ACCEPTED: {"kind": "ok", "icon": "circle-check", "text": tk._("Accepted")},
        REFUSED: {"kind": "bad", "icon": "circle-x", "text": tk._("Refused")},
        WITHDRAWN: {"kind": "idle", "icon": "arrow-back-up", "text": tk._("Taken back")},
    }[code]


def parsed(text: str) -> datetime:
    """A time as the actions give it."""
    return datetime.fromisoformat(text.removesuffix("Z"))


def waiting(created: str) -> dict[str, Any]:
    """Since when a request waits: a warning from the first reminder on."""
    days = max(0, (now() - parsed(created)).days)
    if days == 0:
        text = tk._("Waiting since today")
    else:
        text = tk.ungettext("Waiting for {n} day", "Waiting for {n} days", days).format(n=days)
    return {"kind": "warn" if days >= 3 else "idle", "icon": "clock", "text": text, "days": days}


def decided_by(part: str | None) -> str:
    names = {"referent": tk._("by a referent"), "guichet": tk._("by the guichet team"), "requester": ""}
    return names.get(part or "", "")
