"""What may happen, what its words may quote, and how a person may want to be told (ADR 0006; issue 5)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES = ("fr", "en")
AT_ONCE, DIGEST, NONE = "at_once", "digest", "none"
#: How a group of kinds reaches a mailbox. In the application everything is always shown.
CHANNELS = (AT_ONCE, DIGEST, NONE)
DEFAULT_CHANNEL = AT_ONCE

#: Group of kinds → its kinds: people choose by group, a choice per kind would be eleven.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "to_decide": ("access.requested", "access.waiting", "membership.requested", "membership.waiting"),
        "answers": (
            "access.granted",
            "access.refused",
            "access.revoked",
            "membership.accepted",
            "membership.refused",
        ),
        "endings": ("access.ending",),
        "organization": ("membership.left",),
    }
)

_ACCESS = frozenset({"dataset", "organization", "site"})
_MEMBERSHIP = frozenset({"organization", "site"})
#: Kind → the facts its words may quote. ``site`` is the site's title; the room that speaks gives the others:
#: ``until`` a date (ISO), ``days`` a number, ``role`` a code, the rest words.
FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "access.requested": _ACCESS | {"requester", "until", "territory"},
        "access.waiting": _ACCESS | {"requester", "days"},
        "access.granted": _ACCESS | {"until", "territory", "reason"},
        "access.refused": _ACCESS | {"reason"},
        "access.revoked": _ACCESS | {"reason"},
        "access.ending": _ACCESS | {"until", "days"},
        "membership.requested": _MEMBERSHIP | {"requester", "role"},
        "membership.waiting": _MEMBERSHIP | {"requester", "role", "days"},
        "membership.accepted": _MEMBERSHIP | {"role", "reason"},
        "membership.refused": _MEMBERSHIP | {"role", "reason"},
        "membership.left": _MEMBERSHIP | {"person"},
    }
)


def group_of(kind: str) -> str:
    """The group of a known kind. Raises ``KeyError`` for another."""
    for group, kinds in GROUPS.items():
        if kind in kinds:
            return group
    raise KeyError(kind)


def channel_of(kind: str, chosen: Mapping[str, str]) -> str:
    """The channel of a kind under a person's choices (group → channel); what was not chosen is at once."""
    channel = chosen.get(group_of(kind), DEFAULT_CHANNEL)
    return channel if channel in CHANNELS else DEFAULT_CHANNEL


def language_of(chosen: str | None) -> str:
    """The language a person is written to: theirs where we have words in it, else French."""
    short = (chosen or "").replace("-", "_").split("_")[0]
    return short if short in LANGUAGES else "fr"
