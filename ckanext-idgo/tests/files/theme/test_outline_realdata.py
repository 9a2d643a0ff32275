"""The region's drawing over the real outlines of its départements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.idgo.display import outline

pytestmark = pytest.mark.realdata


def test_the_plane_lies_where_the_real_departements_are(data_dir: Path) -> None:
    real = data_dir / "geo/gregoiredavid__france-geojson/departements-provence-alpes-cote-d-azur.geojson"
    features = json.loads(real.read_text(encoding="utf-8"))["features"]
    west, south, east, north = outline.region_box()
    numbers = [p for f in features for ring in _rings(f["geometry"]) for p in ring]
    # Half a degree of margin would be 40 km; a hundredth is one unit of the drawing's own roundness.
    assert min(p[0] for p in numbers) == pytest.approx(4.23, abs=0.01)
    inside = [outline.plane_from_lonlat(*p) for p in numbers]
    x, y, width, height = outline.VIEW_BOX
    assert all(x < a < x + width and y < b < y + height for a, b in inside)
    assert west < 4.23
    assert east > 7.71
    assert south < 42.98
    assert north > 45.12


def test_each_departement_is_drawn_where_it_lies(data_dir: Path) -> None:
    """Names on the map and the real centres: a drawing that slipped would put Nice in the sea."""
    real = data_dir / "geo/gregoiredavid__france-geojson/departements-provence-alpes-cote-d-azur.geojson"
    for feature in json.loads(real.read_text(encoding="utf-8"))["features"]:
        ring = max(_rings(feature["geometry"]), key=len)
        centre = [sum(p[i] for p in ring) / len(ring) for i in (0, 1)]
        x, y = outline.plane_from_lonlat(*centre)
        named = NAMES[feature["properties"]["code"]]
        assert abs(x - named[0]) < 14, feature["properties"]
        assert abs(y - named[1]) < 14, feature["properties"]


NAMES = {
    "04": (474, 430),
    "05": (477, 396),
    "06": (514, 434),
    "13": (423, 456),
    "83": (470, 473),
    "84": (424, 427),
}


def _rings(geometry: dict) -> list:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]
