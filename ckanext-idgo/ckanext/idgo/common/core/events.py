"""What rooms tell each other upwards (ADR 0006): plain values, sent by ``common.plugin.signals``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What may happen. The room that speaks sends the kind; ``notices`` has words for each.
KINDS = frozenset(
    {
        "access.requested",  # to the deciders
        "access.granted",  # to the requester, or the grantee
        "access.refused",
        "access.revoked",
        "access.ending",  # a grant ends soon: to who holds it
        "access.waiting",  # a request waits: to the deciders, after 3 and 7 days
        "membership.requested",
        "membership.accepted",
        "membership.refused",
        "membership.waiting",
        "membership.left",  # to the referents
    }
)


@dataclass(frozen=True)
class Event:
    """Something people must know.

    ``recipients``: user ids. ``facts``: words the message may quote, all public (``dataset``,
    ``organization``, ``reason``, ``until``…). ``path``: the page where it is dealt with, without language or
    host (``/mes-acces``).
    ``key``: the same key twice is one message (a reminder job run twice).
    """

    kind: str
    recipients: tuple[str, ...]
    actor_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    key: str = ""


@dataclass(frozen=True)
class Download:
    """Bytes that were given out.

    ``channel``: ``file``, ``link`` (fetched for the person), ``range`` (a part of either), ``redirect`` (an
    open link: the bytes come from elsewhere, ``size_bytes`` is 0). ``size_bytes`` is what was sent, also when
    the reader hung up; where another server gives the bytes (X-Accel-Redirect, presigned address), what was
    asked.
    """

    resource_id: str
    package_id: str
    user_id: str | None
    tier: str
    channel: str
    size_bytes: int
