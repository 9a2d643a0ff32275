"""The dataset's extent as a geometry. Not in ``core``: shapely brings numpy, a tenth of that suite."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core import deposit_derive, deposit_fields
from ckanext.idgo.forms.core import deposit_values as values
from ckanext.idgo.forms.core.facts import FileFacts

longitudes = st.floats(-180, 180, allow_nan=False)
latitudes = st.floats(-90, 90, allow_nan=False)
FACTS = FileFacts(
    filename="pistes.gpkg",
    format="GPKG",
    mimetype="application/geopackage+sqlite3",
    size_bytes=1000,
    hash="sha256:aa",
    family="geographic",
    extent=(5.0, 43.0, 5.5, 43.5),
)


def _fields(**values: object) -> dict:
    full = {"title": "Pistes", "theme": "environnement-et-climat", "territory": [], **values}
    return deposit_fields.with_proposals({}, {name: (value, "data") for name, value in full.items()})


@given(longitudes, longitudes, latitudes, latitudes)
def test_a_box_is_a_geometry_that_stays_as_it_is(a: float, b: float, c: float, d: float) -> None:
    text = values.geojson_of_extent((min(a, b), min(c, d), max(a, b), max(c, d)))
    assert values.clean_geojson(text) == text
    assert values.clean_geojson(json.loads(text)) == text


def test_third_dimension_and_digits_beyond_a_decimetre_are_dropped() -> None:
    text = values.clean_geojson({"type": "Point", "coordinates": [5.123456789, 43.1, 12.0]})
    assert text == '{"type":"Point","coordinates":[5.123457,43.1]}'


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ("{not json", "spatial-shape"),
        ('{"type": "Point"}', "spatial-shape"),
        ('{"type": "Nonsense", "coordinates": [1, 2]}', "spatial-shape"),
        ({"type": "Point", "coordinates": [892000, 6248000]}, "spatial-range"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "spatial-invalid"),
        ({"type": "GeometryCollection", "geometries": []}, "spatial-invalid"),
        ([1, 2], "spatial-shape"),
    ],
)
def test_what_is_no_extent_in_wgs_84_is_refused(geometry: object, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        values.clean_geojson(geometry)
    assert refused.value.code == code


def test_the_extent_is_the_files_else_the_territorys() -> None:
    table = Territories.load()
    made = deposit_derive.dataset_from_fields(_fields(), [FACTS], "2026-11-24", table)
    assert json.loads(made["spatial"])["coordinates"][0][0] == [5.0, 43.0]
    assert made["data_family"] == "geographic"
    assert made["topic_category"] == deposit_derive.topic_category("environnement-et-climat") != ""
    nowhere = replace(FACTS, extent=None, family="statistical")
    made = deposit_derive.dataset_from_fields(
        _fields(territory=["commune:13004"]), [nowhere], "2026-11-24", table
    )
    west = json.loads(made["spatial"])["coordinates"][0][0][0]
    assert abs(west - table.get("commune:13004").bbox[0]) < 1e-5  # type: ignore[union-attr, index]
    assert deposit_derive.dataset_from_fields(_fields(), [nowhere], "2026-11-24", table)["spatial"] == ""
