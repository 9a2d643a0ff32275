"""A first description: two sentences of facts in French, which the contributor completes.

A description is content, not interface: it is French whoever reads it.
"""

from __future__ import annotations

import re
from datetime import date

from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.propose.french import NBSP, counted, number

_GEOMETRIES = {
    "point": "point",
    "multipoint": "point",
    "linestring": "ligne",
    "multilinestring": "ligne",
    "polygon": "polygone",
    "multipolygon": "polygone",
}
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
_SHOWN_COLUMNS = 6
_SHOWN_LAYERS = 4


def describe(title: str, place: str, facts: FileFacts) -> str:
    """Two sentences at most: what, where, how many, in which projection; columns or layers, period."""
    return " ".join(sentence for sentence in (_what(title, place, facts), _content(facts)) if sentence)


def _what(title: str, place: str, facts: FileFacts) -> str:
    where = f", {place}" if place else ""
    crs = f", projection {facts.crs}" if facts.crs else ""
    objects = _objects(facts)
    detail = f"{NBSP}: {objects}" if objects else ""
    return f"{title or 'Données'}{where}{detail}{crs} (fichier {facts.format})."


def _objects(facts: FileFacts) -> str:
    if facts.feature_count is not None:
        kind = _GEOMETRIES.get(re.sub(r"[^a-z]", "", (facts.geometry_type or "").lower().split(" ")[0]))
        noun = kind or ("objet" if facts.geometry_type else "ligne")
        return counted(facts.feature_count, noun)
    if facts.resolution_m:
        return f"image à {_metres(facts.resolution_m)} par pixel"
    return ""


def _metres(value: float) -> str:
    return f"{value:.3g}".replace(".", ",") + f"{NBSP}m"


def _content(facts: FileFacts) -> str:
    parts = []
    if len(facts.layers) > 1:
        names = [layer.name for layer in facts.layers]
        parts.append(f"{number(len(names))}{NBSP}couches{NBSP}: {_list(names, _SHOWN_LAYERS)}")
    elif facts.columns:
        names = [c.name for c in facts.columns if c.type != "geometry"]
        if names:
            parts.append(f"{counted(len(names), 'colonne')}{NBSP}: {_list(names, _SHOWN_COLUMNS)}")
    period = _period(facts.dates)
    if period:
        parts.append(f"données {period}" if parts else f"Données {period}")
    text = f"{NBSP}; ".join(parts)
    return text if not text or text.endswith("…") else f"{text}."


def _list(names: list[str], shown: int) -> str:
    listed = ", ".join(names[:shown])
    return listed + ("…" if len(names) > shown else "")


def _period(dates: tuple[str, str] | None) -> str:
    if dates is None:
        return ""
    first, last = (_written(day) for day in dates)
    if not first or not last:
        return ""
    return f"du {first}" if first == last else f"du {first} au {last}"


def _written(day: str) -> str:
    """``1er janvier 2024``; empty when it is no date."""
    try:
        read = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    number_ = "1er" if read.day == 1 else str(read.day)
    return f"{number_}{NBSP}{_MONTHS[read.month - 1]} {read.year}"
