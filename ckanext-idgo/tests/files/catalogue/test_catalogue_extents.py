"""The box of a dataset in the index, read with shapely."""

from __future__ import annotations

import json

import pytest

from ckanext.idgo.catalogue.core import indexing
from ckanext.idgo.common.core.territories import Territories


def test_an_extent_is_a_box_in_the_index() -> None:
    dataset = {"title": "Écoles", "spatial": json.dumps({"type": "Point", "coordinates": [5, 43]})}
    found = indexing.additions(dataset, Territories.load(), lambda *_: [])
    assert [found[key] for key in ("minx", "maxx", "miny", "maxy")] == [5, 5, 43, 43]


@pytest.mark.parametrize(
    "spatial",
    [
        "",
        None,
        "x",
        "[]",
        "{}",
        '{"type": "Point"}',
        '{"type": "Point", "coordinates": []}',
        '{"type": "Nope", "coordinates": [1, 2]}',
        '{"type": "Point", "coordinates": ["a", "b"]}',
        '{"type": "Polygon", "coordinates": []}',
        "null",
        "3",
    ],
)
def test_an_extent_that_cannot_be_read_is_no_extent(spatial):
    assert indexing.dataset_box(spatial) == {}
