"""Hits of a search, marked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ckanext.idgo.display.hits import folded, mark_hits


def test_accents_case_and_plural_do_not_count() -> None:
    assert mark_hits("Qualité des EAUX de baignade", "eau") == "Qualité des EAUX de baignade".replace(
        "EAUX", "<mark>EAUX</mark>"
    )
    assert mark_hits("Écoles publiques", "ecole") == "<mark>Écoles</mark> publiques"
    assert mark_hits("Hauteurs d’eau", "l'eau") == "Hauteurs d’<mark>eau</mark>"
    assert mark_hits("réseaux", "reseau") == "<mark>réseaux</mark>"


def test_part_of_a_word_is_no_hit() -> None:
    assert mark_hits("Bordeaux", "eau") == "Bordeaux"


def test_nothing_searched_nothing_marked() -> None:
    assert mark_hits("<b>", "") == "&lt;b&gt;"
    assert mark_hits("la mer", "la") == "la mer"


@given(st.text(max_size=120), st.text(max_size=30))
def test_only_marks_are_written_whatever_is_given(text: str, query: str) -> None:
    marked = mark_hits(text, query)
    assert isinstance(marked, Markup)
    without = marked.replace("<mark>", "").replace("</mark>", "")
    assert not re.search(r"[<>\"']", without)


@given(st.text(max_size=80))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(folded(text)) == len(text)
