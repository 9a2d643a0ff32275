"""What a request for bytes asks for: all, a part, nothing new (RFC 9110, sections 13 and 14). No network.

Only asked once the verdict is given: who may not have a file gets no validator, and so no oracle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime

_SINGLE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?"[^"]*"')


@dataclass(frozen=True)
class Version:
    """What is there now: ``size_bytes``; a strong ``etag`` with its quotes; ``modified`` (aware) if known."""

    size_bytes: int
    etag: str
    modified: datetime | None = None

    @property
    def last_modified(self) -> str | None:
        """``modified`` as an HTTP date (whole seconds, GMT)."""
        if self.modified is None:
            return None
        return format_datetime(self.modified.astimezone(timezone.utc).replace(microsecond=0), usegmt=True)


@dataclass(frozen=True)
class Delivery:
    """``status`` 200, 206, 304, 412 or 416; the ``length_bytes`` to send from ``start``."""

    status: int
    start: int = 0
    length_bytes: int = 0

    @property
    def end(self) -> int:
        """Position of the last byte, as ``Content-Range`` counts."""
        return self.start + self.length_bytes - 1


def single_range(header: str | None) -> tuple[int | None, int | None] | None:
    """``(first, last)`` of a header with one range, either of them absent; None for anything else.

    Several ranges are not served (section 14.2 lets a server ignore the field): the whole file answers.
    """
    match = _SINGLE.fullmatch(header or "")
    if not match or not (match[1] or match[2]):
        return None
    first, last = (int(text) if text else None for text in match.groups())
    return None if first is not None and last is not None and last < first else (first, last)


def delivery(method: str, headers: Mapping[str, str], version: Version) -> Delivery:
    """What to answer to ``method`` (GET or HEAD) with these request ``headers`` (names in lower case)."""
    status = _precondition(headers, version)
    if status:
        return Delivery(status)
    whole = Delivery(200, 0, version.size_bytes)
    asked = single_range(headers.get("range"))
    if method != "GET" or asked is None or not _same_version(headers.get("if-range"), version):
        return whole
    first, last = asked
    size = version.size_bytes
    if first is None:
        wanted = min(last or 0, size)
        return Delivery(206, size - wanted, wanted) if wanted else Delivery(416)
    if first >= size:
        return Delivery(416)
    end = size - 1 if last is None else min(last, size - 1)
    return Delivery(206, first, end - first + 1)


def _precondition(headers: Mapping[str, str], version: Version) -> int | None:
    """304 or 412 where a condition of section 13.2.2 says so, in its order."""
    if "if-match" in headers:
        if not _named(headers["if-match"], version.etag, weak=False):
            return 412
    elif _changed_since(headers.get("if-unmodified-since"), version) is True:
        return 412
    if "if-none-match" in headers:
        return 304 if _named(headers["if-none-match"], version.etag, weak=True) else None
    return 304 if _changed_since(headers.get("if-modified-since"), version) is False else None


def _named(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    tags = _TAG.findall(header)
    return etag in ([tag.removeprefix("W/") for tag in tags] if weak else tags)


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _changed_since(header: str | None, version: Version) -> bool | None:
    """None when either date is not known: the condition is then ignored."""
    asked = _date(header)
    if asked is None or version.modified is None:
        return None
    return version.modified.replace(microsecond=0) > asked


def _same_version(if_range: str | None, version: Version) -> bool:
    """Only a strong validator makes two parts of one file fit together (section 13.1.5)."""
    return if_range is None or if_range.strip() in (version.etag, version.last_modified)
