"""Facts of an event: words of other people, made harmless before they are kept, said or mailed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

MAX_FACTS, MAX_LETTERS = 20, 300
_BREAKS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_ROLES = {
    "fr": {"member": "membre", "editor": "contributeur", "admin": "référent"},
    "en": {"member": "member", "editor": "contributor", "admin": "referent"},
}
# What could open a locked file, or send the reader elsewhere: addresses, tokens, hashes.
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.|//[^\s/])\S*", re.IGNORECASE)
_SECRET = re.compile(r"[A-Za-z0-9+/_=.-]{32,}")
_REMOVED = {"fr": "[à lire sur le site]", "en": "[to be read on the site]"}


def one_line(text: object, most: int = MAX_LETTERS) -> str:
    """Words on one line: control and direction signs become spaces, runs of spaces one, cut at ``most``.

    A newline would end a mail header; a direction sign makes an address read backwards. Non-breaking spaces
    stay.
    """
    spaced = "".join(" " if unicodedata.category(sign) in _BREAKS else sign for sign in str(text))
    words = re.sub(r" {2,}", " ", spaced).strip()
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def clean(facts: Mapping[str, object]) -> dict[str, str]:
    """What is kept of an event's facts: well-named, one line each, not empty, 20 at most."""
    kept = {name: one_line(value) for name, value in facts.items() if _NAME.fullmatch(str(name))}
    return dict([(name, value) for name, value in kept.items() if value][:MAX_FACTS])


def clean_path(path: str) -> str:
    """A path of this site; anything that could lead elsewhere is the list of notices."""
    harmless = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if harmless and path == one_line(path, 1000) and " " not in path else "/notifications"


def said(facts: Mapping[str, str], language: str) -> dict[str, str]:
    """Facts as a person reads them: ISO dates in full, roles in words."""
    return {name: _said(name, value, language) for name, value in facts.items()}


def _said(name: str, value: str, language: str) -> str:
    if name == "role":
        return _ROLES[language].get(value, value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return _day(value, language)
    return value


def _day(iso: str, language: str) -> str:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    number = "1er" if day.day == 1 and language == "fr" else str(day.day)
    return f"{number} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def for_mail(facts: Mapping[str, str], language: str) -> dict[str, str]:
    """Facts for a mail, which anybody may forward: no address, nothing that looks like a token (issue 5)."""
    return {name: _plain(value, language) for name, value in said(facts, language).items()}


def _plain(value: str, language: str) -> str:
    removed = _REMOVED[language]
    return _SECRET.sub(removed, _LINK.sub(removed, value))
