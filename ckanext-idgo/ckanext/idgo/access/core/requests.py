"""What a person writes in a request or a decision, read and checked: dates, territories, purposes, texts.

Everything here raises ``BadInput`` with the field as its code, so that a form shows the sentence beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.territories import Territories

#: Days are those of the region's clocks; instants are UTC everywhere else.
PARIS = ZoneInfo("Europe/Paris")

#: Why somebody wants data (codes; ``plugin/words.py`` has the words).
PURPOSES = (
    "public-service",
    "planning",
    "study",
    "works",
    "emergency",
    "research",
    "education",
    "business",
    "other",
)
STATES = ("pending", "granted", "refused", "withdrawn")
GRANT_STATES = ("current", "ended", "revoked")
MAX_TEXT = 2000
MAX_CODES = 100
MAX_ITEMS = 100
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Item:
    """What is asked or given: a whole dataset, or one of its resources."""

    package_id: str
    resource_id: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {"package_id": self.package_id, "resource_id": self.resource_id}


def items_from(stored: Any) -> list[Item]:
    return [Item(entry["package_id"], entry.get("resource_id")) for entry in stored or []]


def includes(larger: Iterable[Item], smaller: Iterable[Item]) -> bool:
    """Is everything of ``smaller`` in ``larger``? A dataset contains its resources."""
    have = set(larger)
    return all(item in have or Item(item.package_id) in have for item in smaller)


def today_in_paris(now: datetime) -> date:
    return now.astimezone(PARIS).date()


def end_of_day(day: date) -> datetime:
    """The first instant after that day in Europe/Paris, as UTC: the day itself is whole."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=PARIS)
    return midnight.astimezone(timezone.utc)


def last_day(ends_at: datetime | None) -> date | None:
    """The last day, in Europe/Paris, on which a grant ending at ``ends_at`` (aware) is good."""
    return None if ends_at is None else (ends_at - timedelta(microseconds=1)).astimezone(PARIS).date()


def read_until(value: object, now: datetime, max_days: int) -> date | None:
    """A date ``YYYY-MM-DD``, today at the earliest and ``max_days`` from today at the latest (0: any day).

    Nothing, or an empty text, is no date.
    """
    if value is None or value == "":
        return None
    day = _day(value)
    if day is None:
        raise BadInput("until", N_("Write the date as year, month, day: 2027-12-31."))
    today = today_in_paris(now)
    if day < today:
        raise BadInput("until", N_("This date is past."))
    if max_days > 0:
        latest = today + timedelta(days=max_days)
        if day > latest:
            raise BadInput("until", N_("The latest date is {latest}."), latest=latest.isoformat())
    return day


def _day(value: object) -> date | None:
    """``date.fromisoformat`` takes week dates from Python 3.11 on: only one form is ours."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def read_codes(value: object, territories: Territories) -> list[str]:
    """Codes of known territories, once each, in order; one alone may come as text. Nothing is no limit."""
    if value is None or value == "":
        return []
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        raise BadInput("territory", N_("The territory is a list of codes, such as commune:84003."))
    if len(given) > MAX_CODES:
        raise BadInput("territory", N_("At most {count} territories."), count=MAX_CODES)
    unknown = [code for code in given if code not in territories]
    if unknown:
        raise BadInput("territory", N_("This territory is not known: {place}."), place=unknown[0][:80])
    return list(dict.fromkeys(given))


def read_purpose(value: object) -> str:
    if not isinstance(value, str) or value not in PURPOSES:
        codes = ", ".join(PURPOSES)
        raise BadInput("purpose", N_("Choose what the data is for: {codes}."), codes=codes)
    return value


def read_text(value: object, field: str, missing: str) -> str:
    """A text that must be there; ``missing`` is the sentence when it is not."""
    if value is not None and not isinstance(value, str):
        raise BadInput(field, N_("This must be text."))
    text = (value or "").replace("\x00", "").strip()
    if not text:
        raise BadInput(field, missing)
    if len(text) > MAX_TEXT:
        raise BadInput(field, N_("At most {count} characters."), count=MAX_TEXT)
    return text


def read_accepted(value: object) -> None:
    if value is not True and value not in ("true", "True", "on", "1"):
        raise BadInput("accept_license", N_("Accept the licence of the data to ask for it."))


def read_choice(value: object, field: str, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise BadInput(field, N_("Choose one of: {choices}."), choices=", ".join(choices))
    return value
