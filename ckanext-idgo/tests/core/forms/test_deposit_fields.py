"""The ten fields: what was typed is never overwritten, what is missing is said at its field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.forms.core import deposit_fields as form

names = st.sampled_from(form.FORM_FIELDS)
typed = st.dictionaries(names, st.text(max_size=30), max_size=9)
proposed = st.dictionaries(names, st.tuples(st.text(max_size=30), st.just("filename")), max_size=9)


@given(typed, proposed, proposed)
def test_what_was_typed_survives_any_proposal(sent: dict, first: dict, second: dict) -> None:
    start = form.with_proposals({}, first)
    fields = form.with_proposals(form.with_typed(start, sent), second)
    for name, raw in sent.items():
        if form.tidy(name, raw) != form.value_of(start, name):
            assert fields[name] == {"value": form.tidy(name, raw), "origin": "typed"}


@given(typed)
def test_typing_the_same_twice_changes_nothing(sent: dict) -> None:
    once = form.with_typed({}, sent)
    assert form.with_typed(once, sent) == once


def test_a_field_emptied_by_hand_stays_empty() -> None:
    fields = form.with_typed(form.with_proposals({}, {"title": ("Écoles", "filename")}), {"title": ""})
    assert form.value_of(form.with_proposals(fields, {"title": ("Écoles", "filename")}), "title") == ""


def test_sending_a_proposal_back_keeps_its_origin() -> None:
    fields = form.with_proposals({}, {"title": ("Écoles", "filename")})
    assert form.with_typed(fields, {"title": "Écoles"}) == fields


def test_published_values_stay_while_derived_ones_follow_the_file() -> None:
    fields = form.with_proposals({}, {"title": ("Écoles", "dataset")}, "published")
    fields = form.with_proposals(fields, {"title": ("ecoles_v2", "filename"), "lineage": ("Fichier", "data")})
    assert form.value_of(fields, "title") == "Écoles"
    assert form.value_of(fields, "lineage") == "Fichier"


def test_an_empty_form_asks_for_each_field_but_keywords() -> None:
    assert set(form.problems({})) == set(form.FORM_FIELDS) - {"tags"}
    assert "territory" not in form.problems({}, located=True)


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"title": "x" * 301}, "title", "title-long"),
        ({"tags": [f"mot {n}" for n in range(31)]}, "tags", "tags-many"),
        ({"tags": ["a"]}, "tags", "tag-length"),
    ],
)
def test_limits_are_said_at_their_field(sent: dict, field: str, code: str) -> None:
    assert form.problems(form.with_typed({}, sent))[field].code == code


@pytest.mark.parametrize("sent", [{"name": "x"}, {"title": ["x"]}, {"tags": [1]}, {"tags": {"a": 1}}])
def test_what_is_no_field_is_refused(sent: dict) -> None:
    with pytest.raises(BadInput):
        form.with_typed({}, sent)


def test_lists_come_as_text_or_as_lists() -> None:
    assert form.tidy("tags", " eau,  rivière ;eau,") == ["eau", "rivière"]
    assert form.tidy("tags", ["eau", " eau "]) == ["eau"]


BASE = {"title": "A", "notes": "B", "theme": "C"}


def test_a_conflict_shows_each_difference_and_who_made_it() -> None:
    mine, theirs = {**BASE, "title": "A1", "notes": "B1"}, {**BASE, "title": "A2", "theme": "C2"}
    rows = {row["field"]: row for row in form.conflicts(BASE, mine, theirs)}
    assert rows["title"] == {"field": "title", "mine": "A1", "theirs": "A2", "both": True, "keep": "mine"}
    assert (rows["notes"]["both"], rows["notes"]["keep"]) == (False, "mine")
    assert (rows["theme"]["both"], rows["theme"]["keep"]) == (False, "theirs")


def test_the_same_change_made_twice_is_no_conflict() -> None:
    assert form.conflicts(BASE, {**BASE, "title": "A1"}, {**BASE, "title": "A1"}) == []
