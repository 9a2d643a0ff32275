"""Which reminders are due: pure, so that a job run twice, late or never again says the right thing once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

#: Days before a grant ends at which its holder is told.
BEFORE_END = (30, 7)
#: Days after which the deciders are told again that a request waits.
WAITING = (3, 7)


def due_before_end(
    ends_at: datetime | None, starts_at: datetime, now: datetime, sent: Iterable[int]
) -> int | None:
    """The reminder to send now, if any: the nearest threshold passed, once.

    A grant shorter than a threshold is not announced by it at once (its holder has just been told the date),
    and a job that slept over the 30th day sends the one for 7 days only.
    """
    if ends_at is None or now >= ends_at:
        return None
    passed = [days for days in BEFORE_END if now >= ends_at - timedelta(days=days)]
    useful = [days for days in passed if ends_at - starts_at > timedelta(days=days)]
    nearest = min(useful, default=None)
    return None if nearest is None or any(day <= nearest for day in sent) else nearest


def due_waiting(created: datetime, now: datetime, sent: Iterable[int]) -> int | None:
    """The reminder that a request has waited for, if any: the latest threshold passed, once."""
    passed = [days for days in WAITING if now >= created + timedelta(days=days)]
    latest = max(passed, default=None)
    return None if latest is None or any(day >= latest for day in sent) else latest
