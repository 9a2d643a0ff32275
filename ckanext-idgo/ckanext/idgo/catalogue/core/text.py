"""Text as search compares it: case, accents, ligatures and apostrophes forgotten."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_ELIDED = re.compile(
    r"(?<!\w)(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)['’‘ʼ′`´](?=\w)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[\W_]+")

# Digits of numbers in a sort key: « 9 communes » before « 10 communes », years untouched in effect.
_SORT_DIGITS = 10
_SORT_LENGTH = 200


def fold(text: str) -> str:
    """Lower case without accents or ligatures: ``Œuvres d’Été`` → ``oeuvres d’ete``. Length may change."""
    # Decomposed before the case is folded: « 𝐀 » has a lower case only once it is an « A ».
    lowered = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Folded words without elided articles: ``L’eau d'Arles`` → ``["eau", "arles"]``."""
    return [word for word in _NOT_WORD.split(fold(_ELIDED.sub("", text))) if word]


def sort_key(title: str) -> str:
    """Key that puts titles in French order: accents, case and punctuation ignored, numbers by value.

    Solr sorts strings by code point, which puts ``Écoles`` after ``Zones``. Cut at 200 characters.
    """
    plain = _NOT_WORD.sub(" ", fold(title)).strip()
    return _NUMBER.sub(lambda n: n.group().zfill(_SORT_DIGITS), plain)[:_SORT_LENGTH]


def matches_words(label: str, typed: list[str]) -> bool:
    """True when each typed word begins a word of ``label`` (both folded)."""
    present = words(label)
    return bool(typed) and all(any(word.startswith(t) for word in present) for t in typed)
