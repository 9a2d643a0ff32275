"""« Essayez … »: another spelling, out of the titles the viewer may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from ckanext.idgo.catalogue.core.text import words

MIN_LETTERS = 4
"""Shorter words are codes and acronyms: one letter more or less makes another one."""
_ALIKE = 0.7


def fuzzy_words(typed: str) -> list[str]:
    """Words of a question worth a second spelling: letters only, at least four."""
    return [word for word in words(typed) if len(word) >= MIN_LETTERS and word.isalpha()]


def fuzzy_query(word: str) -> str:
    """Solr query for words within one edit of ``word``, two from six letters on (Lucene's own limit)."""
    return f"words:{word}~{2 if len(word) >= 6 else 1}"


def closest(word: str, texts: Iterable[str]) -> str | None:
    """The word of ``texts`` most like ``word``, the commoner one of equals; as written there, lower case."""
    found: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        for original in text.replace("’", "'").replace("'", " ").split():
            bare = original.strip(".,;:!?()[]«»\"'").lower()
            folded = "".join(words(bare))
            if folded and folded.isalpha():
                found[folded] += 1
                written.setdefault(folded, bare)
    scored = [(SequenceMatcher(None, word, other).ratio(), count, other) for other, count in found.items()]
    best = max(scored, default=(0.0, 0, ""))
    return written[best[2]] if best[0] >= _ALIKE and best[2] != word else None


def respelled(typed: str, better: dict[str, str]) -> str | None:
    """``typed`` with each known mistake replaced (``better``: folded word → word); None when none is."""
    out, changed = [], False
    for token in typed.split():
        folded = "".join(words(token))
        changed = changed or folded in better
        out.append(better.get(folded, token))
    return " ".join(out) if changed else None
