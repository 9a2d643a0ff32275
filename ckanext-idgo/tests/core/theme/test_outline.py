"""The region's drawing and the ground under it."""

from __future__ import annotations

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
