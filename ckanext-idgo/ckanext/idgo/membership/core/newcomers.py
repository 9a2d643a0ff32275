"""An organisation somebody asks to create: its facts read strictly, and those that are nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from slugify import slugify

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.territories import normalise
from ckanext.idgo.membership.core.requests import read_text

MAX_TITLE = 200
_ARTICLES = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"}
#: Words that tell nothing apart: « Mairie d’Apt », « Ville d’Apt » and « Commune d’Apt » are one body.
_EMPTY = _ARTICLES | {"commune", "communes", "conseil", "mairie", "ville"}
_SAME = {"departemental": "departement", "regional": "region", "metropolitain": "metropole"}
NEAR = 0.8


@dataclass(frozen=True)
class NewOrganization:
    """``siren``: nine digits, may be empty; ``website``: an http(s) address, may be empty."""

    title: str
    siren: str = ""
    website: str = ""
    description: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "title": self.title,
            "siren": self.siren,
            "website": self.website,
            "description": self.description,
        }


def read_siren(value: object) -> str:
    """Nine digits whose Luhn sum is a multiple of ten (Insee), spaces allowed; empty stays empty."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", read_text(value, "siren", longest=40))
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{9}", digits) or not _luhn(digits):
        raise BadInput("siren", N_("This is not a SIREN number: nine digits, the last one a check digit."))
    return digits


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def read_website(value: object) -> str:
    address = read_text(value, "website", longest=300)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)
    except ValueError:
        valid = False
    if not valid:
        raise BadInput("website", N_("An address begins with https:// or http://."))
    return address


def read_new(given: object) -> NewOrganization:
    """What was asked for, as the request keeps it. Unknown keys are left out."""
    if not isinstance(given, Mapping):
        raise BadInput("new_organization", N_("Give the name of the organization."))
    title = read_text(given.get("title"), "title", N_("Give the name of the organization."), MAX_TITLE)
    if not slugify(title):
        raise BadInput("title", N_("The name must hold letters or digits."))
    return NewOrganization(
        title=" ".join(title.split()),
        siren=read_siren(given.get("siren")),
        website=read_website(given.get("website")),
        description=read_text(given.get("description"), "description"),
    )


def name_for(title: str, taken: Iterable[str]) -> str:
    """A CKAN name (2 to 100 of ``a-z 0-9 -``) nobody has yet."""
    used = set(taken)
    base = slugify(title, max_length=80) or "organisme"
    base = base if len(base) > 1 else f"{base}-org"
    number = 1
    name = base
    while name in used:
        number += 1
        name = f"{base}-{number}"
    return name


def _words(title: str) -> frozenset[str]:
    """What distinguishes a name: its words less the empty ones; all of them when nothing else is left."""
    words = [_SAME.get(word, word) for word in normalise(title).split()]
    return frozenset(word for word in words if word not in _EMPTY) or frozenset(words)


def likeness(one: str, other: str) -> float:
    """From 0 to 1, the same in both directions; 1 for the same words in any order, accent or case. A name
    inside a longer one counts as near from two words on."""
    first, second = _words(one), _words(other)
    if first == second:
        return 1.0
    if min(len(first), len(second)) > 1 and (first < second or second < first):
        return 0.9
    texts = sorted(" ".join(sorted(words)) for words in (first, second))
    return SequenceMatcher(None, *texts, autojunk=False).ratio()


@dataclass(frozen=True)
class Known:
    """An organisation of the catalogue."""

    id: str
    name: str
    title: str
    siren: str = ""


def near_duplicates(new: NewOrganization, known: Iterable[Known], limit: int = 5) -> list[Known]:
    """Organisations that may be the one asked for, the likeliest first: same SIREN, or nearly the name."""
    scored = []
    for one in known:
        same_siren = bool(new.siren) and new.siren == one.siren
        score = 2.0 if same_siren else likeness(new.title, one.title or one.name)
        if score >= NEAR:
            scored.append((-score, one.title, one.id, one))
    return [row[-1] for row in sorted(scored, key=lambda row: row[:3])[:limit]]
