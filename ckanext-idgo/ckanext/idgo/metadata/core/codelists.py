"""Controlled vocabularies, read from ``schemas/codelists/<name>.json``: files that an operator may change.

A file is ``{"source", "uri", "entries": [{"code", "uri", "fr", "en", ...}]}``; what is beyond the four common
keys (``topic_category``, ``days``, ``icon`` ...) is found in :attr:`Entry.extra`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.paths import schemas_dir

_COMMON = ("code", "uri", "fr", "en")


class UnknownCode(BadInput):
    """A code that its list does not have, or a list that does not exist."""


class BadCodelist(BadInput):
    """A code list file that cannot be read or breaks the form above."""


@dataclass(frozen=True)
class Entry:
    """One value. ``uri`` is empty where no register names it; ``extra`` is what only this list says."""

    code: str
    uri: str
    fr: str
    en: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def label(self, lang: str = "fr") -> str:
        """Label in French for ``fr`` and its variants (``fr_FR``), in English for every other language."""
        return self.fr if lang.lower().startswith("fr") else self.en


class Codelist:
    """An ordered, read-only list of :class:`Entry`; iterating gives the entries in the file's order."""

    def __init__(self, name: str, source: str, uri: str, entries: tuple[Entry, ...]) -> None:
        self.name = name
        self.source = source
        self.uri_base = uri
        self.entries = entries
        self._by_code = {entry.code: entry for entry in entries}
        self._by_uri = {entry.uri: entry for entry in entries if entry.uri}

    def get(self, code: str) -> Entry:
        """The entry with this exact code. Raises :class:`UnknownCode`."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownCode(
                "unknown-code",
                N_("“{value}” is not a value of the list “{name}”"),
                value=code,
                name=self.name,
            ) from None

    def label(self, code: str, lang: str = "fr") -> str:
        """Label of a code; raises :class:`UnknownCode`."""
        return self.get(code).label(lang)

    def uri(self, code: str) -> str:
        """URI of a code, empty where no register names it; raises :class:`UnknownCode`."""
        return self.get(code).uri

    def by_uri(self, uri: str) -> Entry | None:
        """The entry with this URI, whatever its scheme (registers answer on http and https), or None."""
        return self._by_uri.get(uri) or self._by_uri.get(uri.replace("https://", "http://", 1))

    def codes(self) -> tuple[str, ...]:
        """Every code, in order."""
        return tuple(entry.code for entry in self.entries)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def _entry(raw: dict[str, Any]) -> Entry:
    extra = MappingProxyType({key: value for key, value in raw.items() if key not in _COMMON})
    return Entry(code=raw["code"], uri=raw["uri"], fr=raw["fr"], en=raw["en"], extra=extra)


def read(path: Path) -> Codelist:
    """Read one file. Raises :class:`BadCodelist` naming the file and what is wrong in it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(_entry(raw) for raw in data["entries"])
        codelist = Codelist(path.stem, data["source"], data["uri"], entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCodelist(
            "bad-codelist",
            N_("The code list {name} cannot be read: {reason}"),
            name=path.name,
            reason=repr(error),
        ) from error
    if len(codelist._by_code) != len(entries):
        raise BadCodelist(
            "bad-codelist",
            N_("The code list {name} cannot be read: {reason}"),
            name=path.name,
            reason="a code is there twice",
        )
    return codelist


@lru_cache(maxsize=64)
def _load(folder: Path, name: str) -> Codelist:
    return read(folder / "codelists" / f"{name}.json")


def names() -> tuple[str, ...]:
    """The lists that exist, sorted."""
    return tuple(sorted(path.stem for path in (schemas_dir() / "codelists").glob("*.json")))


def load(name: str) -> Codelist:
    """The list ``schemas/codelists/<name>.json``, read once per process.

    Raises :class:`UnknownCode` when there is no such list, :class:`BadCodelist` when the file is broken.
    """
    folder = schemas_dir()
    # Only names that exist are opened: ``name`` may come from a request.
    if not name.replace("_", "").isalnum() or not (folder / "codelists" / f"{name}.json").is_file():
        raise UnknownCode("unknown-codelist", N_("There is no code list named “{name}”"), name=name)
    return _load(folder, name)
