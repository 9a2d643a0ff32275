"""What the pages of access say: purposes, delays, states, lines of the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.access.core import ledger
from ckanext.idgo.common.core.territories import Territories

#: A request that waits longer is late: the deciders get their first reminder then (issue 4).
LATE_HOURS = 72


def purposes() -> dict[str, str]:
    """Code to words, in the order of the list."""
    return {
        "public-service": tk._("A public body’s own duty"),
        "planning": tk._("Planning, urban planning document"),
        "study": tk._("Study ordered by a public body"),
        "works": tk._("Works, networks, maintenance"),
        "emergency": tk._("Emergency, risk prevention"),
        "research": tk._("Research"),
        "education": tk._("Teaching, training"),
        "business": tk._("Business, product or service"),
        "other": tk._("Another purpose, said in the message"),
    }


def places(codes: Any) -> str:
    """Names of a territory's codes, four at most; empty where there is no limit."""
    table = Territories.load()
    names = [table.label(str(code)) for code in codes or []]
    if len(names) <= 4:
        return ", ".join(names)
    more = len(names) - 3
    tail = tk.ungettext("{n} other territory", "{n} other territories", more).format(n=more)
    return ", ".join([*names[:3], tail])


def days(count: float) -> str:
    """``3 jours``; ``moins d’un jour`` for what is answered the same day."""
    if count < 1:
        return tk._("less than a day")
    whole = round(count)
    return tk.ungettext("{n} day", "{n} days", whole).format(n=whole)


def waited(created: datetime | None, now: datetime) -> str:
    """How long a request has waited: hours on the first day, then days."""
    hours = ledger.waited_hours(created, now) if created else 0
    if hours < 1:
        return tk._("less than an hour")
    if hours < 24:
        return tk.ungettext("{n} hour", "{n} hours", hours).format(n=hours)
    return days(hours // 24)


def ending(last: date | None, today: date) -> str:
    """``dans 12 jours``, ``demain``, ``aujourd’hui`` : when the last day of a grant is."""
    left = (last - today).days if last else 0
    if left <= 0:
        return tk._("today")
    if left == 1:
        return tk._("tomorrow")
    return tk.ungettext("in {n} day", "in {n} days", left).format(n=left)


def log_kind(kind: str) -> str:
    words = {
        "requested": tk._("Request received"),
        "withdrawn": tk._("Request withdrawn"),
        "granted": tk._("Access granted"),
        "refused": tk._("Request refused"),
        "revoked": tk._("Access taken back"),
        "given-back": tk._("Access given back"),
        "ended": tk._("Access ended at its date"),
        "closed": tk._("Access closed with its dataset or its holder"),
        "moved": tk._("Request passed on to the new owner"),
    }
    return words.get(kind, kind)


def log_sign(kind: str) -> tuple[str, str]:
    """``(icon, state)`` of a line: colour only for what closes a door."""
    signs = {
        "requested": ("inbox", "idle"),
        "granted": ("circle-check", "ok"),
        "refused": ("circle-x", "bad"),
        "revoked": ("circle-x", "bad"),
    }
    return signs.get(kind, ("clock", "idle"))


def request_state(state: str) -> tuple[str, str, str]:
    """``(words, icon, state)``."""
    return {
        "pending": (tk._("Waiting for an answer"), "clock", "idle"),
        "granted": (tk._("Granted"), "circle-check", "ok"),
        "refused": (tk._("Refused"), "circle-x", "bad"),
        "withdrawn": (tk._("Withdrawn"), "arrow-back-up", "idle"),
    }.get(state, (state, "clock", "idle"))


def by_role(role: str) -> str:
    return {
        "requester": tk._("by the person who asked"),
        "decider": tk._("by the producer"),
    }.get(role, tk._("by the system"))
