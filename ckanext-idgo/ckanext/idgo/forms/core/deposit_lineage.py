"""The lineage sentence of a deposited file (ISO 19115 ``LI_Lineage.statement``, INSPIRE TG 2.2.1).

Metadata content, not interface: written in French, the language of the metadata, from the facts alone.
"""

from __future__ import annotations

from datetime import date

from ckanext.idgo.forms.core.facts import FileFacts

NBSP = "\u00a0"
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def lineage(facts: FileFacts, day: date) -> str:
    """« Fichier « x.gpkg » déposé le 24 novembre 2026 : format GPKG, 2 couches, 345 objets, projection
    EPSG:2154. Caractéristiques relevées à l’ouverture du fichier. »"""
    found = [f"format {facts.format}"]
    if len(facts.layers) > 1:
        found.append(f"{len(facts.layers)} couches")
    if facts.feature_count is not None:
        found.append(_count(facts.feature_count, bool(facts.geometry_type)))
    if facts.crs:
        found.append(f"projection {facts.crs}")
    if facts.encoding:
        found.append(f"encodage {facts.encoding}")
    if facts.resolution_m:
        found.append(f"résolution {_decimal(facts.resolution_m)}{NBSP}m")
    return (
        f"Fichier «{NBSP}{facts.filename}{NBSP}» déposé le {french_day(day)}{NBSP}: {', '.join(found)}. "
        "Caractéristiques relevées à l’ouverture du fichier."
    )


def french_day(day: date) -> str:
    """``1er mai 2026``."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def _count(count: int, geographic: bool) -> str:
    word = "objet" if geographic else "ligne"
    return f"{count:,}".replace(",", NBSP) + f" {word}{'s' if count > 1 else ''}"


def _decimal(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", ",")
