"""The vocabularies: complete, consistent with each other, and read safely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.metadata.core import codelists

EXPECTED = {
    "themes": 16,
    "inspire_themes": 34,
    "topic_categories": 19,
    "frequencies": 12,
    "roles": 11,
    "licenses": 13,
    "languages": 32,
    "character_sets": 28,
    "limitations": 9,
    "spatial_representation": 6,
    "data_families": 3,
    "access_tiers": 3,
    "scope": 16,
    "date_types": 3,
    "service_types": 6,
    "territory_kinds": 4,
}


def test_every_list_is_there_with_its_number_of_values() -> None:
    assert {name: len(codelists.load(name)) for name in codelists.names()} == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_every_entry_has_a_code_and_two_labels_and_every_list_its_source(name: str) -> None:
    codelist = codelists.load(name)
    assert codelist.source
    for entry in codelist:
        assert entry.code == entry.code.strip() != ""
        assert entry.fr == entry.fr.strip() != ""
        assert entry.en == entry.en.strip() != ""
        assert not entry.uri.startswith("https://inspire"), "INSPIRE's URIs begin with http://"


def test_themes_point_to_existing_topic_categories_and_inspire_themes() -> None:
    topics, inspire = codelists.load("topic_categories"), codelists.load("inspire_themes")
    for theme in codelists.load("themes"):
        assert theme.extra["topic_category"] in topics
        assert theme.extra["inspire_theme"] == "" or theme.extra["inspire_theme"] in inspire
        assert theme.extra["icon"]


def test_accents_of_the_themes_are_restored() -> None:
    themes = codelists.load("themes")
    assert themes.label("energies-et-reseaux", "fr") == "Énergies et réseaux"
    assert themes.label("economie-et-entreprises", "fr_FR") == "Économie et entreprises"
    assert themes.label("equipements-batiments-et-logement") == "Équipements, bâtiments et logement"
    assert themes.label("energies-et-reseaux", "en") == "Energy and networks"


def test_lookups() -> None:
    inspire = codelists.load("inspire_themes")
    assert inspire.uri("hy") == "http://inspire.ec.europa.eu/theme/hy"
    assert inspire.get("hy").label("en") == "Hydrography"
    found = inspire.by_uri("https://inspire.ec.europa.eu/theme/hy")
    assert found is not None
    assert found.code == "hy"
    assert inspire.by_uri("http://elsewhere.example/hy") is None
    assert "hy" in inspire
    assert inspire.codes()[0] == "ac"
    assert codelists.load("inspire_themes") is inspire, "cached"


def test_periods_grow_with_the_order_of_the_frequencies() -> None:
    days = [entry.extra["days"] for entry in codelists.load("frequencies") if entry.extra["days"]]
    assert days == sorted(days)


@pytest.mark.parametrize("name", ["nothing", "../licenses", "themes.json", "", "/etc/passwd"])
def test_unknown_list(name: str) -> None:
    with pytest.raises(codelists.UnknownCode) as caught:
        codelists.load(name)
    assert caught.value.code == "unknown-codelist"


def test_unknown_code() -> None:
    with pytest.raises(codelists.UnknownCode) as caught:
        codelists.load("roles").label("boss")
    assert caught.value.code == "unknown-code"
    assert caught.value.params == {"value": "boss", "name": "roles"}


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"source": "s", "uri": "", "entries": [{"code": "a"}]}',
        '{"source": "s", "uri": "", "entries": ['
        '{"code": "a", "uri": "", "fr": "x", "en": "x"}, {"code": "a", "uri": "", "fr": "x", "en": "x"}]}',
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(codelists.BadCodelist) as caught:
        codelists.read(path)
    assert "broken.json" in str(caught.value)


def test_ckan_s_licence_file_says_the_same_as_the_code_list() -> None:
    """CKAN reads ``schemas/licenses.json`` (``licenses_group_url``); forms and records read the code list."""
    for_ckan = json.loads((schemas_dir() / "licenses.json").read_text(encoding="utf-8"))
    codelist = codelists.load("licenses")
    assert [entry["id"] for entry in for_ckan] == list(codelist.codes())
    for raw in for_ckan:
        entry = codelist.get(raw["id"])
        assert (raw["title"], raw["title_fr"], raw["url"]) == (entry.en, entry.fr, entry.uri)
        assert (raw["od_conformance"] == "approved") == entry.extra["open"]
