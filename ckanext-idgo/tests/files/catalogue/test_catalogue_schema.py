"""Solr's schema is an edit of the installed CKAN's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from lxml import etree

REPOSITORY = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(REPOSITORY))

from stack import solr_schema  # noqa: E402

from ckanext.idgo.catalogue.core.text import fold  # noqa: E402

WORD_LISTS = REPOSITORY / "config" / "solr"


@pytest.fixture(scope="module")
def ckan_schema() -> bytes:
    found = importlib.util.find_spec("ckan")
    assert found is not None and found.submodule_search_locations  # noqa: PT018
    return (Path(found.submodule_search_locations[0]) / "config" / "solr" / "schema.xml").read_bytes()


def _fields(schema: bytes) -> dict[str, str]:
    return {field.get("name"): field.get("type") for field in etree.fromstring(schema).find("fields")}


def test_sentences_are_french_and_nothing_of_ckan_is_lost(ckan_schema):
    before, after = _fields(ckan_schema), _fields(solr_schema.derive(ckan_schema))
    assert set(before) < set(after)
    assert {after[name] for name in ("title", "notes", "res_name", "text", "extras_*", "tags_text")} == {
        "text_fr"
    }
    assert after["tags"] == after["organization"] == "string"
    assert {after[name] for name in solr_schema.BOX} == {"float"}


def test_the_version_ckan_checks_stays(ckan_schema):
    name = etree.fromstring(ckan_schema).get("name")
    assert etree.fromstring(solr_schema.derive(ckan_schema)).get("name") == name


def test_each_word_list_named_is_there(ckan_schema):
    schema = solr_schema.derive(ckan_schema).decode()
    for name in ("stopwords_fr.txt", "protwords_fr.txt", "synonyms_fr.txt"):
        assert f'"{name}"' in schema
        assert (WORD_LISTS / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", ["stopwords_fr.txt", "protwords_fr.txt", "synonyms_fr.txt"])
def test_words_are_written_as_the_analyser_sees_them(name):
    lines = [line for line in (WORD_LISTS / name).read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert [line for line in lines if line != fold(line)] == []
    assert len(lines) == len(set(lines))


def test_a_place_that_is_gone_is_named(ckan_schema):
    broken = ckan_schema.replace(b'<field name="notes"', b'<field name="description"')
    with pytest.raises(solr_schema.SchemaChangedError, match="notes"):
        solr_schema.derive(broken)
    with pytest.raises(solr_schema.SchemaChangedError, match="theme"):
        solr_schema.derive(solr_schema.derive(ckan_schema))


def test_the_reference_is_ckan_s_own(ckan_schema):
    added = set(_fields(solr_schema.stock(ckan_schema))) - set(_fields(ckan_schema))
    assert added - {None} == set(solr_schema.BOX)
    assert _fields(solr_schema.stock(ckan_schema))["title"] == "text"
