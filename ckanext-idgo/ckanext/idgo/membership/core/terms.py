"""Terms of use: files ``schemas/terms/<version>.<language>.md``, a version being the date it takes effect.

The version in force is the last whose date has come, or the one the operator names. Who accepted another one
is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ckanext.idgo.common.core.errors import N_, NotThere
from ckanext.idgo.common.core.paths import schemas_dir

LANGUAGES = ("fr", "en")
_FILE = re.compile(r"(?P<version>\d{4}-\d{2}-\d{2})\.(?P<language>fr|en)\.md")


@dataclass(frozen=True)
class Terms:
    """One version in one language; ``text`` is Markdown."""

    version: str
    language: str
    text: str


def versions(names: Iterable[str]) -> list[str]:
    """Versions that exist in French, oldest first, from the names of the files. Other files are ignored."""
    found = set()
    for name in names:
        match = _FILE.fullmatch(name)
        if match and match["language"] == "fr" and _date(match["version"]):
            found.add(match["version"])
    return sorted(found)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_force(known: Collection[str], today: date, chosen: str = "") -> str:
    """The version that people must have accepted; ``NotThere`` without one."""
    if chosen:
        if chosen in known:
            return chosen
    else:
        begun = [version for version in known if version <= today.isoformat()]
        if begun:
            return max(begun)
    raise NotThere("terms-missing", N_("The terms of use are not installed on this site."))


def folder() -> Path:
    return schemas_dir() / "terms"


def current(today: date, chosen: str = "", where: Path | None = None) -> str:
    """``in_force`` for the installed files."""
    place = where or folder()
    names = [path.name for path in place.iterdir()] if place.is_dir() else []
    return in_force(versions(names), today, chosen)


def read(version: str, language: str, where: Path | None = None) -> Terms:
    """The text in a language, in French where there is no other; ``NotThere`` for an unknown version."""
    place = where or folder()
    for wanted in dict.fromkeys((language, "fr")):
        name = f"{version}.{wanted}.md"  # the whole of it is read: no folder can be named
        if _FILE.fullmatch(name) and (place / name).is_file():
            return Terms(version, wanted, (place / name).read_text(encoding="utf-8"))
    raise NotThere("terms-unknown", N_("This version of the terms of use does not exist."))
