"""The lexicon ``schemas/lexicon/concepts.json``: concepts, their words, and where those words are found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.forms.core.propose.words import (
    AGGREGATION,
    CONJUNCTION,
    content_stems,
    is_small,
    pieces,
    plain,
    split_words,
    stem,
)

WEAK = 0.4
AGGREGATED = 0.2
ATTRIBUTE = 0.15


class BadLexicon(BadInput):
    """The lexicon cannot be read or lacks a field."""


@dataclass(frozen=True)
class Concept:
    """What a file may be about. ``themes`` and ``inspire``: code → how strongly (0 to 1) it speaks for it;
    ``attribute``: as the name of a column it says little (everything has an address)."""

    keyword: str
    themes: Mapping[str, float]
    inspire: Mapping[str, float]
    weight: float
    words: tuple[str, ...]
    silent: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    attribute: bool = False

    def entries(self) -> Iterator[tuple[str, str, bool]]:
        """Every phrase, with what to show for it and whether it is weak."""
        yield from ((phrase, phrase, False) for phrase in self.words)
        yield from ((phrase, "", False) for phrase in self.silent)
        yield from ((phrase, phrase, True) for phrase in self.weak)


@dataclass(frozen=True)
class Match:
    """``word`` (as the lexicon writes it; ``""`` for a silent one, which is no keyword) of ``concept`` was
    read; ``force`` is 1, less for a weak word or an aggregation; ``first`` is true where the text begins to
    say something."""

    concept: Concept
    word: str
    force: float
    first: bool


@dataclass
class Lexicon:
    """Concepts, indexed by the stems of their words."""

    concepts: tuple[Concept, ...]
    ignored: tuple[str, ...] = ()
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Language (ISO 639-1) → theme → how often data in it are about that theme."""
    _index: dict[tuple[str, ...], dict[str, tuple[Concept, str, bool]]] = field(init=False, repr=False)
    _longest: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._index = {content_stems(split_words(phrase)): {} for phrase in self.ignored}
        for concept in self.concepts:
            for phrase, shown, weak in concept.entries():
                entries = self._index.setdefault(content_stems(split_words(phrase)), {})
                entries.setdefault(concept.keyword, (concept, shown, weak))
        self._index.pop((), None)
        self._longest = max(map(len, self._index), default=0)

    @classmethod
    def load(cls, path: Path | None = None) -> Lexicon:
        """The shipped lexicon (or that of ``path``), read once a process. Raises :class:`BadLexicon`."""
        return _load(path or schemas_dir() / "lexicon" / "concepts.json")

    def matches(self, text: str, sentence: bool = True) -> list[Match]:
        """Every concept met in ``text``, the longest words first at each place, in reading order. A list of
        names (``sentence`` false) has no beginning: what comes first in it is not its subject."""
        found: list[Match] = []
        stems = list(self._content(text))
        at = 0
        while at < len(stems):
            length = self._match_length(stems, at)
            if not length:
                at += 1
                continue
            key = tuple(s for s, _ in stems[at : at + length])
            first = sentence and not found
            for concept, shown, weak in self._index[key].values():
                column = concept.attribute and not sentence
                own = ATTRIBUTE if column else WEAK if weak and not first else 1.0
                found.append(Match(concept, shown, own * stems[at][1], first))
            at += length
        return found

    def knows(self, word: str) -> bool:
        """True when the word alone is in the lexicon."""
        return content_stems(split_words(word)) in self._index

    def _match_length(self, stems: list[tuple[str, float]], at: int) -> int:
        for length in range(min(self._longest, len(stems) - at), 0, -1):
            if tuple(s for s, _ in stems[at : at + length]) in self._index:
                return length
        return 0

    def _content(self, text: str) -> Iterator[tuple[str, float]]:
        """Stems of the content words, each with 1, or less when it only says how data are aggregated."""
        force, last = 1.0, 1.0
        for word in split_words(text):
            if word in AGGREGATION:
                force = AGGREGATED
            elif word in CONJUNCTION:
                force = last  # « par commune et département »
            elif not is_small(word):
                known = (stem(word),) in self._index or word.isdigit()
                for piece in [word] if known else pieces(word):
                    yield stem(piece), force
                force, last = 1.0, force

    def phrase(self, words: Iterable[str]) -> str:
        """How the lexicon writes these plain words (at least two that carry meaning); ``""`` if unknown."""
        stems = content_stems(words)
        shown = [shown for _, shown, _ in self._index.get(stems, {}).values() if shown]
        return shown[0] if len(stems) > 1 and shown else ""

    def accents(self) -> Mapping[str, str]:
        """Plain word → the word as French writes it, from every French word of the lexicon."""
        return self._accents

    def acronyms(self) -> Mapping[str, str]:
        """Plain form → the form with its capitals, of every word that has two (``PLU``, ``SCoT``)."""
        return self._acronyms

    @cached_property
    def _accents(self) -> dict[str, str]:
        return {plain(w): w.lower() for w in reversed(list(self._french())) if plain(w) != w.casefold()}

    @cached_property
    def _acronyms(self) -> dict[str, str]:
        return {plain(w): w for w in self._french() if sum(c.isupper() for c in w) > 1}

    def _french(self) -> Iterator[str]:
        for concept in self.concepts:
            for phrase in (concept.keyword, *concept.words, *concept.weak):
                yield from re.split(r"[\s'’-]+", phrase)


def _concept(raw: dict[str, object]) -> Concept:
    return Concept(
        keyword=str(raw["keyword"]),
        themes=dict(raw["themes"]),  # type: ignore[call-overload]
        inspire=dict(raw["inspire"]),  # type: ignore[call-overload]
        weight=float(raw["weight"]),  # type: ignore[arg-type]
        words=tuple(raw["words"]),  # type: ignore[arg-type]
        silent=tuple(raw.get("silent", ())),  # type: ignore[arg-type]
        weak=tuple(raw.get("weak", ())),  # type: ignore[arg-type]
        attribute=bool(raw.get("attribute")),
    )


@lru_cache(maxsize=4)
def _load(path: Path) -> Lexicon:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        concepts = tuple(_concept(raw) for raw in data["concepts"])
        return Lexicon(concepts, tuple(data["ignored"]), dict(data.get("priors", {})))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLexicon(
            "bad-lexicon",
            N_("The lexicon {name} cannot be read: {reason}"),
            name=path.name,
            reason=repr(error),
        ) from error
