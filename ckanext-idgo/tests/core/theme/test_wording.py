"""Numbers, sizes, dates and places as a person reads them."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.display import wording

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("size", "fr", "en"),
    [
        (4_200_000, "4,2\u00a0Mo", "4.2\u00a0MB"),
        ("88000", "88\u00a0ko", "88\u00a0kB"),
        (146_000_000, "146\u00a0Mo", "146\u00a0MB"),
        (35 * 10**12, "35\u00a0To", "35\u00a0TB"),
        (1, "1\u00a0octet", "1\u00a0byte"),
        (0, "0\u00a0octet", "0\u00a0byte"),
    ],
)
def test_sizes_use_the_reader_s_units(size: object, fr: str, en: str) -> None:
    assert wording.file_size(size, "fr") == fr
    assert wording.file_size(size, "en") == en


@pytest.mark.parametrize("nothing", [None, "", "12 Mo", -1, "abc"])
def test_what_is_not_a_size_says_nothing(nothing: object) -> None:
    assert wording.file_size(nothing, "fr") == ""


@given(st.integers(min_value=0, max_value=10**18))
def test_every_size_has_a_unit_and_no_breaking_space(size: int) -> None:
    text = wording.file_size(size, "fr")
    assert " " not in text
    assert text.split("\u00a0")[-1] in {"octet", "octets", "ko", "Mo", "Go", "To"}


def test_numbers_have_the_reader_s_thousands() -> None:
    assert wording.number(28914, "fr") == f"28{NARROW}914"
    assert wording.number(28914, "en") == "28,914"


def test_dates_are_written_out() -> None:
    assert wording.long_date("2026-11-22", "fr") == "22 novembre 2026"
    assert wording.long_date("2026-01-01", "fr") == "1er janvier 2026"
    assert wording.long_date(datetime(2026, 1, 1, tzinfo=timezone.utc), "en") == "1 January 2026"
    assert wording.long_date("hier", "fr") == ""


def test_ages_are_told_from_the_reader_s_day() -> None:
    today = date(2026, 11, 24)
    assert wording.ago("2026-11-22", today, "fr") == "il y a 2 jours"
    assert wording.ago("2026-11-24T10:00:00", today, "fr") == "aujourd’hui"
    assert wording.ago("2026-12-01", today, "fr") == "1er décembre 2026"
    assert wording.ago(None, today, "fr") == ""


@pytest.mark.parametrize(
    ("kind", "name", "code", "french"),
    [
        ("departement", "Vaucluse", "84", "dans le Vaucluse"),
        ("departement", "Bouches-du-Rhône", "13", "dans les Bouches-du-Rhône"),
        ("region", "Provence-Alpes-Côte d'Azur", "93", "en Provence-Alpes-Côte d’Azur"),
        ("commune", "Apt", "84003", "à Apt"),
        ("commune", "Le Thor", "84132", "au Thor"),
        ("commune", "Les Baux-de-Provence", "13011", "aux Baux-de-Provence"),
        ("commune", "La Ciotat", "13028", "à La Ciotat"),
        ("epci", "CC Pays d'Apt-Luberon", "200040624", "dans la CC Pays d’Apt-Luberon"),
    ],
)
def test_a_place_takes_its_article(kind: str, name: str, code: str, french: str) -> None:
    assert wording.in_place(kind, name, code, "fr") == french
    assert wording.in_place(kind, name, code, "en") == "in " + name.replace("'", "’")


def test_lateness_forgives_a_quarter_of_the_period() -> None:
    assert not wording.is_late("2026-01-01", 365, date(2027, 3, 1))
    assert wording.is_late("2026-01-01", 365, date(2027, 4, 10))
    assert not wording.is_late("2026-11-20", 1, date(2026, 11, 27))
    assert wording.is_late("2026-11-20", 1, date(2026, 11, 30))
    assert not wording.is_late("2020-01-01", None, date(2026, 1, 1))
    assert not wording.is_late(None, 365, date(2026, 1, 1))


@given(st.text(max_size=300), st.integers(min_value=5, max_value=120))
def test_extracts_are_one_line_and_never_longer_than_asked(text: str, most: int) -> None:
    extract = wording.plain_text(text, most)
    assert "\n" not in extract
    assert len(extract) <= most + 1


def test_extracts_keep_words_and_lose_marks() -> None:
    assert (
        wording.plain_text("**Gras** et [lien](http://x.example) <b>dit</b>", 80) == "Gras et lien <b>dit</b>"
    )
    assert wording.plain_text("un deux trois quatre", 12) == "un deux…"


def test_labels_and_initials() -> None:
    assert wording.two_lines("Alpes-de-Haute-Provence") == ["Alpes-de-", "Haute-Provence"]
    assert wording.two_lines("Var") == ["Var"]
    assert wording.initials("Ville d’Arles") == "VA"
    assert wording.initials("DREAL") == "D"
    assert wording.initials("") == ""
