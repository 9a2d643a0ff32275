"""Suggestions while typing: groups of rows, accents and order of words ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ckanext.idgo.catalogue.core.text import matches_words, words

KINDS = ("dataset", "keyword", "theme", "organization", "territory")
MAX_WORDS = 8
MAX_CHARACTERS = 100


@dataclass(frozen=True)
class Row:
    """One suggestion. ``label`` is what is written, ``detail`` what stands at the right of it, ``url`` where
    it leads, ``value`` what a form field takes (a territory's code, a keyword)."""

    label: str
    detail: str
    url: str
    value: str
    kind: str


def typed_words(text: str) -> list[str]:
    """The folded words of what was typed, as many as can help."""
    return words(text[:MAX_CHARACTERS])[:MAX_WORDS]


def prefix_query(typed: list[str]) -> str:
    """Lucene query: each word begins a word of the title or of a keyword. ``typed`` is folded letters and
    digits only (``typed_words``), so nothing needs escaping; lower case cannot be an operator."""
    return " ".join(f"+(title_prefix:{word} OR tags_prefix:{word})" for word in typed)


def best_titles(found: Iterable[Mapping[str, Any]], typed: list[str], limit: int) -> list[Mapping[str, Any]]:
    """Titles that hold every word typed, those that begin with the first one before the others."""
    matching = [d for d in found if matches_words(d.get("title") or "", typed)]
    matching.sort(key=lambda d: not words(d["title"])[0].startswith(typed[0]))
    return matching[:limit]


def matching_counts(counts: Mapping[str, int], typed: list[str], limit: int) -> list[tuple[str, int]]:
    """Of a facet's values those that hold every word typed, the most used first."""
    matching = [(value, count) for value, count in counts.items() if count and matches_words(value, typed)]
    matching.sort(key=lambda pair: (-pair[1], pair[0]))
    return matching[:limit]


def group(name: str, rows: Iterable[Row]) -> dict[str, Any] | None:
    """``{"group", "items"}``; None for no row."""
    items = [asdict(row) for row in rows]
    return {"group": name, "items": items} if items else None
