"""Types of text cells as French tables write them.

Decimal commas, spaces between thousands, ``dd/mm/yyyy``; codes (INSEE ``01004``, SIREN, telephone) stay text
because adding or sorting them as numbers would destroy them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "nd", "n.d.", "nc", "-", "--", "?", "#n/a"})
_BOOLEANS = frozenset({"oui", "non", "true", "false", "vrai", "faux", "yes", "no"})
_INTEGER = re.compile(r"[+-]?(?:0|[1-9]\d*)\Z")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[   ]\d{3})+(?:[.,]\d+)?\Z")
_NUMBER = re.compile(r"[+-]?(?:(?:0|[1-9]\d*)(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?\Z")
_ISO = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})")
_FRENCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\Z")
_ZONE = re.compile(r"\s?(?:Z|UTC|[+-]\d{2}:?(?:\d{2})?)\Z")
_CODE_WORDS = frozenset(
    [
        "insee",
        "siren",
        "siret",
        "cp",
        "postal",
        "codepostal",
        "tel",
        "telephone",
        "phone",
        "fax",
        "portable",
        "mobile",
        "code",
        "cog",
        "uai",
        "finess",
        "rna",
        "iris",
        "codgeo",
        "codreg",
        "coddep",
        "codcom",
        "codeinsee",
        "codecommune",
        "ape",
        "naf",
        "nic",
        "isbn",
        "ean",
        "uic",
        "epci",
    ]
)
_DATE_WORDS = frozenset(["date", "jour", "dat", "maj"])
_YEAR_WORDS = frozenset(["annee", "an", "year", "millesime"])
_MAX_TEXT = 200


def words(name: str) -> list[str]:
    """A column name in plain lower-case words: ``"Code INSEE (ville)"`` → ``["code", "insee", "ville"]``."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).encode("ascii", "ignore")
    return re.findall(r"[a-z]+|\d+", plain.decode().lower())


def is_missing(text: str) -> bool:
    return text.strip().lower() in MISSING


def to_number(text: str) -> float | None:
    """A finite number written the French or the English way, else None."""
    text = text.strip()
    try:
        value = float(text)
    except ValueError:
        if not (_NUMBER.match(text) or _GROUPED.match(text)):
            return None
        value = float(re.sub(r"[   ]", "", text).replace(",", "."))
    return value if math.isfinite(value) else None


@lru_cache(maxsize=2048)
def to_day(text: str) -> str | None:
    """The ISO day of a date or date-time text, else None; years 1000 to 2999."""
    text = text.strip()
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = _ISO.match(text)
    if match:
        year, month, day = (int(part) for part in match.groups())
    else:
        match = _FRENCH.match(text)
        if not match:
            return None
        day, month, year = (int(part) for part in match.groups())
    if not 1000 <= year <= 2999:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _temporal(text: str) -> str | None:
    match = _ISO.match(text) or _FRENCH.match(text)
    if not match or to_day(text) is None:
        return "time" if _CLOCK.match(text) else None
    rest = text[match.end() :]
    if not rest:
        return "date"
    rest = _ZONE.sub("", rest.lstrip("T ").strip())
    return "datetime" if _CLOCK.match(rest) else None


def infer_type(name: str, values: Iterable[str]) -> str:
    """``string integer number boolean date datetime time`` for the ``values`` of column ``name``."""
    present = {v.strip() for v in values if not is_missing(v)}
    if not present:
        return "string"
    temporal = {_temporal(v) for v in present}
    if None not in temporal:
        return _widest(temporal)
    if all(v.lower() in _BOOLEANS for v in present):
        return "boolean"
    return _numeric_type(name, present)


def _widest(temporal: set[str | None]) -> str:
    if temporal == {"time"}:
        return "time"
    if "time" in temporal:
        return "string"
    return "date" if temporal == {"date"} else "datetime"


def _numeric_type(name: str, present: set[str]) -> str:
    named = words(name)
    if all(_INTEGER.match(v) for v in present):
        if len(named) and _DATE_WORDS & set(named) and all(_compact_day(v) for v in present):
            return "date"
        return "string" if _is_code(named, present) else "integer"
    if all(_NUMBER.match(v) or _GROUPED.match(v) for v in present):
        grouped_only = all(_INTEGER.match(re.sub(r"[   ]", "", v)) for v in present)
        return "integer" if grouped_only else "number"
    return "string"


def _compact_day(text: str) -> bool:
    return len(text) == 8 and to_day(f"{text[:4]}-{text[4:6]}-{text[6:]}") is not None


def _is_code(named: list[str], present: set[str]) -> bool:
    if _CODE_WORDS & set(named):
        return True
    lengths = {len(v) for v in present}
    return lengths in ({9}, {14}) and len(present) > 2 and all(_luhn(v) for v in present)


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 else 1) if char.isdigit() else 99
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_year_column(name: str, kind: str) -> bool:
    return kind == "integer" and bool(_YEAR_WORDS & set(words(name)))


def clean_text(text: str) -> str:
    """Text any UTF-8 writer accepts (no lone surrogates, no control characters), at most 200 characters."""
    text = text[: _MAX_TEXT + 1].encode("utf-8", "replace").decode("utf-8")
    text = "".join(c if c >= " " and c != "\x7f" else " " for c in text)
    return text[:_MAX_TEXT] + "…" if len(text) > _MAX_TEXT else text


def json_safe(value: Any) -> Any:
    """``value`` as JSON can hold it; long texts are cut, bytes and geometries are never shown."""
    if value is None or isinstance(value, (bool, int)):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)[:_MAX_TEXT]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return None
    return clean_text(str(value))
