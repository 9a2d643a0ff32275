"""What is proposed for a file, field by field, and where each proposal says it came from (issue 3)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core.facts import Column, FileFacts, Layer
from ckanext.idgo.forms.core.propose import (
    ORIGINS,
    Organization,
    ProposalContext,
    Proposals,
    propose,
)
from ckanext.idgo.forms.core.propose.classify import classify
from ckanext.idgo.forms.core.propose.french import counted, of_place, plural
from ckanext.idgo.forms.core.propose.lexicon import BadLexicon, Lexicon
from ckanext.idgo.forms.core.propose.names import base_name
from ckanext.idgo.metadata.core import codelists

TODAY = date(2026, 11, 24)
NBSP, NARROW = "\u00a0", "\u202f"


def facts(name: str = "x.csv", **more: Any) -> FileFacts:
    base: dict[str, Any] = {
        "format": "CSV",
        "mimetype": "text/csv",
        "size_bytes": 10,
        "hash": "sha256:0",
        "family": "statistical",
    }
    return FileFacts(filename=name, **{**base, **more})


def proposals(name: str = "x.csv", organization: Organization | None = None, **more: Any) -> Proposals:
    context = ProposalContext(TODAY, organization=organization or Organization())
    return propose(facts(name, **more), context)


def columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "string") for name in names)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("DEPARTEMENT_shp.zip", "Départements"),
        ("defibrillateurs_arles.csv", "Défibrillateurs d’Arles"),
        ("83044_SUP_INT1_20160130_Var.zip", "Servitudes d’utilité publique INT1 du Var, 2016"),
        ("communes-provence-alpes-cote-d-azur.geojson", "Communes de Provence-Alpes-Côte d’Azur"),
        ("installation.gpkg", "Installations"),
        ("30014_PLU_20171013.zip", "PLU, 2017"),
        ("N_ZONE_URBA_S_084.shp", "Zone d’urbanisme de Vaucluse"),
        ("zones_activites_paca_2023.csv", "Zones d’activités de Provence-Alpes-Côte d’Azur, 2023"),
        ("bornes_recharge_irve_data_2024-05-12.csv", "Bornes de recharge IRVE, 2024"),
        ("equipements_sportifs_13.geojson", "Équipements sportifs des Bouches-du-Rhône"),
        ("PPRI_la_ciotat_v2_final.shp.zip", "PPRI de La Ciotat"),
        ("arbres_les_baux_de_provence.geojson", "Arbres des Baux-de-Provence"),
        ("eaux-baignades.csv", "Eaux de baignade"),
        ("qualiteAirArles.csv", "Qualité de l’air d’Arles"),
        ("https://x.example/a/Défibrillateurs%20(Arles).csv?v=2", "Défibrillateurs d’Arles"),
    ],
)
def test_a_title_is_what_a_person_would_have_written(name: str, title: str) -> None:
    proposed = propose(facts(name, feature_count=12), ProposalContext(TODAY, name=name)).title
    assert (proposed.value, proposed.origin) == (title, "filename")


def test_without_a_telling_name_the_layer_then_the_columns_give_the_title() -> None:
    by_layer = proposals("export.gpkg", layers=(Layer("ecoles_primaires"),)).title
    assert (by_layer.value, by_layer.origin) == ("Écoles primaires", "data")
    by_columns = proposals("data.csv", columns=columns("id", "defibrillateur"), feature_count=3).title
    assert (by_columns.value, by_columns.origin) == ("Défibrillateurs", "columns")
    assert proposals("data.csv").title.origin == "none"


def test_the_description_states_facts_in_french() -> None:
    text = proposals(
        "communes.geojson",
        format="GeoJSON",
        geometry_type="MultiPolygon",
        feature_count=1234,
        crs="EPSG:2154",
        extent=(4.55, 43.5, 4.7, 43.7),
        columns=columns("code", "nom"),
        dates=("2024-01-01", "2024-12-31"),
    ).notes.value
    assert text == (
        f"Communes, Arles{NBSP}: 1{NARROW}234{NBSP}polygones, projection EPSG:2154 (fichier GeoJSON). "
        f"2{NBSP}colonnes{NBSP}: code, nom{NBSP}; données du 1er{NBSP}janvier 2024 au 31{NBSP}décembre 2024."
    )


def test_theme_keywords_and_inspire_theme_come_from_the_words() -> None:
    found = proposals("defibrillateurs_arles.csv")
    assert (found.theme.value, found.theme.origin) == ("social-sante-et-sports", "filename")
    assert found.inspire_theme.value == "hh"
    assert found.tags.value == ["défibrillateur"]
    by_columns = proposals("x1.csv", columns=columns("debit", "piezometre"))
    assert (by_columns.theme.value, by_columns.theme.origin) == ("environnement-et-climat", "columns")
    silent = proposals("zzz.csv")
    assert (silent.theme.origin, silent.inspire_theme.origin, silent.tags.origin) == ("none", "none", "none")


def test_what_follows_par_says_how_data_are_summed() -> None:
    lexicon = Lexicon.load()
    told = classify({"title": "Installations éoliennes par commune et département"}, lexicon)
    assert told.themes[0].value == "energies-et-reseaux"
    assert "commune" not in [k.value for k in told.keywords]


def test_a_place_whose_name_is_a_common_word_is_not_a_subject() -> None:
    told = classify({"title": "Logements des Alpes-Maritimes"}, Lexicon.load())
    assert {r.value for r in told.themes} == {"equipements-batiments-et-logement", "social-sante-et-sports"}


INSIDE_ARLES = (4.55, 43.5, 4.7, 43.7)
FRANCE = (-5.2, 41.3, 9.6, 51.1)
PARIS = (2.2, 48.8, 2.4, 48.9)


@pytest.mark.parametrize(
    ("name", "extent", "habitual", "expected"),
    [
        ("x.shp", INSIDE_ARLES, (), (["commune:13004"], "extent")),
        ("ecoles_bouches_du_rhone.shp", INSIDE_ARLES, (), (["departement:13"], "filename")),
        ("ecoles_nice.shp", INSIDE_ARLES, (), (["commune:13004"], "extent")),  # the data contradict the name
        ("ecoles_nice.csv", None, (), (["commune:06088"], "filename")),
        ("ecoles_13.csv", None, (), (["departement:13"], "filename")),
        ("x.csv", None, ("commune:84007",), (["commune:84007"], "organization")),
        ("x.shp", PARIS, ("commune:84007",), ([], "none")),  # never a habit against the data
        ("x.shp", FRANCE, (), (["region:93"], "extent")),
        ("x.csv", None, ("nowhere:1",), ([], "none")),
    ],
)
def test_the_territory_follows_the_data_before_the_habit(
    name: str,
    extent: tuple[float, float, float, float] | None,
    habitual: tuple[str, ...],
    expected: tuple[list[str], str],
) -> None:
    found = proposals(name, Organization(territory=habitual), extent=extent).territory
    assert (found.value, found.origin) == expected


def test_a_commune_of_another_region_is_not_taken_for_ours() -> None:
    near_arles = (4.25, 43.6, 4.4, 43.7)  # in the Gard, but in the rectangle around the region
    assert proposals("30014_PLU_20171013.zip", extent=near_arles).territory.origin == "none"
    assert proposals("2A_SUP_AC1_20180130.zip").title.value == "Servitudes d’utilité publique AC1, 2018"
    habit = Organization(territory=("commune:13004",))
    assert proposals("30014_PLU.zip", habit).territory.origin == "none"


def test_columns_name_attributes_not_the_subject() -> None:
    found = proposals("installations.csv", columns=columns("adresse", "commune", "lib_seveso"))
    assert found.theme.value == "economie-et-entreprises"
    assert "adresse" not in found.tags.value
    named = proposals("ecoles.csv", columns=columns("adresse", "gare_proche"))
    assert named.tags.value[0] == "école"
    assert "gare" not in named.tags.value
    assert proposals("x.csv", columns=columns("minx", "min")).theme.origin == "none"  # no mine


def test_codes_in_the_rows_tell_the_territory() -> None:
    def of(*codes: object) -> tuple[list[str], str]:
        rows = tuple({"code_insee": code} for code in codes)
        layer = Layer("t", columns("code_insee"), sample=rows)
        found = proposals("x.csv", layers=(layer,)).territory
        return found.value, found.origin

    assert of("13004", "13004") == (["commune:13004"], "columns")
    assert of("13004", "13097") == (["epci:241300417"], "columns")
    assert of("13004", "84007") == (["region:93"], "columns")
    assert of(4001, 4004) == (["departement:04"], "columns")  # a leading zero lost
    assert of("13004", "75056") == ([], "none")


def test_a_rhythm_is_said_or_shown_never_guessed() -> None:
    assert proposals("comptages_mensuels.csv").frequency.value == "monthly"
    assert proposals("comptages.csv").frequency.origin == "none"

    def series(step_days: int, ends: date) -> str:
        days = [ends - timedelta(days=step_days * n) for n in range(6)]
        layer = Layer("t", (Column("jour", "date"),), sample=tuple({"jour": d.isoformat()} for d in days))
        span = (min(days).isoformat(), max(days).isoformat())
        return proposals("x.csv", layers=(layer,), dates=span).frequency.value

    assert series(1, TODAY) == "daily"
    assert series(7, TODAY - timedelta(days=3)) == "weekly"
    assert series(1, date(2020, 1, 1)) == ""  # it stopped
    assert series(3, TODAY) == ""  # no code for it


def test_the_licence_is_the_organisations_habit_and_the_tier_follows_it() -> None:
    habit = proposals(organization=Organization(license_id="odc-odbl"))
    assert (habit.license_id.value, habit.license_id.origin) == ("odc-odbl", "organization")
    assert (habit.access_tier.value, habit.access_tier.origin) == ("open", "licence")
    closed = proposals(organization=Organization(license_id="other-closed"))
    assert closed.access_tier.value == "restricted"
    unknown = proposals(organization=Organization(license_id="mine"))
    assert (unknown.license_id.value, unknown.license_id.origin) == ("lov2", "default")
    assert (unknown.access_tier.value, unknown.access_tier.origin) == ("open", "default")


def test_family_and_language_are_read_in_the_data() -> None:
    assert proposals(family="smart").data_family.value == "smart"
    document = proposals(family="document").data_family
    assert (document.value, document.origin) == ("geographic", "default")
    assert proposals(languages=("en",)).language.value == "eng"
    assert proposals().language.origin == "default"


def test_where_english_words_say_nothing_their_habit_is_proposed_as_a_default() -> None:
    silent = proposals("xyzzy.csv", languages=("en",)).theme
    assert (silent.value, silent.origin) == ("environnement-et-climat", "default")
    assert silent.confidence < 0.3
    told = proposals("roads.csv", languages=("en",)).theme
    assert (told.value, told.origin) == ("mobilite-et-transports", "filename")
    assert proposals("xyzzy.csv", languages=("fr",)).theme.empty


def test_what_was_typed_is_read_too() -> None:
    context = ProposalContext(TODAY, title="Arbres remarquables")
    found = propose(facts("export.csv"), context)
    assert found.theme.value == "environnement-et-climat"
    assert found.notes.value.startswith("Arbres remarquables")


def test_the_lexicon_speaks_of_codes_that_exist() -> None:
    themes, inspire = codelists.load("themes"), codelists.load("inspire_themes")
    lexicon = Lexicon.load()
    told = {code for concept in lexicon.concepts for code in concept.themes}
    assert told == set(themes.codes())  # and every theme can be proposed
    assert {code for shares in lexicon.priors.values() for code in shares} <= told
    assert {code for concept in lexicon.concepts for code in concept.inspire} == set(inspire.codes())
    keywords = [concept.keyword for concept in lexicon.concepts]
    assert len(keywords) == len(set(keywords))


def test_a_broken_lexicon_names_its_file(tmp_path: Path) -> None:
    broken = tmp_path / "concepts.json"
    broken.write_text(json.dumps({"concepts": [{"keyword": "x"}]}), encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"concepts\.json"):
        Lexicon.load(broken)


def test_an_operator_may_change_the_lexicon(tmp_path: Path) -> None:
    concept = {
        "keyword": "licorne",
        "themes": {"citoyennete-et-democratie": 1},
        "inspire": {},
        "weight": 2,
        "words": ["licorne"],
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"ignored": [], "concepts": [concept]}), encoding="utf-8")
    told = classify({"title": "Licornes"}, Lexicon.load(path))
    assert told.themes[0].value == "citoyennete-et-democratie"


def test_french_is_written_by_the_rules() -> None:
    territories = Territories.load()

    def place(code: str) -> str:
        found = territories.get(code)
        assert found is not None
        return of_place(found, territories.label(code))

    assert [plural(w) for w in ("canal", "bateau", "école", "bus", "PLU")] == [
        "canaux",
        "bateaux",
        "écoles",
        "bus",
        "PLU",
    ]
    assert counted(1, "ligne") == f"1{NBSP}ligne"
    assert counted(12345, "plan d’eau") == f"12{NARROW}345{NBSP}plans d’eau"
    assert place("departement:83") == "du Var"
    assert place("departement:84") == "de Vaucluse"
    assert place("departement:05") == "des Hautes-Alpes"
    assert place("commune:84132") == "du Thor"
    assert place("commune:13055") == "de Marseille"
    assert place("epci:241300417") == "de la CA d’Arles-Crau-Camargue-Montagnette"
    assert place("epci:200054807") == "de la métropole d’Aix-Marseille-Provence"


def test_origins_have_words_and_pairs_leave_out_what_is_empty() -> None:
    found = proposals("defibrillateurs_arles.csv")
    assert all(p.origin in ORIGINS for p in vars(found).values())
    assert "frequency" not in found.pairs()
    assert found.pairs()["title"] == ("Défibrillateurs d’Arles", "filename")
    assert found.values()["frequency"] == ""


names = st.text(max_size=60)


@given(names, st.lists(names, max_size=6), st.none() | st.integers(0, 10**9))
def test_any_name_gives_valid_codes_twice_the_same(name: str, cols: list[str], count: int | None) -> None:
    given_facts = facts(name, columns=columns(*cols), feature_count=count)
    context = ProposalContext(TODAY)
    found = propose(given_facts, context)
    assert found == propose(given_facts, context)
    for field, listed in (
        ("theme", "themes"),
        ("inspire_theme", "inspire_themes"),
        ("license_id", "licenses"),
    ):
        value = getattr(found, field).value
        assert value == "" or value in codelists.load(listed)
    assert len(found.tags.value) <= 6
    assert all(0 <= p.confidence <= 1 for p in vars(found).values())
    assert all(p.empty == (p.value in ("", [])) for p in vars(found).values())
    assert "/" not in base_name(name) or "\\" in name
