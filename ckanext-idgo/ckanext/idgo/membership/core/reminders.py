"""Reminders of requests that wait: after 3 and 7 days, each said once, and nothing expires (issue 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

#: Days after which those who decide are reminded, unless the operator chose others.
DAYS = (3, 7)


def due(
    created: datetime, reminded: Collection[int], now: datetime, days: Collection[int] = DAYS
) -> list[int]:
    """The reminders that are due and were not sent, shortest first.

    Whoever sends them says the last one only and marks all: a job that did not run for a week does not send
    two messages at once. ``created`` and ``now`` are both naive UTC or both aware.
    """
    waited = (now - created).total_seconds() / 86_400
    return sorted(day for day in set(days) if 0 < day <= waited and day not in reminded)
