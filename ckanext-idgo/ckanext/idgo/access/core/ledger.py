"""Grants and requests as a person reads them: what ends soon, how long answers take, a table to export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone

#: A grant that ends within this is announced (the first reminder of issue 4).
SOON_DAYS = 30
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def instant(value: object) -> datetime | None:
    """An aware instant from an ISO text (UTC where it says no zone) or a datetime; None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)


def as_day(value: object) -> date | None:
    """A day from ``YYYY-MM-DD``; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def days_left(last: date | None, today: date) -> int | None:
    """Days until the end of ``last``, the day itself included: 1 on the last day. None: no end."""
    return None if last is None else max(0, (last - today).days + 1)


def ends_soon(last: date | None, today: date) -> bool:
    left = days_left(last, today)
    return left is not None and 0 < left <= SOON_DAYS


def mean_answer_days(answers: Iterable[tuple[datetime, datetime]]) -> float | None:
    """The mean of (asked, decided), in days; None without an answer."""
    taken = [(decided - asked) / timedelta(days=1) for asked, decided in answers if decided >= asked]
    return sum(taken) / len(taken) if taken else None


def waited_hours(created: datetime, now: datetime) -> int:
    return max(0, int((now - created) / timedelta(hours=1)))


def cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula: what begins like one is quoted."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table for spreadsheets: UTF-8 with its mark, semicolons (what French ones expect), CRLF."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")
