"""French words against the real Solr (issue 3, Search)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest


@pytest.mark.parametrize(
    "typed", ["eau", "l'eau", "l’eau", "EAUX", "eaux", "L’EAU", "(l’eau)", "d'eau", "«l'eau»"]
)
def test_water_is_one_word_however_it_is_written(search, typed):
    assert set(search(typed)) == {"captages", "eaux", "leau"}


def test_a_second_word_narrows(search):
    assert set(search("eau potable")) == {"captages"} < set(search("eau"))


def test_nothing_for_all_words_gives_the_nearest_and_says_so(app, catalogue, search):
    with app.flask_app.test_request_context("/"):
        asked = {"q": "eau potable inexistante"}
        found = tk.get_action("package_search")({"for_view": True}, dict(asked))
        assert [d["name"] for d in found["results"]] == ["captages"]
        assert found["relaxed"] is True
        assert "tous ces mots" in tk.h.idgo_search_note()
    page = app.get("/dataset/", query_string={"q": "eau potaple captages"})
    assert "tous ces mots" in page.body
    assert ">eau potable captages</a>" in page.body
    assert search("eau potable inexistante", mm="100%") == []
    assert search("inexistante") == []
    with app.flask_app.test_request_context("/"):
        assert "relaxed" not in tk.get_action("package_search")({}, {"q": "eau potable"})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Écoles", "ecoles"),
        ("ecole", "ecoles"),
        ("ÉCOLE", "ecoles"),
        ("réseaux", "reseaux"),
        ("reseau", "reseaux"),
        ("Réseau de chaleur", "reseaux"),
        ("œuvre", "oeuvres"),
        ("oeuvres", "oeuvres"),
        ("coeur", "oeuvres"),
        ("cœur de ville", "oeuvres"),
        ("l’espace public", "oeuvres"),
        ("PPRI-84", "ppri"),
        ("ppri 84", "ppri"),
        ("PPRI84", "ppri"),
        ("PPRI_84", "ppri"),
        ("EPSG:2154", "ppri"),
        ("epsg:2154", "ppri"),
        ("2154", "ppri"),
        ("BD TOPO", "bdtopo"),
        ("bdtopo", "bdtopo"),
        ("BD-TOPO", "bdtopo"),
        ("13004", "bdtopo"),
        ("scot", "scot"),
        ("SCoT", "scot"),
        ("schéma de cohérence territoriale", "scot"),
        ("points de captage", "captages"),
        ("debroussaillement", "captages"),
    ],
)
def test_forms_and_codes(search, typed, expected):
    assert expected in search(typed)


def test_codes_do_not_find_their_neighbours(search):
    assert search("PPRI-13") == []
    assert search("EPSG:3857") == []


def test_labels_of_codes_are_words_of_the_dataset(search):
    assert search("environnement") == ["captages"]
    assert "leau" in search("Arles")
    assert set(search("Hydrographie")) == {"eaux"}
    assert "captages" in search("CRIGE")


def test_the_title_weighs_more_than_the_description(search):
    assert search("commune")[-1] == "bdtopo"


def test_titles_sort_as_a_french_reader_expects(search):
    order = search("", sort="title_string asc")
    assert order.index("neuf") < order.index("dix") < order.index("bdtopo") < order.index("ecoles")
    assert order.index("oeuvres") < order.index("leau") < order.index("eaux") < order.index("zones")
    assert search("", sort="title_string desc") == order[::-1]
