"""A token does what its scope says until it ends; what cannot be read does nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.scopes import LEGACY, Ask, Scope, TokenFacts, new_end, token_facts

BORN = datetime(2026, 11, 24, 12, 0)  # naive UTC, as CKAN keeps it
NOW = BORN.replace(tzinfo=timezone.utc)
END = NOW + timedelta(days=10)
WORDS = {scope.value for scope in Scope}

COVERED = [
    ("metadata", {Ask.DESCRIPTION}),
    ("data", {Ask.DESCRIPTION, Ask.CONTENT}),
    ("write", {Ask.DESCRIPTION, Ask.CONTENT, Ask.CHANGE}),
]


@pytest.mark.parametrize(("scope", "covered"), COVERED)
def test_what_a_scope_covers(scope: str, covered: set[Ask]) -> None:
    facts = token_facts({"scope": scope, "ends_at": END.isoformat()}, BORN, 365)
    assert {ask for ask in Ask if facts.covers(ask)} == covered
    assert facts.lives(END - timedelta(seconds=1))
    assert not facts.lives(END)


kept = st.one_of(
    st.none(),
    st.text(max_size=9),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(
        st.sampled_from(["scope", "ends_at", "x"]),
        st.one_of(
            st.none(),
            st.integers(),
            st.text(max_size=9),
            st.sampled_from(["Data", "write ", "*", "2026", "2099-01-01T00:00:00"]),
            st.lists(st.just("write"), max_size=1),
        ),
    ),
)


@given(kept)
def test_what_cannot_be_read_does_nothing(value: object) -> None:
    facts = token_facts(value, BORN, 365)
    scope = value.get("scope") if isinstance(value, dict) else None
    known = isinstance(scope, str) and scope in WORDS
    assert known or not any(facts.covers(ask) for ask in Ask)
    assert not facts.lives(NOW), "an end without a zone, or none, has passed"


def test_a_token_from_before_writes_until_the_longest_life() -> None:
    facts = token_facts(LEGACY, BORN, 730)
    assert facts.covers(Ask.CHANGE)
    assert facts.ends_at == NOW + timedelta(days=730)
    assert not token_facts(LEGACY, None, 730).lives(NOW)


@given(days=st.integers(1, 5000), most=st.integers(1, 1000), left=st.integers(-10, 1000))
def test_no_token_outlives_the_maximum_nor_the_token_that_made_it(days: int, most: int, left: int) -> None:
    mother = TokenFacts(Scope.WRITE, NOW + timedelta(days=left))
    end = new_end(NOW, days, most, mother)
    assert end <= mother.ends_at
    assert end <= NOW + timedelta(days=most)
    assert new_end(NOW, days, most, None) == NOW + timedelta(days=min(days, most))
    long = {"scope": "data", "ends_at": (NOW + timedelta(days=days)).isoformat()}
    assert token_facts(long, BORN, most).ends_at <= NOW + timedelta(days=most)
