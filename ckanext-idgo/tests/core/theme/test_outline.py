"""The region's drawing and the ground under it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.display import outline

longitudes = st.floats(min_value=4.0, max_value=8.0)
latitudes = st.floats(min_value=42.8, max_value=45.3)


@given(longitudes, latitudes)
def test_there_and_back(longitude: float, latitude: float) -> None:
    back = outline.lonlat_from_plane(*outline.plane_from_lonlat(longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-9)


@given(longitudes, latitudes, st.floats(min_value=0, max_value=2), st.floats(min_value=0, max_value=2))
def test_a_footprint_stays_in_the_drawing_and_can_be_seen(w: float, s: float, dx: float, dy: float) -> None:
    drawn = outline.footprint([w, s, w + dx, s + dy])
    if drawn is None:
        return
    x, y, width, height = outline.VIEW_BOX
    assert x - 0.1 <= drawn.x
    assert drawn.x + drawn.width <= x + width + 0.2
    assert y - 0.1 <= drawn.y
    assert drawn.y + drawn.height <= y + height + 0.2


def test_what_is_no_box_is_not_drawn() -> None:
    assert outline.footprint([1, 2, 3]) is None
    assert outline.footprint([6, 44, 5, 43]) is None
    assert outline.footprint([float("nan"), 43, 6, 44]) is None
    assert outline.footprint([2.2, 48.8, 2.4, 48.9]) is None
    assert outline.footprint([-180, -90, 180, 90]) is None


def test_the_region_covers_itself_and_a_commune_does_not() -> None:
    assert outline.covers_region(outline.region_box())
    assert not outline.covers_region([4.5, 43.3, 4.9, 43.8])


@pytest.mark.realdata
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


@pytest.mark.realdata
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
