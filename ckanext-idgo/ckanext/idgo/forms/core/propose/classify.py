"""From words to theme, INSPIRE theme and keywords: a sum anyone can redo by hand.

Each concept of the lexicon met in a text adds ``weight × force × weight of the text`` to the themes it speaks
for; what is read first in a text counts a little more (a French title begins with its subject).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.idgo.forms.core.propose.lexicon import Concept, Lexicon
from ckanext.idgo.forms.core.propose.words import content_stems, split_words

TEXT_WEIGHTS: Mapping[str, float] = {
    "title": 3.0,
    "filename": 3.0,
    "keywords": 2.0,
    "layers": 1.5,
    "description": 1.0,
    "columns": 1.0,
}
LISTS = frozenset({"columns", "layers", "keywords"})
FIRST = 1.3
PRIOR = "prior"
"""The text of a theme that no word told, only the language's habit."""
PRIOR_WEIGHT = (
    8.0  # of all themes together: its first theme (half of it) yields to one telling word of a title
)
PRIOR_CONFIDENCE = 0.2


@dataclass(frozen=True)
class Ranked:
    """A code or label with its score; ``text`` names the text that told most of it (``PRIOR``: none did)."""

    value: str
    score: float
    text: str


@dataclass(frozen=True)
class Classification:
    """Each list is sorted, the best first; empty when nothing in the lexicon was met (but themes, where the
    language has a prior)."""

    themes: tuple[Ranked, ...] = ()
    inspire: tuple[Ranked, ...] = ()
    keywords: tuple[Ranked, ...] = ()


def confidence(ranked: tuple[Ranked, ...]) -> float:
    """0 to 1: how far the first stands from the second, and how much was read at all."""
    if not ranked:
        return 0.0
    if ranked[0].text == PRIOR:
        return PRIOR_CONFIDENCE
    first = ranked[0].score
    second = ranked[1].score if len(ranked) > 1 else 0.0
    return round(first / (first + second) * min(1.0, first / 3.0), 2)


def classify(texts: Mapping[str, str], lexicon: Lexicon, language: str | None = None) -> Classification:
    """Rank themes, INSPIRE themes and keywords for the texts (names of ``TEXT_WEIGHTS`` → text).

    ``language`` (ISO 639-1) is that of the data: where words say little, its prior decides between themes.

    Raises ``KeyError`` for a text that has no weight: a new kind of text needs a decision.
    """
    evidence: dict[str, tuple[Concept, dict[str, float], dict[str, float]]] = {}
    for name, text in texts.items():
        weight = TEXT_WEIGHTS[name]
        for match in lexicon.matches(text, sentence=name not in LISTS):
            concept, by_text, by_word = evidence.setdefault(match.concept.keyword, (match.concept, {}, {}))
            force = weight * match.force * (FIRST if match.first else 1.0)
            by_text[name] = max(by_text.get(name, 0.0), force)
            by_word[match.word] = max(by_word.get(match.word, 0.0), force)
    themes: dict[str, dict[str, float]] = {}
    inspire: dict[str, dict[str, float]] = {}
    for concept, by_text, _ in evidence.values():
        for spoken, totals in ((concept.themes, themes), (concept.inspire, inspire)):
            for code, share in spoken.items():
                told = totals.setdefault(code, {})
                for name, force in by_text.items():
                    told[name] = told.get(name, 0.0) + concept.weight * share * force
    for code, share in lexicon.priors.get(language or "", {}).items():
        themes.setdefault(code, {})[PRIOR] = PRIOR_WEIGHT * share
    return Classification(_rank(themes), _rank(inspire), _keywords(evidence))


def _rank(totals: dict[str, dict[str, float]]) -> tuple[Ranked, ...]:
    ranked = [
        Ranked(code, sum(told.values()), max(told, key=lambda n: (n != PRIOR, told[n])))
        for code, told in totals.items()
    ]
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.value)))


def _keywords(evidence: dict[str, tuple[Concept, dict[str, float], dict[str, float]]]) -> tuple[Ranked, ...]:
    """The French words that were read with full force, then their concept's keyword; one of each stem."""
    candidates: list[Ranked] = []
    # Columns name attributes: they speak for the whole file only where nothing else does.
    silent = all(set(by_text) <= LISTS - {"keywords"} for _, by_text, _ in evidence.values())
    for concept, by_text, by_word in evidence.values():
        if not silent and set(by_text) == {"columns"}:
            continue
        text = max(by_text, key=lambda n: by_text[n])
        if by_text[text] < TEXT_WEIGHTS[text]:
            continue  # only a weak word or an aggregation was read
        total = concept.weight * sum(by_text.values())
        words = sorted((w for w in by_word if w and by_word[w] >= 1.0), key=lambda w: -by_word[w])
        candidates += [Ranked(word, total * 0.95**n, text) for n, word in enumerate(words[:2])]
        candidates.append(Ranked(concept.keyword, total * 0.9, text))
    seen: set[tuple[str, ...]] = set()
    kept: list[Ranked] = []
    for ranked in sorted(candidates, key=lambda r: -r.score):
        key = content_stems(split_words(ranked.value))
        if key not in seen:
            seen.add(key)
            kept.append(ranked)
    return tuple(kept)
