"""A title a person would have written, from the words of a file name (``DEPARTEMENT`` → « Départements »)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ckanext.idgo.forms.core.propose.french import capital, plural, plural_phrase
from ckanext.idgo.forms.core.propose.lexicon import Lexicon
from ckanext.idgo.forms.core.propose.names import TitleWords
from ckanext.idgo.forms.core.propose.words import is_small, plain

_LONGEST_PHRASE = 6
_ELIDED = re.compile(r"\b([dlDL]) (?=[aeiouyhàâéèêîôûœ])")


def subject(words: Sequence[str], count: int | None, lexicon: Lexicon, titles: TitleWords) -> str:
    """The words of a name in good French, the first letter a capital; ``""`` for none.

    ``count`` is the number of objects: a known noun that stands alone is put in the plural when there are
    several.
    """
    # One word for one: « ZONE_URBA » has to be read as « zone urbanisme » before phrases are looked for.
    words = [full if (full := titles.expansions.get(plain(w), "")).isalpha() else w for w in words]
    written = list(_written(words, lexicon, titles))
    text = _ELIDED.sub(r"\1’", " ".join(written)).replace("'", "’")
    if len(words) == 1 and (count or 0) > 1 and plain(words[0]) in titles.countable:
        text = plural_phrase(text, 2)
    return capital(text)


def known_share(words: Sequence[str], lexicon: Lexicon, titles: TitleWords) -> float:
    """Share of the words that are known (0 to 1): how far the title can be trusted."""
    content = [plain(word) for word in words if not is_small(plain(word))]
    known = [w for w in content if lexicon.knows(w) or w in titles.accents or w in titles.expansions]
    return len(known) / len(content) if content else 0.0


def _written(words: Sequence[str], lexicon: Lexicon, titles: TitleWords) -> Iterator[str]:
    shouting = all(word.isupper() for word in words)
    at = 0
    while at < len(words):
        phrase, length = _phrase_at(words, at, lexicon)
        if phrase:
            yield phrase
            at += length
        else:
            yield _word(words[at], shouting, len(words) == 1, lexicon, titles)
            at += 1


def _phrase_at(words: Sequence[str], at: int, lexicon: Lexicon) -> tuple[str, int]:
    """The longest phrase of the lexicon at this place: file names lose « de », « du » and accents."""
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 1, -1):
        taken = words[at : at + length]
        if is_small(plain(taken[0])) or is_small(plain(taken[-1])):
            continue
        phrase = lexicon.phrase([plain(word) for word in taken])
        if phrase:
            return _in_number(phrase, taken), length
    return "", 0


def _in_number(phrase: str, taken: Sequence[str]) -> str:
    """The phrase with its words in the plural where the file name has them so."""
    many = {plain(w).rstrip("sx") for w in taken if plain(w).endswith(("s", "x"))}
    words = phrase.split(" ")
    for at, word in enumerate(words):
        if is_small(re.split("['’]", plain(word))[0]):
            break
        if plain(word) in many or plain(word).removesuffix("l") + "u" in many:
            words[at] = plural(word)
    return " ".join(words)


def _word(word: str, shouting: bool, alone: bool, lexicon: Lexicon, titles: TitleWords) -> str:
    low = plain(word)
    if low in titles.expansions:
        return titles.expansions[low]
    if low in lexicon.acronyms():
        return lexicon.acronyms()[low]
    for form, ending in ((low, ""), (low.removesuffix("s"), "s"), (low.removesuffix("x"), "x")):
        accented = titles.accents.get(form) or lexicon.accents().get(form)
        if accented and low == form + ending:
            return accented + ending
    if is_small(low) or lexicon.knows(low):
        return word.lower()
    short = word.isupper() and len(word) <= 4 and (alone or not shouting)
    if short or any(c.isdigit() for c in word):
        return word
    proper = word[:1].isupper() and not word.isupper()
    return word if proper else word.lower()
