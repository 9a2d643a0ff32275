"""When a mail is tried: at once or each morning, then again more and more rarely, for a week (issue 5)."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
#: What is waited after each failure; after the last one the mail is ``failed``: visible, never deleted.
WAITS = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 120 * _MINUTE, 720 * _MINUTE, *[_DAY] * 7)
#: How long a mail that could never be tried (no mail server) waits before it is shown as failed.
KEPT_WAITING = timedelta(days=7)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after the ``tries``-th failure (1 is the first); None: give up."""
    if tries < 1:
        raise ValueError(f"{tries} tries")
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def next_digest(now: datetime, hour: int, zone: str) -> datetime:
    """The next moment it is ``hour`` o'clock in ``zone``, after ``now``.

    Both are UTC without a zone, as in CKAN's tables.
    """
    local = now.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    due = datetime.combine(local.date(), time(hour), ZoneInfo(zone))
    if due <= local:
        due = datetime.combine(local.date() + _DAY, time(hour), ZoneInfo(zone))
    return due.astimezone(timezone.utc).replace(tzinfo=None)
