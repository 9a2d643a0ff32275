"""What IDGO writes by itself: address, resource, extent, dates, lineage; and what a new file changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core import deposit_changes, deposit_derive, deposit_fields
from ckanext.idgo.forms.core.deposit_lineage import lineage
from ckanext.idgo.forms.core.facts import Column, FileFacts, Layer

FACTS = FileFacts(
    filename="pistes.gpkg",
    format="GPKG",
    mimetype="application/geopackage+sqlite3",
    size_bytes=1000,
    hash="sha256:aa",
    family="geographic",
    crs="EPSG:2154",
    geometry_type="LineString",
    feature_count=1234,
    extent=(5.0, 43.0, 5.5, 43.5),
    layers=(Layer("pistes"), Layer("parkings")),
    columns=(Column("nom", "string"), Column("longueur", "number")),
)


@given(st.text(max_size=400), st.integers(0, 3))
def test_any_title_gives_a_free_address(title: str, taken: int) -> None:
    seen: list[str] = []

    def is_taken(name: str) -> bool:
        seen.append(name)
        return len(seen) <= taken

    name = deposit_derive.dataset_name(title, is_taken)
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", name)
    assert len(set(seen)) == len(seen)


def test_addresses_are_read_in_any_script() -> None:
    free = lambda name: False  # noqa: E731
    assert deposit_derive.dataset_name("Écoles d'Arles", free) == "ecoles-d-arles"
    assert deposit_derive.dataset_name("Écoles d’Arles", free) == "ecoles-d-arles"
    assert deposit_derive.dataset_name("Карта", free) == "karta"
    assert deposit_derive.dataset_name("new", free) == "donnees-new"
    assert deposit_derive.dataset_name("a", lambda name: name == "donnees-a") == "donnees-a-2"


def test_the_resource_says_what_the_file_holds_and_nothing_else() -> None:
    resource = deposit_derive.resource_from_facts(FACTS)
    assert resource["columns"] == [{"name": "nom", "type": "string"}, {"name": "longueur", "type": "number"}]
    assert resource["layers"] == ["pistes", "parkings"]
    assert resource["extent"] == [5.0, 43.0, 5.5, 43.5]
    assert "encoding" not in resource
    assert deposit_derive.resource_from_facts(replace(FACTS, feature_count=0))["feature_count"] == 0


def _fields(**values: object) -> dict:
    full = {"title": "Pistes", "theme": "environnement-et-climat", "territory": [], **values}
    return deposit_fields.with_proposals({}, {name: (value, "data") for name, value in full.items()})


def test_an_edit_without_a_file_keeps_what_the_file_said() -> None:
    before = {
        "spatial": '{"type":"Point","coordinates":[5.0,43.0]}',
        "territory": [],
        "lineage": "Fichier",
        "data_family": "geographic",
    }
    made = deposit_derive.dataset_from_fields(_fields(), [], "2026-11-24", Territories.load(), before)
    assert (made["spatial"], made["lineage"], made["data_family"]) == (
        before["spatial"],
        "Fichier",
        "geographic",
    )


def test_published_once_then_revised() -> None:
    first = deposit_derive.dates([], "2026-11-24")
    second = deposit_derive.dates(first, "2026-12-24")
    assert second == [
        {"type": "publication", "date": "2026-11-24"},
        {"type": "revision", "date": "2026-12-24"},
    ]
    assert deposit_derive.dates(second, "2027-01-24")[-1] == {"type": "revision", "date": "2027-01-24"}


def test_the_lineage_is_a_french_sentence_made_of_facts() -> None:
    sentence = lineage(FACTS, date(2026, 5, 1))
    assert sentence.startswith(
        "Fichier «\u00a0pistes.gpkg\u00a0» déposé le 1er mai 2026\u00a0: format GPKG, 2 couches, "
    )
    assert "1\u00a0234 objets" in sentence
    assert "EPSG:2154" in sentence


def test_the_same_bytes_change_nothing() -> None:
    resource = deposit_derive.resource_from_facts(FACTS)
    assert deposit_changes.changes(resource, {**resource, "feature_count": 1}) == []


def test_what_breaks_users_is_an_alarm() -> None:
    before = deposit_derive.resource_from_facts(FACTS)
    new = replace(
        FACTS,
        hash="sha256:bb",
        crs="EPSG:4326",
        feature_count=500,
        columns=(Column("nom", "string"), Column("type", "string")),
    )
    rows = {
        row["what"]: row for row in deposit_changes.changes(before, deposit_derive.resource_from_facts(new))
    }
    assert rows["crs"]["kind"] == rows["feature_count"]["kind"] == rows["columns_removed"]["kind"] == "alarm"
    assert rows["columns_removed"]["before"] == ["longueur"]
    assert rows["columns_added"]["after"] == ["type"]


def test_a_metre_is_no_change_of_extent() -> None:
    before = deposit_derive.resource_from_facts(FACTS)
    near = replace(FACTS, hash="sha256:bb", extent=(5.000001, 43.0, 5.5, 43.5))
    far = replace(FACTS, hash="sha256:bb", extent=(5.1, 43.0, 5.5, 43.5))
    assert deposit_changes.changes(before, deposit_derive.resource_from_facts(near)) == []
    assert [r["what"] for r in deposit_changes.changes(before, deposit_derive.resource_from_facts(far))] == [
        "extent"
    ]
