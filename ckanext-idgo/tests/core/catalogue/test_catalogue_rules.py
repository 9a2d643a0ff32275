"""Boxes, territories, orders, folding, the document, suggestions, spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.catalogue.core import indexing, spelling, suggestions, territory, text
from ckanext.idgo.catalogue.core.box import Box, intersects_filter, overlap_boost, parse_box
from ckanext.idgo.catalogue.core.sorting import parse_sort
from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories

DEGREES = st.floats(-90, 90, allow_nan=False)


class TestBox:
    @pytest.mark.parametrize(
        "given_",
        ["4.6,43.6,5.8,44.4", " 4.6 , 43.6, 5.8,44.4 ", "4.6;43.6;5.8;44.4", ["4.6", "43.6", 5.8, 44.4]],
    )
    def test_four_numbers(self, given_):
        assert parse_box(given_) == Box(4.6, 43.6, 5.8, 44.4)

    @pytest.mark.parametrize(
        ("given_", "code"),
        [
            ("1,2,3", "bbox-numbers"),
            ("", "bbox-numbers"),
            ("a,2,3,4", "bbox-number"),
            ("nan,2,3,4", "bbox-number"),
            ("1e999,2,3,4", "bbox-number"),
            ("181,2,3,4", "bbox-longitude"),
            ("1,-91,3,4", "bbox-latitude"),
            ("1,5,3,4", "bbox-order"),
        ],
    )
    def test_the_rule_broken_is_named(self, given_, code):
        with pytest.raises(BadInput) as refused:
            parse_box(given_)
        assert refused.value.code == code

    @given(DEGREES, DEGREES, DEGREES, DEGREES)
    def test_what_is_read_is_what_was_written(self, west, one, east, other):
        south, north = sorted((one, other))
        assert parse_box(f"{west!r},{south!r},{east!r},{north!r}") == Box(west, south, east, north)

    def test_over_the_date_line_longitudes_are_alternatives(self):
        assert "+(minx:[* TO -170.0] maxx:[170.0 TO *])" in intersects_filter(Box(170.0, -1.0, -170.0, 1.0))
        assert overlap_boost(Box(170.0, -1.0, -170.0, 1.0)) == "1"


class TestTerritory:
    places = Territories.load()

    def test_inside_and_above(self):
        found = territory.territory_filter("commune:13004", self.places)
        assert found.startswith('+(territory:"commune:13004" OR territory_own:"epci:')
        assert found.endswith('territory_own:"departement:13" OR territory_own:"region:93")')
        assert territory.territory_filter("region:93", self.places) == '+(territory:"region:93")'

    @pytest.mark.parametrize("code", ["", "13", "commune:99999", 'commune:13004" OR *:*', "region:93\n"])
    def test_unknown_codes(self, code):
        with pytest.raises(BadInput):
            territory.territory_filter(code, self.places)

    def test_a_code_brings_what_contains_it_once(self):
        found = indexing.with_ancestors(["commune:13004", "commune:13001"], self.places)
        assert {"commune:13004", "commune:13001", "departement:13", "region:93"} <= set(found)
        assert len(found) == len(set(found))


class TestSort:
    @pytest.mark.parametrize(
        ("asked", "order"),
        [
            (None, None),
            ("", None),
            ("rank", None),
            ("title", "title_string asc"),
            ("score", "score desc"),
            ("metadata_modified desc, name asc", "metadata_modified desc, name asc"),
        ],
    )
    def test_known(self, asked, order):
        assert parse_sort(asked) == order

    @pytest.mark.parametrize(
        "asked", ["res_url asc", "data_dict", "title up", "name asc asc", ",", "sum(1,2) asc", "name asc;x"]
    )
    def test_unknown(self, asked):
        with pytest.raises(BadInput):
            parse_sort(asked)


class TestText:
    def test_fold(self):
        assert text.fold("Œuvres d’Été À l'Île") == "oeuvres d’ete a l'ile"
        assert text.words("L’eau d'Arles, aujourd'hui") == ["eau", "arles", "aujourd", "hui"]

    def test_titles_in_french_order(self):
        titles = [
            "Zones",
            "Écoles",
            "eau",
            "« Étangs »",
            "10 communes",
            "9 communes",
            "Œuvres",
            "l'Ouvèze",
            "Orange",
        ]
        assert sorted(titles, key=text.sort_key) == [
            "9 communes",
            "10 communes",
            "eau",
            "Écoles",
            "« Étangs »",
            "l'Ouvèze",
            "Œuvres",
            "Orange",
            "Zones",
        ]

    @given(st.text(max_size=300))
    def test_folding_is_done_once(self, anything):
        assert text.sort_key(text.fold(anything)) == text.sort_key(anything)


class TestDocument:
    def _labels(self, field, code):
        return [f"{field} {code}"]

    def test_fields(self):
        dataset = {
            "title": "Écoles",
            "theme": "formation-education-et-emploi",
            "frequency": "annually",
            "access_tier": "",
            "territory": '["commune:13004"]',
            "organization": {"title": "CRIGE"},
        }
        found = indexing.additions(dataset, Territories.load(), self._labels)
        assert found["territory_own"] == ["commune:13004"] and "region:93" in found["territory"]  # noqa: PT018
        assert found["territory_text"] == ["Arles"]
        assert found["theme_text"] == ["theme formation-education-et-emploi"]
        assert found["title_string"] == "ecoles"
        assert "access_tier" not in found

    @pytest.mark.parametrize(
        ("stored", "codes"),
        [
            (None, []),
            ("", []),
            ("a", ["a"]),
            (["a", "a", ""], ["a"]),
            ('["a", "b"]', ["a", "b"]),
            ("[a", ["[a"]),
            (3, []),
            ({"a": 1}, []),
        ],
    )
    def test_lists_in_any_form(self, stored, codes):
        assert indexing.listed(stored) == codes

    def test_formats_once_in_one_spelling(self):
        assert indexing.formats(["csv", "CSV", " geojson", "Shapefile", "", None, "inconnu"]) == [
            "CSV",
            "GeoJSON",
            "SHP",
            "inconnu",
        ]

    def test_addresses_are_never_touched(self):
        masked = {
            "res_url": [""],
            "data_dict": "x" * 50_000,
            "validated_data_dict": "{}",
            "extras_a": "y" * 50_000,
            "a": "y" * 50_000,
        }
        assert indexing.trimmed(dict(masked)) == {k: v for k, v in masked.items() if k != "a"}


class TestSuggestions:
    def test_titles_hold_every_word(self):
        found = [{"title": "Plan de l’eau"}, {"title": "Eau potable"}, {"title": "Air"}]
        assert [d["title"] for d in suggestions.best_titles(found, ["ea"], 5)] == [
            "Eau potable",
            "Plan de l’eau",
        ]

    def test_keywords_most_used_first(self):
        counts = {"débroussaillement": 2, "Débroussailler": 5, "eau": 9, "débrou vide": 0}
        assert suggestions.matching_counts(counts, ["debrou"], 5) == [
            ("Débroussailler", 5),
            ("débroussaillement", 2),
        ]

    def test_no_row_no_group(self):
        assert suggestions.group("x", []) is None

    @given(st.text())
    def test_typed_words_need_no_escaping(self, anything):
        assert all(word.isalnum() for word in suggestions.typed_words(anything))


class TestSpelling:
    def test_closest(self):
        assert spelling.closest("encombrans", ["Ramassage des encombrants", "Encombrement"]) == "encombrants"
        assert spelling.closest("eau", ["Zones d'activités"]) is None
        assert spelling.closest("débroussaillement", []) is None

    def test_respelled(self):
        assert (
            spelling.respelled("ramassage des Encombrans", {"encombrans": "encombrants"})
            == "ramassage des encombrants"
        )
        assert spelling.respelled("eau", {"air": "aire"}) is None

    def test_codes_are_not_respelled(self):
        assert spelling.fuzzy_words("PLU 13004 PPRI-84 ecoles") == ["ppri", "ecoles"]
