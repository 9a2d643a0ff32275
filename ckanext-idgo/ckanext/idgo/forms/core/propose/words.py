"""Words of titles, file names and column names, made comparable (French first, English too).

The stemmer is light on purpose: the same rules are applied to the lexicon and to what is read, so a stem has
to be the same for the forms of one word, not to be a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FRENCH = re.split(
    " ",
    "a au aux avec ce ces chez d dans de des du en entre et hors l la le les leur leurs ou par pour qu que "
    "qui sa selon ses son sous sur un une vers y",
)
_ENGLISH = re.split(" ", "and at by for from in into is of on or the to with")
_STOP = frozenset({*_FRENCH, *_ENGLISH})
AGGREGATION = frozenset({"par", "by", "per"})
"""What follows these is how the data are summed (« par commune »), not what they are about."""
CONJUNCTION = frozenset({"et", "and", "ou", "or"})

_TOKEN = re.compile(r"[0-9a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGIT_EDGE = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
_ENDINGS = (
    ("eaux", "eau"),
    ("aux", "al"),
    ("ales", "al"),
    ("ale", "al"),
    ("iennes", "ien"),
    ("ienne", "ien"),
    ("ennes", "en"),
    ("enne", "en"),
    ("elles", "el"),
    ("elle", "el"),
    ("ieres", "ier"),
    ("iere", "ier"),
    ("ives", "if"),
    ("ive", "if"),
    ("ies", "i"),
    ("es", ""),
    ("s", ""),
    ("ux", "u"),
    ("e", ""),
)
_SHORTEST = {"es": 4, "e": 4}  # « mine » must not become « min », which columns are full of


def plain(text: str) -> str:
    """Lower case without accents or ligatures."""
    folded = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def split_words(text: str) -> list[str]:
    """Plain words in order, ``camelCase`` and ``snake_case`` taken apart, small words kept."""
    return _TOKEN.findall(plain(_CAMEL.sub(" ", text)))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Stem of a plain word: number, feminine and final mute letters forgotten; three letters are kept whole
    (they are mostly abbreviations)."""
    if len(word) <= 3 or word.isdigit():
        return word
    for ending, replacement in _ENDINGS:
        shortest = _SHORTEST.get(ending, 3)
        if word.endswith(ending) and len(word) - len(ending) + len(replacement) >= shortest:
            word = word[: len(word) - len(ending)] + replacement
            break
    if word.endswith("y"):
        word = word[:-1] + "i"
    if len(word) > 4 and word[-1] == word[-2]:
        word = word[:-1]
    return word


def is_small(word: str) -> bool:
    """True for articles, prepositions, conjunctions, French and English."""
    return word in _STOP


def content_stems(words: Iterable[str]) -> tuple[str, ...]:
    """Stems of the words that carry meaning."""
    return tuple(stem(word) for word in words if not is_small(word))


def pieces(word: str) -> list[str]:
    """``ppri84`` → ``ppri``, ``84``: letters and digits glued in file names."""
    return _DIGIT_EDGE.sub(" ", word).split()
