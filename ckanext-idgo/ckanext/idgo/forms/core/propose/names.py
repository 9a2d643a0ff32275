"""What a file name says: words, places, year, rhythm."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ckanext.idgo.common.core.errors import N_
from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.common.core.territories import Territories, Territory, normalise
from ckanext.idgo.forms.core.propose.lexicon import BadLexicon, Lexicon
from ckanext.idgo.forms.core.propose.words import is_small, plain

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
_REFERENCE = re.compile(r"(?=.*[a-z]).*\d{6}.*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_VERSION = re.compile(r"v\d+|\d{1,2}e?|[a-z]")
_INSEE = re.compile(r"(?:\d\d|2[AB])\d{3}", re.IGNORECASE)
_OTHER_CODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8]|2[ab])\d{3}|2[ab]", re.IGNORECASE)
_DEPARTEMENT = re.compile(r"(?:d|dep|dept|departement|ddtm?)?0?(\d\d)")
_REGION_ALIASES = {"paca": "region:93", "region sud": "region:93", "regionsud": "region:93"}
_LONGEST_NAME = 8


@dataclass(frozen=True)
class TitleWords:
    """``schemas/lexicon/titles.json``: noise of file names, abbreviations in full, words to accent."""

    noise: frozenset[str]
    expansions: Mapping[str, str]
    accents: Mapping[str, str]
    countable: frozenset[str]

    @classmethod
    def load(cls, path: Path | None = None) -> TitleWords:
        """The shipped words, read once a process. Raises :class:`BadLexicon`."""
        return _load(path or schemas_dir() / "lexicon" / "titles.json")


@dataclass(frozen=True)
class NameParts:
    """``words`` as written, in order; ``places`` named in full; ``coded`` places given by a code only;
    ``elsewhere`` when a code names a commune or département that is not the region's."""

    words: tuple[str, ...] = ()
    places: tuple[Territory, ...] = ()
    coded: tuple[Territory, ...] = ()
    year: str = ""
    elsewhere: bool = False


def base_name(name: str) -> str:
    """The last segment of a path or URL without its extensions (``a.shp.zip`` → ``a``)."""
    path = urlsplit(name).path if "://" in name else name
    last = PurePosixPath(unquote(path).replace("\\", "/").rstrip("/")).name
    while (suffix := PurePosixPath(last).suffix) and re.fullmatch(r"\.[A-Za-z][A-Za-z0-9]{0,7}", suffix):
        last = last[: -len(suffix)]
    return last


def read_name(name: str, lexicon: Lexicon, titles: TitleWords, territories: Territories) -> NameParts:
    """Take a name apart. Codes, dates and noise are dropped from the words; a year is kept apart."""
    tokens = _WORD.findall(_CAMEL.sub(" ", base_name(name)))
    words: list[str] = []
    places: list[Territory] = []
    coded: list[Territory] = []
    year = ""
    elsewhere = False
    at = 0
    while at < len(tokens):
        place, length = _place_at(tokens, at, lexicon, territories)
        if place:
            places.append(place)
            at += length
            continue
        token, low = tokens[at], plain(tokens[at])
        if _DAY.fullmatch(low) or _YEAR.fullmatch(low):
            year = year or low[:4]
        elif code := _coded(low, at, tokens, territories):
            coded.append(code)
        elif _OTHER_CODE.fullmatch(low):
            elsewhere = True
        elif not _is_noise(low, titles, lexicon, first=not words, last=at == len(tokens) - 1):
            words.append(token)
        at += 1
    while words and is_small(plain(words[-1])):
        words.pop()
    return NameParts(tuple(words), tuple(places), tuple(coded), year, elsewhere)


def _is_noise(low: str, titles: TitleWords, lexicon: Lexicon, first: bool, last: bool) -> bool:
    if (
        low in titles.noise
        or _REFERENCE.fullmatch(low)
        or _INSEE.fullmatch(low)
        or (low.isdigit() and len(low) != 3)
    ):
        return True
    # COVADIS prefixes the geometry (N_, L_, P_), others suffix it; an article inside a name stays.
    return bool(_VERSION.fullmatch(low)) and (first or last or not is_small(low)) and not lexicon.knows(low)


def _coded(low: str, at: int, tokens: list[str], territories: Territories) -> Territory | None:
    """INSEE code of a commune, SIREN of an EPCI; a département's number first, last or after ``dep``."""
    if len(low) == 5 and _INSEE.fullmatch(low):
        return territories.get(f"commune:{low.upper()}")
    if len(low) == 9 and low.isdigit():
        return territories.get(f"epci:{low}")
    found = _DEPARTEMENT.fullmatch(low)
    if found and (at in (0, len(tokens) - 1) or not low.isdigit()):
        return territories.get(f"departement:{found.group(1)}")
    return None


def _place_at(
    tokens: list[str], at: int, lexicon: Lexicon, territories: Territories
) -> tuple[Territory | None, int]:
    """The longest name of a territory that begins at ``at``, and how many tokens it takes."""
    if is_small(plain(tokens[at])) and at + 1 < len(tokens) and len(tokens) - at == 1:
        return None, 0
    for length in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
        text = normalise(" ".join(tokens[at : at + length]))
        alias = _REGION_ALIASES.get(text)
        if alias:
            return territories.get(alias), length
        # One common word (« arcs », « port ») is a place only where its name says nothing else.
        named = [t for t in territories.named(text) if length > 1 or _stands_alone(t, text, lexicon)]
        if named and not text.isdigit():
            return named[0], length
    return None, 0


def _stands_alone(territory: Territory, text: str, lexicon: Lexicon) -> bool:
    return len(text) > 2 and normalise(territory.name) == text and not lexicon.knows(text)


@lru_cache(maxsize=4)
def _load(path: Path) -> TitleWords:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return TitleWords(
            noise=frozenset(data["noise"]),
            expansions=dict(data["expansions"]),
            accents={plain(word): word for word in data["accents"]},
            countable=frozenset(plain(word) for word in data["countable"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLexicon(
            "bad-lexicon",
            N_("The lexicon {name} cannot be read: {reason}"),
            name=path.name,
            reason=repr(error),
        ) from error
