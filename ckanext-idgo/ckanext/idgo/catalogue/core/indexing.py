"""What the index is told of a dataset beyond what CKAN tells it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from ckanext.idgo.catalogue.core.text import sort_key

CODES = ("theme", "inspire_theme", "access_tier", "data_family", "frequency")

# CKAN repeats each field outside ``extras_`` as one Solr string; Lucene refuses a string above 32 766 bytes,
# and with it the whole dataset. Long texts stay searchable through ``extras_<field>`` and ``text``.
MAX_STRING_BYTES = 32_000
TEXT_FIELDS = frozenset({"title", "notes", "author", "maintainer", "author_email", "maintainer_email"})
STORED_ONLY = frozenset({"data_dict", "validated_data_dict"})
# Coordinates and lists of objects are not words: without these the text index fills with numbers.
NOT_WORDS = ("spatial", "dates", "columns", "extent")

_SPELLINGS = """SHP GPKG GeoJSON KML KMZ GML MIF TAB FlatGeobuf DXF DWG CSV TSV XLSX XLS ODS JSON XML GeoTIFF
COG GTFS PDF PNG JPEG ZIP HTML WMS WFS WMTS WCS CSW PMTiles Parquet LAS LAZ"""
FORMATS = {label.lower(): label for label in _SPELLINGS.split()}
FORMATS |= {"shapefile": "SHP", "geopackage": "GPKG", "excel": "XLSX", "tiff": "GeoTIFF", "jpg": "JPEG"}


class Places(Protocol):
    """What indexing needs of ``common.core.territories.Territories``."""

    def ancestors(self, code: str) -> tuple[str, ...]: ...

    def label(self, code: str) -> str: ...


def dataset_box(spatial: str | None) -> dict[str, float]:
    """``minx maxx miny maxy`` (degrees, WGS 84) of a GeoJSON text; empty when it has no usable extent."""
    if not spatial:
        return {}
    # Here, not above: numpy comes with it, and most of what imports this module asks for no box.
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        west, south, east, north = shape(json.loads(spatial)).bounds
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ShapelyError):
        return {}
    if not all(math.isfinite(v) for v in (west, south, east, north)):
        return {}
    return {"minx": west, "maxx": east, "miny": south, "maxy": north}


def listed(value: Any) -> list[str]:
    """A list field as stored (JSON text), as shown (list) or single (text) → list of texts."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                value = json.loads(text)
            except ValueError:
                value = [text]
        else:
            value = [text]
    if not isinstance(value, Iterable) or isinstance(value, Mapping):
        return []
    return list(dict.fromkeys(str(v).strip() for v in value if v is not None and str(v).strip()))


def with_ancestors(codes: Iterable[str], places: Places) -> list[str]:
    """Codes and all that contains them: a dataset of Arles is found under its EPCI, Bouches-du-Rhône and the
    region."""
    found: dict[str, None] = {}
    for code in codes:
        found[code] = None
        found.update(dict.fromkeys(places.ancestors(code)))
    return list(found)


def formats(values: Iterable[str | None]) -> list[str]:
    """Formats of the resources, each once, in the catalogue's spelling."""
    clean = (value.strip() for value in values if value and value.strip())
    return list(dict.fromkeys(FORMATS.get(value.lower().lstrip("."), value) for value in clean))


def additions(
    dataset: Mapping[str, Any], places: Places, label: Callable[[str, str], Iterable[str]]
) -> dict[str, Any]:
    """Index fields of ``dataset`` (``package_show``'s form).

    ``label(field, code)`` gives every label of a code (all languages): a search for « environnement » finds a
    dataset of that theme whose text never says the word.
    """
    own = listed(dataset.get("territory"))
    organization = dataset.get("organization") or {}
    fields: dict[str, Any] = {name: dataset[name] for name in CODES if dataset.get(name)}
    fields |= dataset_box(dataset.get("spatial"))
    fields |= {
        "territory_own": own,
        "territory": with_ancestors(own, places),
        "territory_text": [places.label(code) for code in own],
        "theme_text": [text for name in ("theme", "inspire_theme") for text in _labels(dataset, name, label)],
        "organization_text": [organization["title"]] if organization.get("title") else [],
        "title_string": sort_key(dataset.get("title") or dataset.get("name") or ""),
    }
    return fields


def _labels(
    dataset: Mapping[str, Any], name: str, label: Callable[[str, str], Iterable[str]]
) -> Iterable[str]:
    return label(name, dataset[name]) if dataset.get(name) else ()


def trimmed(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what would pollute or break the index (see the constants above)."""
    for name in NOT_WORDS:
        document.pop(name, None)
        document.pop(f"extras_{name}", None)
    for name in (*CODES, "territory", "topic_category"):
        document.pop(
            f"extras_{name}", None
        )  # codes are filtered on; read as text they would answer « commune »
    for name, value in list(document.items()):
        if name in TEXT_FIELDS or name in STORED_ONLY or name.startswith(("extras_", "res_")):
            continue
        if isinstance(value, str) and len(value.encode("utf-8")) > MAX_STRING_BYTES:
            del document[name]
    return document
