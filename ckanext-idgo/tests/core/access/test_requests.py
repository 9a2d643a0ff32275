"""What people write: dates are whole days of Paris, territories are known, and nothing odd gets through."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core import requests as rules
from ckanext.idgo.access.core.requests import PARIS, Item, end_of_day, includes, last_day
from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
TERRITORIES = Territories.load()


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_is_whole_in_paris(day: date) -> None:
    """Whatever the season: the last microsecond is inside, the next one is the next day."""
    end = end_of_day(day)
    assert (end - timedelta(microseconds=1)).astimezone(PARIS).date() == day
    assert end.astimezone(PARIS).date() == day + timedelta(days=1)
    assert end.utcoffset() == timedelta(0)
    assert last_day(end) == day


def test_the_day_follows_the_clocks() -> None:
    assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 23, tzinfo=timezone.utc)
    assert end_of_day(date(2026, 7, 14)) == datetime(2026, 7, 14, 22, tzinfo=timezone.utc)


def test_today_is_that_of_paris_and_three_years_are_the_most() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=timezone.utc)  # already the 25th in Paris
    with pytest.raises(BadInput, match="past"):
        rules.read_until("2026-11-24", late, 1096)
    assert rules.read_until("2026-11-25", late, 1096) == date(2026, 11, 25)
    assert rules.read_until("2029-11-24", NOON, 1096) == date(2029, 11, 24)
    with pytest.raises(BadInput, match="2029-11-24"):
        rules.read_until("2029-11-25", NOON, 1096)
    assert rules.read_until("2199-01-01", NOON, 0) == date(2199, 1, 1)
    assert rules.read_until("", NOON, 1096) is None
    assert rules.read_until(None, NOON, 1096) is None


@pytest.mark.parametrize(
    "value",
    ["31/12/2027", "2027-13-01", "2027-02-30", "demain", 20271231, ["2027-01-01"], True, "2027-W01-1"],
)
def test_what_is_no_date_is_refused(value) -> None:
    with pytest.raises(BadInput) as caught:
        rules.read_until(value, NOON, 1096)
    assert caught.value.code == "until"


def test_territories_are_known_ones_once_each() -> None:
    assert rules.read_codes(["commune:13004", "commune:13004", "departement:83"], TERRITORIES) == [
        "commune:13004",
        "departement:83",
    ]
    assert rules.read_codes("commune:13004", TERRITORIES) == ["commune:13004"]
    assert rules.read_codes([], TERRITORIES) == rules.read_codes(None, TERRITORIES) == []
    for wrong in (["commune:99999"], ["commune:13004", 7], {"commune:13004": 1}, 7, ["commune:13004"] * 101):
        with pytest.raises(BadInput) as caught:
            rules.read_codes(wrong, TERRITORIES)
        assert caught.value.code == "territory"


def _field_of(read, value) -> str | None:
    try:
        read(value)
    except BadInput as error:
        return error.code
    return None


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.text(), max_size=2))
)
def test_odd_values_are_refused_by_name_and_never_raise_otherwise(value) -> None:
    for field, read in (
        ("purpose", rules.read_purpose),
        ("accept_license", rules.read_accepted),
        ("decision", lambda v: rules.read_choice(v, "decision", ("grant", "refuse"))),
        ("message", lambda v: rules.read_text(v, "message", "Write.")),
    ):
        assert _field_of(read, value) in (None, field)


def test_a_text_has_an_end_and_no_nul() -> None:
    assert rules.read_text("  Étude\x00  ", "message", "Write.") == "Étude"
    with pytest.raises(BadInput):
        rules.read_text("é" * 2001, "message", "Write.")
    with pytest.raises(BadInput):
        rules.read_text(" \n\x00 ", "message", "Write.")


def test_a_dataset_contains_its_resources() -> None:
    whole, part, other = Item("set-1"), Item("set-1", "res-1"), Item("set-2", "res-9")
    assert includes([whole], [part])
    assert includes([whole, other], [part, other])
    assert not includes([part], [whole])
    assert not includes([whole], [other])
