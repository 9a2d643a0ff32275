"""From a draft's fields and a file's facts to the dataset and the resource that CKAN stores.

Shapes: ``docs/adr/0001-rooms-and-contracts.md``. Pure; days are given, never read from a clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from slugify import slugify

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core.deposit_fields import Fields, value_of
from ckanext.idgo.forms.core.deposit_values import FAMILIES, MAX_COLUMNS, MAX_LAYERS, geojson_of_extent
from ckanext.idgo.forms.core.facts import BBox, FileFacts
from ckanext.idgo.metadata.core import codelists

MAX_NAME_LENGTH = 100  # CKAN's PACKAGE_NAME_MAX_LENGTH
_RESERVED = ("new", "edit", "search")


def dataset_name(title: str, taken: Callable[[str], bool]) -> str:
    """A free address for a title in any script: ``Écoles d'Arles`` → ``ecoles-d-arles``, then ``…-2``."""
    base = slugify(
        title.replace("’", "'"), max_length=MAX_NAME_LENGTH - 6, word_boundary=True, save_order=True
    )
    if len(base) < 2 or base in _RESERVED:
        base = f"donnees-{base or secrets.token_hex(4)}"
    name, number = base, 2
    while taken(name):
        name, number = f"{base}-{number}", number + 1
    return name


def topic_category(theme: str) -> str:
    """The ISO topic category of a theme, empty for a theme that is not of the list."""
    return _of_theme(theme, "topic_category")


def inspire_theme(theme: str) -> str:
    """The INSPIRE theme that a theme usually falls under, empty where there is none."""
    return _of_theme(theme, "inspire_theme")


def _of_theme(theme: str, key: str) -> str:
    themes = codelists.load("themes")
    return str(themes.get(theme).extra.get(key) or "") if theme in themes else ""


def resource_from_facts(facts: FileFacts) -> dict[str, Any]:
    """The resource's own fields; what the file does not have is left out."""
    found = {
        "name": facts.filename,
        "format": facts.format,
        "mimetype": facts.mimetype,
        "size": facts.size_bytes,
        "hash": facts.hash,
        "crs": facts.crs,
        "encoding": facts.encoding,
        "geometry_type": facts.geometry_type,
        "feature_count": facts.feature_count,
        "layers": [layer.name for layer in facts.layers[:MAX_LAYERS]],
        "columns": [{"name": column.name, "type": column.type} for column in facts.columns[:MAX_COLUMNS]],
        "extent": list(facts.extent) if facts.extent else None,
    }
    return {key: value for key, value in found.items() if value not in (None, [], "")}


FACT_FIELDS = (
    "size",
    "hash",
    "mimetype",
    "format",
    "crs",
    "encoding",
    "geometry_type",
    "feature_count",
    "layers",
    "columns",
    "extent",
)
"""Resource fields that belong to the file: a new file replaces all of them, or removes them."""


def spatial(extents: Iterable[BBox | None], territory: Iterable[str], territories: Territories) -> str:
    """GeoJSON of the data's extent, else of the territory's box, empty when neither is known."""
    known = [extent for extent in extents if extent]
    box = (
        (
            min(e[0] for e in known),
            min(e[1] for e in known),
            max(e[2] for e in known),
            max(e[3] for e in known),
        )
        if known
        else territories.bbox(territory)
    )
    return geojson_of_extent(box) if box else ""


def data_family(facts: Iterable[FileFacts]) -> str:
    """``geographic`` if any file is, else the first known family, empty for documents alone."""
    families = [fact.family for fact in facts]
    if "geographic" in families:
        return "geographic"
    return next((family for family in families if family in FAMILIES), "")


def dates(existing: list[dict[str, str]], today: str) -> list[dict[str, str]]:
    """ISO dates after a deposit on ``today``: published once, revised at each later deposit."""
    kept = [item for item in existing if item.get("type") != "revision"]
    if not any(item.get("type") == "publication" for item in kept):
        return [*kept, {"type": "publication", "date": today}]
    return [*kept, {"type": "revision", "date": today}]


def dataset_from_fields(
    fields: Fields,
    facts: list[FileFacts],
    today: str,
    territories: Territories,
    existing: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The dataset's dict for ``package_create`` or ``package_patch``, resources and name left out.

    ``existing`` is the dataset as it stands: what the new files do not say is kept from it.
    """
    before = existing or {}
    theme, territory = value_of(fields, "theme"), value_of(fields, "territory")
    same_theme = before.get("theme") == theme
    derived = {
        "topic_category": (before.get("topic_category") if same_theme else "") or topic_category(theme),
        "inspire_theme": before.get("inspire_theme", "")
        if same_theme and before
        else value_of(fields, "inspire_theme") or inspire_theme(theme),
        "data_family": data_family(facts) or before.get("data_family", ""),
        "lineage": value_of(fields, "lineage") or before.get("lineage", ""),
        "spatial": _spatial(fields, facts, before, territories),
        "dates": dates(list(before.get("dates") or []), today),
    }
    plain = {
        name: value_of(fields, name)
        for name in ("title", "notes", "owner_org", "theme", "frequency", "license_id", "access_tier")
    }
    tags = [{"name": tag} for tag in value_of(fields, "tags")]
    return {**plain, **derived, "territory": territory, "tags": tags}


def _spatial(
    fields: Fields, facts: list[FileFacts], before: Mapping[str, Any], territories: Territories
) -> str:
    """A new extent from new files; without one, the old stays while the territory does."""
    extents = [fact.extent for fact in facts]
    territory = value_of(fields, "territory")
    if before.get("spatial") and not any(extents) and list(before.get("territory") or []) == territory:
        return str(before["spatial"])
    if not any(extents) and before:
        extents = [tuple(r["extent"]) for r in before.get("resources", []) if r.get("extent")]
    return spatial(extents, territory, territories)
