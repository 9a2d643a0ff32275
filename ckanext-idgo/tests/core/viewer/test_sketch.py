"""The still drawing of the facts card: what is drawn, where, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.idgo.viewer.core.sketch import HEIGHT_PX, WIDTH_PX, sketch

NOTHING: dict[str, Any] = {"features": []}
degrees = st.tuples(st.floats(-179, 179), st.floats(-89, 89))
rings = st.lists(degrees, min_size=4, max_size=6).map(lambda ring: [*ring, ring[0]])


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def box_of(places: list[Any]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    return min(xs), min(ys), max(xs), max(ys)


@given(st.lists(degrees, min_size=1, max_size=8))
def test_every_point_is_drawn_inside_the_picture(places: list[Any]) -> None:
    drawn = etree.fromstring(sketch([[feature("Point", p) for p in places]], [box_of(places)], NOTHING))
    circles = drawn.findall("{*}circle")
    assert 1 <= len(circles) <= len(places)
    for circle in circles:
        assert 0 <= float(circle.get("cx")) <= WIDTH_PX
        assert 0 <= float(circle.get("cy")) <= HEIGHT_PX


@given(rings)
def test_an_area_is_a_closed_path_of_numbers(ring: list[Any]) -> None:
    drawn = etree.fromstring(sketch([[feature("MultiPolygon", [[ring]])]], [box_of(ring)], NOTHING))
    (path,) = drawn.findall("{*}path")
    assert re.fullmatch(r"M[-\d. L]+Z", path.get("d"))


def test_north_is_up_and_east_is_right() -> None:
    west, east = feature("Point", [4.0, 43.0]), feature("Point", [5.0, 44.0])
    svg = etree.fromstring(
        sketch([[west], [east]], [(4.0, 43.0, 4.0, 43.0), (5.0, 44.0, 5.0, 44.0)], NOTHING)
    )
    first, second = svg.findall("{*}circle")
    assert float(first.get("cx")) < float(second.get("cx"))
    assert float(first.get("cy")) > float(second.get("cy"))
    assert first.get("fill") != second.get("fill")


def test_a_layer_without_features_is_its_footprint() -> None:
    svg = etree.fromstring(sketch([[]], [(5.0, 43.0, 5.1, 43.1)], NOTHING))
    assert svg.findall("{*}rect")[-1].get("stroke-dasharray")


def test_nothing_of_the_file_but_numbers_reaches_the_drawing() -> None:
    bad = '"><script>alert(1)</script>'
    line = feature("LineString", [[4.0, 43.0], [4.1, 43.1]], nom=bad)
    svg = sketch([[line]], [(4.0, 43.0, 4.1, 43.1)], NOTHING)
    assert "script" not in svg
    with pytest.raises(ValueError, match="no layer"):
        sketch([], [], NOTHING)
