"""Numbers, sizes, dates and places as a person reads them, in French or English.

``language`` is a CKAN locale (``fr``, ``en``, ``fr_FR``). Non-breaking spaces where French asks them.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from markdown import markdown as markdown_to_html
from markupsafe import Markup, escape

NBSP = "\u00a0"
_ARTICLES = {"04": "les", "05": "les", "06": "les", "13": "les", "83": "le", "84": "le"}
_BYTES = (("To", "TB", 1e12), ("Go", "GB", 1e9), ("Mo", "MB", 1e6), ("ko", "kB", 1e3))


def _babel(language: str) -> str:
    return "fr" if language.lower().startswith("fr") else "en_GB"


def number(value: float, language: str, decimals: int = 0) -> str:
    """``28 914`` or ``28,914``; never more than ``decimals`` after the point."""
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_babel(language))


def file_size(bytes_count: object, language: str) -> str:
    """``4,2 Mo``, ``88 ko``, ``512 octets``; empty for what is not a size."""
    try:
        size = int(str(bytes_count))
    except ValueError:
        return ""
    if size < 0:
        return ""
    french = _babel(language) == "fr"
    for fr, en, unit in _BYTES:
        if size >= unit:
            value = size / unit
            return number(value, language, 1 if value < 100 else 0) + NBSP + (fr if french else en)
    word = "octet" if french else "byte"
    return f"{number(size, language)}{NBSP}{word}{'s' if size > 1 else ''}"


def as_date(value: object) -> date | None:
    """A date from an ISO text, a datetime or a date; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def long_date(value: object, language: str) -> str:
    """``22 novembre 2026``, ``1er janvier 2026``; empty when there is no date."""
    day = as_date(value)
    if day is None:
        return ""
    text = format_date(day, "long", locale=_babel(language))
    return re.sub(r"^1 ", "1er ", text) if _babel(language) == "fr" else text


def ago(value: object, today: date, language: str) -> str:
    """``il y a 2 jours``; ``aujourd’hui`` on the day itself; the date when it lies ahead."""
    day = as_date(value)
    if day is None:
        return ""
    if day > today:
        return long_date(day, language)
    if day == today:
        return "aujourd’hui" if _babel(language) == "fr" else "today"
    return format_timedelta(day - today, granularity="day", add_direction=True, locale=_babel(language))


@lru_cache(maxsize=256)
def crs_label(code: str) -> str:
    """``EPSG:2154`` becomes ``Lambert-93 (EPSG:2154)``; an unknown code is its own label.

    Names are those of the EPSG register, read from PROJ's database.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        name = CRS.from_user_input(code).name
    except CRSError:
        return code
    return f"{name.split(' / ')[-1]} ({code})"


def in_place(kind: str, name: str, official_code: str, language: str) -> str:
    """``dans le Vaucluse``, ``à Apt``, ``au Thor``, ``dans la CC Pays d’Apt-Luberon``; English ``in Apt``."""
    name = name.replace("'", "’")
    if _babel(language) != "fr":
        return f"in {name}"
    if kind == "departement":
        return f"dans {_ARTICLES.get(official_code, 'le département')} {name}"
    if kind == "region":
        return f"en {name}"
    if kind == "commune":
        for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if name.startswith(article):
                return contracted + name[len(article) :]
        return f"à {name}"
    return f"dans la {name}" if name.split(" ")[0] in {"CC", "CA", "CU", "Métropole"} else f"dans {name}"


def is_late(last: object, days: int | None, today: date) -> bool:
    """Whether data expected every ``days`` is overdue; a quarter of that (a week at least) is allowed."""
    day = as_date(last)
    if day is None or not days:
        return False
    return today > day + timedelta(days=days + max(7, days // 4))


def two_lines(name: str, long: int = 14) -> list[str]:
    """A long name cut in two after the hyphen nearest its middle; any other whole."""
    cuts = [i + 1 for i, letter in enumerate(name) if letter == "-"]
    if len(name) < long or not cuts:
        return [name]
    cut = min(cuts, key=lambda i: abs(i - len(name) / 2))
    return [name[:cut], name[cut:]]


def plain_text(markdown: str, most: int) -> str:
    """The words of a Markdown or HTML text in one line, cut after a word at ``most`` letters at the latest.

    For extracts, which are escaped again where they are shown.
    """
    rendered = Markup(markdown_to_html(escape(markdown))).striptags()  # noqa: S704 (tags are taken off)
    text = " ".join(rendered.split())
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def initials(name: str) -> str:
    """The first letters of a name's first two long words: ``VA`` for ``Ville d'Arles``."""
    words = [w for w in re.split(r"[\s'’\-.]+", name) if len(w) > 2] or name.split()
    return "".join(word[0] for word in words[:2]).upper()
