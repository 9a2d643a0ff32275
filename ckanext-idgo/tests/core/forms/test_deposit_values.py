"""Values of the dataset's own fields: one spelling each, and cleaning twice changes nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.forms.core import deposit_values as values

longitudes = st.floats(-180, 180, allow_nan=False)
latitudes = st.floats(-90, 90, allow_nan=False)


@given(longitudes, longitudes, latitudes, latitudes)
def test_an_extent_stays_as_it_is(a: float, b: float, c: float, d: float) -> None:
    text = values.clean_extent([a, min(c, d), b, max(c, d)])
    assert values.clean_extent(text) == text == values.clean_extent(json.loads(text))


@given(st.lists(st.fixed_dictionaries({"name": st.text(), "type": st.sampled_from(values.COLUMN_TYPES)})))
def test_columns_stay_as_they_are(columns: list[dict[str, str]]) -> None:
    text = values.clean_columns(columns)
    assert json.loads(text) == columns
    assert values.clean_columns(text) == text


@pytest.mark.parametrize(
    "spelling",
    ["EPSG:2154", "urn:ogc:def:crs:EPSG::2154", "http://www.opengis.net/def/crs/EPSG/0/2154", " EPSG:2154 "],
)
def test_a_projection_has_one_spelling(spelling: str) -> None:
    assert values.clean_crs(spelling) == "EPSG:2154"


@pytest.mark.parametrize("wrong", ["Lambert 93", "EPSG:", "EPSG:2154; DROP", ""])
def test_what_is_no_epsg_code_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput):
        values.clean_crs(wrong)


def test_territories_keep_their_order_once() -> None:
    known = {"commune:13004", "region:93"}.__contains__
    assert (
        values.clean_territory(["region:93", "commune:13004", "region:93"], known)
        == '["region:93","commune:13004"]'
    )
    assert values.clean_territory("commune:13004, region:93", known) == '["commune:13004","region:93"]'
    with pytest.raises(BadInput) as refused:
        values.clean_territory(["commune:99999"], known)
    assert refused.value.params == {"territory": "commune:99999"}


def test_dates_have_a_type_and_a_day() -> None:
    dates = [{"type": "publication", "date": "2026-11-24"}]
    assert json.loads(values.clean_dates(dates)) == dates
    for wrong in (
        [{"type": "birth", "date": "2026-11-24"}],
        [{"type": "creation", "date": "24/11/2026"}],
        "x",
        [1],
    ):
        with pytest.raises(BadInput):
            values.clean_dates(wrong)


@pytest.mark.parametrize(
    "keyword", ["qualité de l'eau", "eau (potable)", "PLU & PLUi", "L’Isle-sur-la-Sorgue", "水"]
)
def test_keywords_of_french_are_keywords(keyword: str) -> None:
    assert values.clean_keyword(keyword) == keyword


@pytest.mark.parametrize("keyword", ["a,b", "<script>", 'a"b', "a\\b", "a;b", "", "a\nb"])
def test_what_a_query_or_a_page_reads_as_syntax_is_no_keyword(keyword: str) -> None:
    with pytest.raises(BadInput):
        values.clean_keyword(keyword)


@pytest.mark.parametrize("value", [0, "0", 12, " 12 "])
def test_zero_is_a_count(value: object) -> None:
    assert values.clean_count(value) == int(str(value))


@pytest.mark.parametrize("value", [-1, 1.5, True, "many", "9" * 30])
def test_what_is_no_count_is_refused(value: object) -> None:
    with pytest.raises(BadInput):
        values.clean_count(value)
