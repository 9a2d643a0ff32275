"""Facts of a dataset dict, as pages show them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.display import datasets


@pytest.fixture(scope="module")
def territories() -> Territories:
    return Territories.load()


def test_a_resource_takes_the_dataset_s_tier_and_an_unknown_one_is_closed() -> None:
    assert datasets.resource_tier({}, {"access_tier": "open"}) == "open"
    assert datasets.resource_tier({"access_tier": "restricted"}, {"access_tier": "open"}) == "restricted"
    assert datasets.resource_tier({"access_tier": "Open"}, {"access_tier": "open"}) == "restricted"
    assert datasets.resource_tier({}, {}) == "restricted"


def test_the_narrowest_tier_speaks_for_the_dataset() -> None:
    assert datasets.strictest(["open", "restricted", "authenticated"]) == "restricted"
    assert datasets.strictest(["open", "authenticated"]) == "authenticated"


def test_lists_come_as_lists_or_as_their_text() -> None:
    assert datasets.as_list('["commune:13004"]') == ["commune:13004"]
    assert datasets.as_list(["a"]) == ["a"]
    assert datasets.as_list("commune:13004") == ["commune:13004"]
    assert datasets.as_list("") == []
    assert datasets.as_list(None) == []


def test_the_producer_s_dates_go_before_those_of_files_and_of_the_sheet() -> None:
    pkg = {
        "dates": '[{"type": "creation", "date": "2020-01-01"}, {"type": "revision", "date": "2024-05-02"}]',
        "resources": [{"last_modified": "2026-01-01T00:00:00"}],
        "metadata_modified": "2026-11-01T00:00:00",
    }
    assert datasets.last_update(pkg) == date(2024, 5, 2)
    assert datasets.last_update({**pkg, "dates": ""}) == date(2026, 1, 1)
    assert datasets.last_update({"metadata_modified": "2026-11-01T00:00:00"}) == date(2026, 11, 1)
    assert datasets.last_update({}) is None


def test_the_locator_prefers_an_outline_to_a_box(territories: Territories) -> None:
    assert datasets.locator({"territory": ["region:93"]}, territories) == {"all": True}
    assert datasets.locator({"territory": '["departement:84"]'}, territories) == {"parts": ["dep-84"]}
    six = [f"departement:{n}" for n in ("04", "05", "06", "13", "83", "84")]
    assert datasets.locator({"territory": six}, territories) == {"all": True}
    arles = datasets.locator({"territory": ["commune:13004"]}, territories)["box"]
    assert 395 < arles.x < 420
    assert 440 < arles.y < 475


def test_the_locator_reads_the_extent_when_there_is_no_territory(territories: Territories) -> None:
    box = {
        "type": "Polygon",
        "coordinates": [[[5.2, 43.7], [5.6, 43.7], [5.6, 44.0], [5.2, 44.0], [5.2, 43.7]]],
    }
    assert datasets.locator({"spatial": json.dumps(box)}, territories)["box"].width > 10
    assert datasets.locator({"spatial": "{broken"}, territories) == {}
    assert (
        datasets.locator({"spatial": json.dumps({"type": "Point", "coordinates": [2.3, 48.8]})}, territories)
        == {}
    )
    assert datasets.locator({}, territories) == {}


def test_a_flow_is_live_and_an_overdue_set_is_late() -> None:
    today = date(2026, 11, 24)
    assert datasets.freshness_state("continual", "2020-01-01", 1, today) == "live"
    assert datasets.freshness_state("annually", "2024-01-01", 365, today) == "warn"
    assert datasets.freshness_state("annually", "2026-06-01", 365, today) == "ok"
    assert datasets.freshness_state("irregular", "1999-01-01", None, today) == "ok"
