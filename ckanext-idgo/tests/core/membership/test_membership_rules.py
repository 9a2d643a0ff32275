"""Joining: what may follow what, who decides, who is reminded, and the last referent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput, Conflict, NotThere, Refused
from ckanext.idgo.membership.core import newcomers, reminders, requests, roles, terms
from ckanext.idgo.membership.core.requests import Person, Place

ids = st.sampled_from(["ana", "bob", "cyr", "dan"])
groups = st.frozensets(ids, max_size=4)
junk = st.one_of(st.none(), st.integers(), st.booleans(), st.text(max_size=8), st.lists(ids, max_size=2))
people = st.builds(Person, id=ids, active=st.booleans(), sysadmin=st.booleans(), guichet=st.booleans())
places = st.builds(Place, id=st.sampled_from([None, "org"]), referents=groups, open=st.booleans())


def test_a_request_ends_once() -> None:
    """Only a pending request moves, and never back: no second decision, nothing expires by itself."""
    for state in requests.STATES:
        for act in (*requests.DECISIONS, requests.WITHDRAW, "expire", ""):
            if state == requests.PENDING and act in (*requests.DECISIONS, requests.WITHDRAW):
                assert requests.after(state, act) != requests.PENDING
            else:
                with pytest.raises(Conflict):
                    requests.after(state, act)


@given(people, places, ids)
def test_who_decides(person: Person, place: Place, requester: str) -> None:
    may = requests.may_decide(person, place, requester)
    if person.id == requester or not person.active:
        assert not may
    elif person.sysadmin:
        assert may
    elif place.id and place.open and place.referents:
        assert may == (person.id in place.referents)
    else:
        assert may == person.guichet


@given(places, ids, groups, groups)
def test_whoever_is_told_could_decide(
    place: Place, requester: str, guichet: frozenset[str], sysadmins: frozenset[str]
) -> None:
    told = requests.recipients(place, requester, guichet, sysadmins)
    assert len(told) == len(set(told))
    for user in told:
        person = Person(user, sysadmin=user in sysadmins, guichet=user in guichet)
        assert requests.may_decide(person, place, requester)
    if sysadmins - {requester}:
        assert told, "nobody is forgotten where anybody can decide"


@given(groups, groups)
def test_an_organization_keeps_a_referent(before: frozenset[str], after: frozenset[str]) -> None:
    if before and not after:
        with pytest.raises(Refused):
            roles.check_referents(before, after)
    else:
        roles.check_referents(before, after)


@given(junk)
def test_no_other_word_is_a_role(word: object) -> None:
    if word in roles.ROLES:
        assert roles.read_role(word) == word
        return
    with pytest.raises(BadInput):
        roles.read_role(word)
    assert roles.rank(word if isinstance(word, str) else None) == 0


@given(st.sampled_from([None, *roles.ROLES]), st.sampled_from(roles.ROLES))
def test_one_asks_for_more_than_one_has(held: str | None, asked: str) -> None:
    if roles.rank(asked) > roles.rank(held):
        roles.check_rise(held, asked)
    else:
        with pytest.raises(Conflict):
            roles.check_rise(held, asked)


@given(junk, st.sampled_from(roles.ROLES), junk, junk)
def test_a_decision_is_read_strictly(decision: object, asked: str, role: object, reason: object) -> None:
    try:
        read = requests.read_decision(decision, asked, role, reason)
    except BadInput:
        return
    assert read.act in requests.DECISIONS
    assert (read.role in roles.ROLES) == (read.act == requests.ACCEPT)
    assert read.reason or read.act == requests.ACCEPT


@given(st.floats(0, 30), st.sets(st.sampled_from([3, 7, 14])), st.lists(st.floats(0, 10), max_size=4))
def test_each_reminder_is_said_once(waited: float, reminded: set[int], later: list[float]) -> None:
    created = datetime(2026, 11, 1, 8)
    now, said = created + timedelta(days=waited), sorted(reminded)
    for step in [0.0, *later]:
        now += timedelta(days=step)
        due = reminders.due(created, said, now, (3, 7))
        assert not set(due) & set(said)
        assert all(now - created >= timedelta(days=day) for day in due)
        said += due
    assert reminders.due(created, said, now, (3, 7)) == []


@given(
    st.sets(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=5),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_the_terms_in_force_are_the_last_that_have_begun(days: set[date], today: date) -> None:
    known = terms.versions(
        [f"{day}.fr.md" for day in days] + ["2026-13-40.fr.md", "notes.txt", "2021-01-01.en.md"]
    )
    assert known == sorted(str(day) for day in days)
    begun = [day for day in days if day <= today]
    if not begun:
        with pytest.raises(NotThere):
            terms.in_force(known, today)
    else:
        assert terms.in_force(known, today) == str(max(begun))
    for version in known:
        assert terms.in_force(known, today, version) == version


def test_the_installed_terms_are_read_in_both_languages() -> None:
    version = terms.current(date(2026, 11, 24))
    french, english = (terms.read(version, language) for language in ("fr", "en"))
    assert french.language == "fr"
    assert english.language == "en"
    assert french.text.count("\n## ") == english.text.count("\n## ")
    assert terms.read(version, "de").text == french.text
    for odd in ("../../licenses", f"../terms/{version}", f"{version}.fr", "", "2026-11-01\n"):
        with pytest.raises(NotThere):
            terms.read(odd, "fr")


@given(st.integers(0, 10**8 - 1))
def test_one_wrong_digit_is_no_siren(stem: int) -> None:
    body = f"{stem:08d}"
    right = [d for d in "0123456789" if _reads(body + d)]
    assert len(right) == 1
    assert newcomers.read_siren(f" {body[:3]} {body[3:6]}\u00a0{body[6:]}{right[0]} ") == body + right[0]


def _reads(text: str) -> bool:
    try:
        return newcomers.read_siren(text) == text
    except BadInput:
        return False


@given(junk, junk, junk, junk)
def test_a_new_organization_is_read_or_refused(
    title: object, siren: object, site: object, said: object
) -> None:
    given_ = {"title": title, "siren": siren, "website": site, "description": said}
    try:
        read = newcomers.read_new(given_)
    except BadInput:
        return
    assert read.title
    assert newcomers.NewOrganization(**read.as_dict()) == read


@pytest.mark.parametrize(
    "site", ["javascript:alert(1)", "//ville.example", "https://", "https://a b.example", "ftp://x"]
)
def test_only_a_web_address_is_a_website(site: str) -> None:
    with pytest.raises(BadInput):
        newcomers.read_website(site)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert newcomers.likeness(one, other) == newcomers.likeness(other, one)
    assert newcomers.likeness(one, one) == 1.0
    assert 0 <= newcomers.likeness(one, other) <= 1


def test_near_duplicates_are_found_and_others_are_not() -> None:
    known = [
        newcomers.Known("1", "ville-apt", "Ville d’Apt", "218400034"),
        newcomers.Known("2", "cc-luberon", "Communauté de communes Pays d’Apt-Luberon"),
        newcomers.Known("3", "ville-arles", "Ville d’Arles"),
        newcomers.Known("4", "crige", "CRIGE PACA"),
        newcomers.Known("5", "departement-84", "Département de Vaucluse"),
    ]
    near = newcomers.near_duplicates

    def names(**facts: str) -> list[str]:
        return [one.name for one in near(newcomers.NewOrganization(**facts), known)]

    assert names(title="Mairie d'APT") == ["ville-apt"]
    assert names(title="Commune d’Arle") == ["ville-arles"]
    assert names(title="Pays d'Apt Luberon") == ["cc-luberon"]
    assert names(title="Rien de tel", siren="218400034") == ["ville-apt"]
    assert names(title="Conseil départemental de Vaucluse") == ["departement-84"]
    assert names(title="Ville de Vaucluse") == []
    assert names(title="Chambre d’agriculture du Var") == []


@given(st.text(min_size=1, max_size=30), st.sets(st.text("abc-2", min_size=2, max_size=6)))
def test_a_name_is_new_and_valid(title: str, taken: set[str]) -> None:
    name = newcomers.name_for(title, taken)
    assert name not in taken
    assert 2 <= len(name) <= 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert newcomers.name_for(title, {*taken, name}) != name
