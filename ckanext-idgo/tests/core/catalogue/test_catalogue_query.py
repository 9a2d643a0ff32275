"""What is typed becomes a query Solr cannot refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.catalogue.core.query import EVERYTHING, MAX_CHARACTERS, MAX_PARTS, safe_query


@pytest.mark.parametrize(
    "typed", [None, "", "  ", "*", "*:*", '""', "''", "\x00", "\u200b", "...", "((", "NOT"]
)
def test_nothing_asked_is_everything(typed):
    assert safe_query(typed).text == EVERYTHING


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("l’eau potable", "l’eau potable"),
        ("EPSG:2154", r"EPSG\:2154"),
        ("epsg:2154", r"epsg\:2154"),
        ("PPRI-84", r"PPRI\-84"),
        ("stations [test] {x}", r"stations \[test\] \{x\}"),
        ('"eau potable', "eau potable"),
        ('"eau potable" -bruit', '"eau potable" -bruit'),
        ("{!lucene}eau", r"\{\!lucene\}eau"),
        ("PPR/2005", r"PPR\/2005"),
        ("eau AND", "eau and"),
        ("OR eau", "or eau"),
        ("eau )(", "eau"),
        ("🌊", "🌊"),
    ],
)
def test_text_stays_text(typed, query):
    found = safe_query(typed)
    assert (found.text, found.advanced) == (query, False)


@pytest.mark.parametrize(
    "typed",
    [
        "title:eau",
        'title:"eau potable"',
        "tags:(eau OR air)",
        "metadata_modified:[NOW-1DAY TO *]",
        "eau OR air",
        "eau NOT air",
        "extras_identifier:x*",
    ],
)
def test_well_formed_syntax_keeps_its_meaning(typed):
    assert (safe_query(typed).text, safe_query(typed).advanced) == (typed, True)


def test_masked_fields_are_words():
    for field in ("res_url", "urls", "data_dict", "validated_data_dict", "res_extras_hash", "_query_"):
        assert f"{field}:" not in safe_query(f"{field}:*secret*").text


def test_an_operator_may_open_a_field():
    assert safe_query("siren:123").text == r"siren\:123"
    assert safe_query("siren:123", ["siren"]).text == "siren:123"


def test_any_of_the_words():
    query = safe_query('eau "haute garonne" -bruit +2024')
    assert query.can_relax
    assert query.some == 'eau OR "haute garonne" -bruit +2024'
    assert not safe_query("eau -bruit").can_relax
    assert not safe_query("eau OR air").can_relax


def test_long_questions_are_cut():
    assert len(safe_query("é" * 50_000).text) <= MAX_CHARACTERS
    assert len(safe_query(" ".join(map(str, range(400)))).parts) <= MAX_PARTS


@given(st.text())
def test_never_an_open_sign(typed):
    text = safe_query(typed).text
    bare = text.replace("\\\\", "").replace('\\"', "").replace("\\(", "").replace("\\)", "")
    assert bare.count('"') % 2 == 0
    assert bare.count("(") == bare.count(")")


@given(
    st.lists(st.sampled_from(["eau", "(", ")", "AND", "OR", "NOT", '"', "title:x", "-", "a:b"]), max_size=12)
)
def test_operators_always_have_operands(parts):
    query = safe_query(" ".join(parts))
    if query.advanced:
        words = [p for p in query.parts if p not in "()"]
        assert words[-1] not in ("AND", "OR", "NOT")
        assert words[0] not in ("AND", "OR")
