"""Dataset → record → dataset; what is written is valid and holds no address the caller may not see."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.metadata.core.build import REGULATION, clean, degrees
from ckanext.idgo.metadata.core.mapping import dataset_from_record, record_from_dataset
from ckanext.idgo.metadata.core.model.identification import DataIdentification
from ckanext.idgo.metadata.core.model.node import slots
from ckanext.idgo.metadata.core.model.service import ServiceIdentification
from ckanext.idgo.metadata.core.read import read_record
from ckanext.idgo.metadata.core.record import Record
from ckanext.idgo.metadata.core.write import write_iso19139
from ckanext.idgo.metadata.core.xsd import violations

SITE = "https://idgo.example"
ORGANIZATION = {
    "title": "Ville d’Arles",
    "email": "contact@ville.example",
    "website": "https://ville.example",
}
FULL: dict[str, Any] = {
    "id": "5b9f5d3e-3d0a-4b6e-9d43-0d5e1c2a7f10",
    "name": "reseau-d-eau",
    "title": "Réseau d’eau potable",
    "notes": "Conduites et ouvrages.",
    "theme": "energies-et-reseaux",
    "inspire_theme": "us",
    "topic_category": "utilitiesCommunication",
    "tags": [{"name": "eau potable"}, {"name": "réseau"}],
    "territory": ["commune:13004", "departement:13"],
    "frequency": "annually",
    "license_id": "lov2",
    "access_tier": "open",
    "data_family": "geographic",
    "spatial": '{"type": "Polygon", "coordinates": [[[4.4, 43.3], [4.9, 43.3], [4.9, 43.8], [4.4, 43.3]]]}',
    "lineage": "Levés de 2023.",
    "dates": [{"type": "publication", "date": "2024-05-01"}, {"type": "revision", "date": "2026-01-15"}],
    "metadata_modified": "2026-11-24T10:00:00.000000",
    "resources": [
        {
            "url": "https://idgo.example/dataset/x/réseau d’eau.zip",
            "url_type": "upload",
            "name": "Conduites",
            "format": "SHP",
            "crs": "EPSG:2154",
            "encoding": "UTF-8",
            "geometry_type": "LineString",
            "size": 1234567,
        },
    ],
}
# Any text a field may hold, control characters and lone surrogates included.
WILD = st.text(st.characters() | st.sampled_from("\x00\x0b\x1f<>&]]>\ud800\uffff"), max_size=30)


def written(dataset: dict[str, Any], organization: dict[str, Any] | None = None) -> bytes:
    return write_iso19139(record_from_dataset(dataset, organization, SITE))


def test_a_full_dataset_comes_back() -> None:
    again = dataset_from_record(read_record(written(FULL, ORGANIZATION)))
    for key in (
        "title",
        "notes",
        "theme",
        "inspire_theme",
        "topic_category",
        "tags",
        "territory",
        "frequency",
    ):
        assert again[key] == FULL[key], key
    for key in ("license_id", "access_tier", "data_family", "lineage", "dates"):
        assert again[key] == FULL[key], key
    resource = again["resources"][0]
    assert (resource["name"], resource["format"], resource["crs"]) == ("Conduites", "SHP", "EPSG:2154")
    assert len(again["resources"]) == 1, "the dataset's own page is no resource"


@pytest.mark.parametrize("dataset", [{}, {"id": "x", "title": "t"}, FULL], ids=["empty", "minimal", "full"])
@pytest.mark.parametrize("organization", [None, {}, ORGANIZATION], ids=["none", "bare", "full"])
def test_valid_against_the_schemas(dataset: dict[str, Any], organization: dict[str, Any] | None) -> None:
    assert violations(written(dataset, organization)) == ()


@given(WILD, WILD, WILD, st.sampled_from(["open", "authenticated", "restricted", "", "odd"]))
def test_any_text_gives_a_valid_record(title: str, notes: str, tag: str, tier: str) -> None:
    dataset = {**FULL, "title": title, "notes": notes, "tags": [{"name": tag}], "access_tier": tier}
    dataset["resources"] = [{"url": f"https://x.example/{title}", "name": notes, "format": tag}]
    xml = written(dataset, {"title": title, "email": notes})
    assert violations(xml) == ()
    assert read_record(xml).title == (clean(title) or FULL["name"])


def test_a_locked_resource_leaves_its_format_and_no_address() -> None:
    locked = {"url": "", "name": "Secret", "format": "GPKG", "idgo_locked": True}
    text = written({**FULL, "resources": [locked]}).decode()
    assert "GPKG" in text
    assert "Secret" not in text
    urls = [online.linkage for online in read_record(text).online_resources()]
    assert urls == [f"{SITE}/dataset/{FULL['id']}"]


@pytest.mark.parametrize("tier", ["restricted", "", None, "odd", ["open"]])
def test_only_an_open_tier_is_said_to_have_no_limitations(tier: object) -> None:
    assert "noLimitations" not in written({**FULL, "access_tier": tier}).decode()
    assert "noLimitations" in written(FULL).decode()


LIMITATIONS = codelists.load("limitations")
REASONS = [entry.code for entry in LIMITATIONS if entry.code != "noLimitations"]


@pytest.mark.parametrize("reason", REASONS)
def test_the_stated_reason_is_an_anchor_of_inspire_and_comes_back(reason: str) -> None:
    """C.17: one MD_LegalConstraints, otherRestrictions, one gmx:Anchor of LimitationsOnPublicAccess."""
    xml = written({**FULL, "access_tier": "restricted", "access_limitation": reason})
    assert violations(xml) == ()
    anchors = etree.fromstring(xml).xpath(
        "//*[local-name()='MD_LegalConstraints'][*[local-name()='accessConstraints']]"
        "/*[local-name()='otherConstraints']/*[local-name()='Anchor']/@*[local-name()='href']"
    )
    assert anchors == [LIMITATIONS.uri(reason)]
    again = dataset_from_record(read_record(xml))
    assert (again["access_tier"], again["access_limitation"]) == ("restricted", reason)


@pytest.mark.parametrize("reason", ["", None, "noLimitations", "INSPIRE_Directive_Article13_1z", ["x"]])
def test_no_article_is_invoked_that_nobody_stated(reason: object) -> None:
    text = written({**FULL, "access_tier": "restricted", "access_limitation": reason}).decode()
    assert "LimitationsOnPublicAccess" not in text
    assert dataset_from_record(read_record(text))["access_tier"] == "restricted"


def test_an_open_dataset_has_no_limitations_whatever_is_left_in_the_field() -> None:
    assert written({**FULL, "access_limitation": REASONS[0]}) == written(FULL)


def test_what_inspire_s_suites_compare_letter_by_letter() -> None:
    text = written(FULL, ORGANIZATION).decode()
    assert "Règlement (UE) n o 1089/2010 " in REGULATION["fre"]
    assert REGULATION["fre"] in text
    assert "GEMET - INSPIRE themes, version 1.0" in text
    assert codelists.load("inspire_themes").label("us") in text
    assert "http://www.opengis.net/def/crs/EPSG/0/2154" in text
    assert 'codeList="https' not in text
    assert text.count("<gmd:MD_LegalConstraints>") == 2
    assert '<gmd:pass gco:nilReason="unknown"/>' in text
    assert f"{SITE}/dataset/{FULL['id']}</gco:CharacterString>" in text


@given(st.floats(-180, 180))
def test_coordinates_have_two_to_six_decimals(value: float) -> None:
    text = format(degrees(value), "f")
    assert 2 <= len(text.partition(".")[2]) <= 6
    assert abs(float(text) - value) <= 5e-7


@pytest.mark.parametrize(
    "spatial",
    ["", "no", "{}", "null", '{"coordinates": []}', '{"coordinates": [[200, 95]]}', '{"coordinates": ["a"]}'],
)
def test_an_unusable_extent_is_replaced_or_absent(spatial: str) -> None:
    dataset = {**FULL, "spatial": spatial, "territory": []}
    assert violations(written(dataset)) == ()


def test_every_field_and_every_attribute_is_on_the_page() -> None:
    page = (schemas_dir().parent / "docs" / "mapping.md").read_text(encoding="utf-8")
    schema = yaml.safe_load((schemas_dir() / "simple.yaml").read_text(encoding="utf-8"))
    fields = [f["field_name"] for f in schema["dataset_fields"] + schema["resource_fields"]]
    attributes = [s.name for cls in (Record, DataIdentification, ServiceIdentification) for s in slots(cls)]
    assert len(fields) > 20
    assert len(attributes) > 50
    assert [name for name in fields + attributes if f"`{name}`" not in page] == []
