"""French or English, from the small words of a text: enough to fill a field the contributor can correct."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "de",
        "des",
        "du",
        "un",
        "une",
        "et",
        "est",
        "dans",
        "pour",
        "par",
        "sur",
        "avec",
        "au",
        "aux",
        "qui",
        "que",
        "en",
        "ou",
        "ce",
        "cette",
        "ses",
        "son",
        "leur",
        "nom",
        "code",
        "commune",
        "communes",
        "ville",
        "rue",
        "route",
        "chemin",
        "avenue",
        "annee",
        "date",
        "libelle",
        "adresse",
        "saint",
        "sainte",
        "numero",
        "surface",
        "superficie",
        "sans",
        "non",
        "oui",
        "numéro",
        "année",
        "libellé",
        "région",
        "département",
        "departement",
        "ligne",
        "gare",
        "arret",
        "mairie",
        "école",
        "ecole",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "in",
        "for",
        "by",
        "on",
        "with",
        "at",
        "from",
        "is",
        "are",
        "to",
        "an",
        "this",
        "that",
        "these",
        "name",
        "street",
        "road",
        "city",
        "town",
        "year",
        "address",
        "number",
        "area",
        "without",
        "school",
        "station",
        "line",
        "stop",
        "no",
        "yes",
        "county",
        "country",
        "value",
        "description",
        "population",
    ]
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MAX_CHARACTERS = 60_000


def detect_languages(texts: Iterable[str]) -> tuple[str, ...]:
    """``("fr",)``, ``("en",)``, both when each is well present, or nothing when there is no evidence."""
    french = english = 0
    text = (
        " ".join(t[:500] for t in texts if not t.lstrip().startswith(("{", "[", "http")))[:_MAX_CHARACTERS]
        .replace("’", "'")
        .replace("_", " ")
        .lower()
    )
    for word in _WORD.findall(text):
        elided = word[:2] in ("l'", "d'", "n'", "s'", "c'", "j'") or word.startswith("qu'")
        if word in _FRENCH or elided or any(c in "éèêçàùôîœ" for c in word):
            french += 1
        if word in _ENGLISH:
            english += 1
    if french + english < 2:
        return ()
    if english == 0 or french / (french + english) > 0.65:
        return ("fr",)
    return ("en",) if french == 0 or english / (french + english) > 0.65 else ("fr", "en")
