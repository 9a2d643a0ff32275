"""The table of territories: counts, search, covering, hierarchy (issue 3)."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.territories import Territories, Territory, normalise, share_inside, union

T = Territories.load()
codes = st.sampled_from(sorted(t.code for t in T))


def test_the_whole_region_is_there() -> None:
    assert Counter(t.kind for t in T) == {"region": 1, "departement": 6, "epci": 52, "commune": 946}
    assert all(t.bbox for t in T)


def test_a_territory_has_its_official_facts() -> None:
    arles = T.get("commune:13004")
    assert arles is not None
    assert (arles.name, arles.siren, arles.epci, arles.departements) == (
        "Arles",
        "211300041",
        "241300417",
        ("13",),
    )
    assert arles.population == 51811
    assert T.get("commune:75056") is None


def test_loading_costs_a_few_milliseconds_and_happens_once() -> None:
    from ckanext.idgo.common.core import territories as module

    started = time.process_time()
    fresh = module._load.__wrapped__(module.schemas_dir() / "territories" / "territories.csv")
    assert time.process_time() - started < 0.1
    assert len(fresh) == len(T)
    assert Territories.load() is Territories.load()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("arles", "commune:13004"),
        ("ARLES", "commune:13004"),
        ("marseille", "commune:13055"),
        ("13055", "commune:13055"),
        ("211300041", "commune:13004"),
        ("200054807", "epci:200054807"),
        ("bouches du rhone", "departement:13"),
        ("st remy de provence", "commune:13100"),
        ("Saint-Rémy-de-Provence", "commune:13100"),
        ("thor", "commune:84132"),
        ("isle sur la sorgue", "commune:84054"),
        ("provence alpes cote d’azur", "region:93"),
        ("Aix-Marseille", "epci:200054807"),
        ("region:93", "region:93"),
    ],
)
def test_search_finds_what_a_person_types(text: str, first: str) -> None:
    assert T.search(text)[0].code == first


def test_search_puts_the_beginning_first_then_the_most_inhabited() -> None:
    found = T.search("saint-m", 50)
    starts = [normalise(t.name).startswith("saint m") for t in found]
    assert starts == sorted(starts, reverse=True)
    populations = [t.population or 0 for t, start in zip(found, starts, strict=True) if start]
    assert populations == sorted(populations, reverse=True)
    assert T.search("   ") == []
    assert T.search("zzzz") == []
    assert len(T.search("a", 3)) == 3


def test_homonyms_carry_their_departement() -> None:
    assert T.label("commune:13004") == "Arles"
    assert T.label("region:93") == "Provence-Alpes-Côte d’Azur"
    vitrolles = T.named("Vitrolles")
    assert [T.label(t.code) for t in vitrolles] == ["Vitrolles (13)", "Vitrolles (05)"]
    assert T.label("commune:99999") == "commune:99999"


def test_covering_takes_the_smallest_kind_that_holds_the_box() -> None:
    def kind(box: tuple[float, float, float, float]) -> str | None:
        found = T.covering(box)
        return found.code if found else None

    assert kind((4.55, 43.5, 4.7, 43.7)) == "commune:13004"
    assert kind((4.23, 43.33, 4.98, 43.89)) == "epci:241300417"
    assert kind((4.24, 43.17, 5.81, 43.92)) == "departement:13"
    assert kind((4.3, 43.0, 7.7, 45.1)) == "region:93"
    assert kind((-5.2, 41.3, 9.6, 51.1)) is None  # metropolitan France
    assert kind((2.2, 48.8, 2.4, 48.9)) is None  # Paris
    assert kind((4.6, 43.6, 4.6, 43.6)) == "commune:13004"  # a single point


def test_an_epci_over_two_departements_counts_in_both() -> None:
    assert T.ancestors("epci:200034700") == ("departement:04", "departement:83", "region:93")
    assert "epci:200034700" in T.expand("departement:83")
    assert T.ancestors("commune:13004") == ("epci:241300417", "departement:13", "region:93")
    assert len(T.expand("region:93")) == 6 + 52 + 946
    assert T.ancestors("region:93") == T.ancestors("nowhere:1") == T.expand("commune:13004") == ()


@given(codes)
def test_a_territory_covers_its_own_box_and_is_found_by_its_code(code: str) -> None:
    territory = T.get(code)
    assert territory is not None
    assert territory.bbox is not None
    found = T.covering(territory.bbox)
    assert found is not None
    assert found.code == code or KINDS_UP[found.kind] < KINDS_UP[territory.kind]
    assert territory in T.search(territory.official_code, 100)
    assert T.search(territory.name, 1)[0].name == territory.name


KINDS_UP = {"commune": 0, "epci": 1, "departement": 2, "region": 3}


@given(codes)
def test_what_contains_and_what_is_contained_agree(code: str) -> None:
    for above in T.ancestors(code):
        assert code in T.expand(above)
    for inside in T.expand(code):
        assert code in T.ancestors(inside)


@given(codes)
def test_a_box_holds_the_boxes_of_all_that_lies_inside(code: str) -> None:
    outer = T.bbox([code])
    assert outer is not None
    kinds = {"departement": ("commune",), "region": ("commune", "epci", "departement"), "epci": ("commune",)}
    wanted = kinds.get(code.split(":")[0], ())
    for inside in T.expand(code):
        if inside.split(":")[0] in wanted:
            box = T.bbox([inside])
            assert box is not None
            assert share_inside(box, outer) == 1.0


@given(st.lists(codes, max_size=5))
def test_the_box_of_several_is_the_union(chosen: list[str]) -> None:
    assert T.bbox(chosen) == union(b for c in chosen if (b := T.bbox([c])))
    assert T.bbox([*chosen, "commune:99999"]) == T.bbox(chosen)


@given(st.text(max_size=40))
def test_any_text_may_be_searched(text: str) -> None:
    assert len(T.search(text, 5)) <= 5
    assert normalise(normalise(text)) == normalise(text)


floats = st.floats(min_value=-180, max_value=180)


@given(floats, floats, floats, floats)
def test_any_box_may_be_asked(a: float, b: float, c: float, d: float) -> None:
    box = (min(a, c), min(b, d), max(a, c), max(b, d))
    found = T.covering(box)
    if found is not None:
        assert found.bbox is not None
        assert share_inside(box, found.bbox) >= 0.95


def test_another_table_may_be_given() -> None:
    one = Territories([Territory("commune:1", "commune", "1", "L'Île", bbox=(0, 0, 1, 1))])
    assert one.search("ile")[0].code == "commune:1"
    assert one.covering((0.1, 0.1, 0.2, 0.2)) is one.get("commune:1")
    assert Territories([]).covering((0, 0, 1, 1)) is None
