"""What a notice says, in every kind and language, whatever the facts; and when a mail is tried."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from string import printable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.events import KINDS
from ckanext.idgo.notices.core import facts as fact_rules
from ckanext.idgo.notices.core import mail, schedule, words
from ckanext.idgo.notices.core.kinds import (
    CHANNELS,
    FACTS,
    GROUPS,
    LANGUAGES,
    channel_of,
    group_of,
    language_of,
)

EVERY = [(kind, language) for kind in sorted(KINDS) for language in LANGUAGES]
SITE = "https://idgo.example"
FACT_TEXT = st.text(max_size=60) | st.sampled_from(
    ["a\r\nBcc: x@y.example", "<b>x</b>", "{dataset}", "{0.__class__}", "%s", "‮abc", "\udc00", "2026-12-06"]
)
FACT_SETS = st.dictionaries(st.sampled_from(sorted({f for k in FACTS.values() for f in k})), FACT_TEXT)


def _address(path: str) -> str:
    return SITE + path


def test_every_kind_has_its_facts_and_one_group() -> None:
    assert set(FACTS) == set(KINDS)
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(KINDS)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_shipped_words_can_always_be_said(kind: str, language: str) -> None:
    """Both languages, known facts only, and the same facts in both: nothing is told to one reader only."""
    shipped = words.shipped(kind, language)
    words.check(shipped, kind)
    quoted = [
        {f for line in (*w.subject, *w.body) for f in words.quoted(line)}
        for w in (shipped, words.shipped(kind, "en" if language == "fr" else "fr"))
    ]
    assert quoted[0] == quoted[1]
    if language == "fr":
        text = "\n".join((*shipped.subject, *shipped.body, *words.frame("fr").values()))
        assert not re.search(r"[\w}»)] [;:!?»%]|« ", text), "a sign may begin a line"


@given(st.sampled_from(EVERY), FACT_SETS)
def test_whatever_the_facts_the_mail_is_one_subject_line_and_plain_text(
    which: tuple[str, str], raw: dict[str, str]
) -> None:
    kind, language = which
    notice = mail.Notice(kind, fact_rules.clean(raw), "/demandes", words.shipped(kind, language))
    for notices in ([notice], [notice, notice]):
        made = mail.compose(notices, language, "IDGO", _address, SITE + "/notifications/reglages")
        assert made.subject.strip()
        assert made.subject.splitlines() == [made.subject]
        assert len(made.subject) <= words.MAX_SUBJECT
        made.subject.encode("utf-8")
        made.body.encode("utf-8")
        assert _address("/demandes") in made.body
        assert made.body.count("/notifications/reglages") == 1


@given(
    st.text(alphabet=printable, max_size=20),
    st.sampled_from(
        [
            "https://sig.ville.example/dl/a.zip?key=abc",
            "www.ville.example/fichier",
            "//ville.example/x",
            "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.6Yv3bLk2Zt0Qm",
            "s3://seau/cle",
            "0123456789abcdef0123456789abcdef",
        ]
    ),
    st.sampled_from(LANGUAGES),
)
def test_no_address_and_no_token_of_a_fact_gets_into_a_mail(around: str, secret: str, language: str) -> None:
    facts = fact_rules.clean({"reason": f"{around} {secret} {around}", "dataset": secret})
    notice = mail.Notice("access.refused", facts, "/mes-acces", words.shipped("access.refused", language))
    made = mail.compose([notice, notice], language, "IDGO", _address, SITE + "/r")
    single = mail.compose([notice], language, "IDGO", _address, SITE + "/r")
    for text in (made.subject, made.body, single.subject, single.body):
        assert secret not in text


@given(FACT_SETS)
def test_markup_and_braces_in_facts_stay_words(raw: dict[str, str]) -> None:
    facts = fact_rules.clean(raw)
    for kind, language in EVERY:
        for line in words.body(words.shipped(kind, language), {**facts, "site": "IDGO"}):
            assert line.splitlines() == [line]
    assert words.fill("a {dataset}", {"dataset": "{reason} <b>"}) == "a {reason} <b>"


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("", "x", "words-empty"),
        ("x", "", "words-empty"),
        ("x", "{nobody}", "words-fact"),
        ("x", "y\n{dataset", "words-braces"),
        ("x", "{dataset.__class__}", "words-braces"),
        ("x", "{dataset[0]}", "words-braces"),
        ("x", "{dataset!r}", "words-braces"),
        ("x", "{dataset:>99999999}", "words-braces"),
        ("x", "{}", "words-braces"),
        ("{dataset}", "x", "words-subject"),
        ("x", "{dataset}", "words-body"),
        ("x", "y" * 501, "words-long"),
        ("x\n" * 12, "y\n" * 12, "words-long"),
    ],
)
def test_words_that_could_not_always_be_said_are_refused(subject: str, body: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        words.check(words.from_text(subject, body), "access.granted")
    assert refused.value.code == code


@given(st.text(max_size=80))
def test_any_line_is_words_or_refused(line: str) -> None:
    """No line makes the template language do anything but quote, or fail in another way than ``BadInput``."""
    try:
        names = words.quoted(line)
    except BadInput:
        return
    assert all(name.isidentifier() for name in names)
    assert words.fill(line, {}) is None if names else words.fill(line, {}) is not None


def test_a_line_without_its_fact_is_left_out() -> None:
    shipped = words.shipped("access.granted", "fr")
    assert words.body(shipped, {}) == ["Un accès vous est accordé."]
    assert words.subject(shipped, {"dataset": "Eau"}) == "Accès accordé à «\u00a0Eau\u00a0»"
    said = fact_rules.said({"until": "2026-12-01", "role": "editor", "days": "7", "x": "2026-13-41"}, "fr")
    assert said == {"until": "1er décembre 2026", "role": "contributeur", "days": "7", "x": "2026-13-41"}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/mes-acces", "/mes-acces"),
        ("/demandes/1?x=2#y", "/demandes/1?x=2#y"),
        ("//elsewhere.example", "/notifications"),
        ("https://elsewhere.example", "/notifications"),
        ("/\\elsewhere.example", "/notifications"),
        ("/a\r\nLocation: x", "/notifications"),
        ("javascript:alert(1)", "/notifications"),
        ("", "/notifications"),
    ],
)
def test_a_path_stays_on_this_site(path: str, kept: str) -> None:
    assert fact_rules.clean_path(path) == kept


def test_a_digest_is_by_group_then_in_time() -> None:
    def notice(kind: str, dataset: str) -> mail.Notice:
        return mail.Notice(kind, {"dataset": dataset}, f"/p/{dataset}", words.shipped(kind, "en"))

    kinds = [
        ("access.ending", "C"),
        ("access.requested", "A"),
        ("access.granted", "B"),
        ("access.waiting", "D"),
    ]
    made = mail.compose([notice(*k) for k in kinds], "en", "IDGO", _address, SITE)
    assert re.findall(r"/p/(\w)", made.body) == ["A", "D", "B", "C"]
    assert made.subject == "IDGO: 4 news items"


def test_a_mail_is_tried_more_and_more_rarely_and_then_given_up() -> None:
    waits = [schedule.wait_after(tries) for tries in range(1, 20)]
    assert waits[12:] == [None] * 7
    given = [wait for wait in waits if wait]
    assert given == sorted(given)
    assert len(given) == 12


def test_a_server_down_for_a_week_loses_nothing() -> None:
    assert [w.total_seconds() / 60 for w in schedule.WAITS[:6]] == [1, 5, 30, 120, 720, 1440]
    assert timedelta(days=7) < sum(schedule.WAITS, timedelta()) < timedelta(days=8)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.integers(0, 23),
    st.sampled_from(["Europe/Paris", "UTC", "Indian/Reunion"]),
)
def test_a_digest_leaves_at_its_hour_within_a_day(now: datetime, hour: int, zone: str) -> None:
    """Also on the two days of the year that have 23 or 25 hours; an hour that does not exist is the next."""
    due = schedule.next_digest(now, hour, zone)
    assert timedelta() < due - now <= timedelta(hours=25)
    local = due.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    assert local.hour in (hour, hour + 1)
    assert schedule.next_digest(due, hour, zone) > due, "what comes at the very hour waits for the next"


@given(st.dictionaries(st.sampled_from([*GROUPS, "x"]), st.sampled_from([*CHANNELS, "y"])))
def test_a_choice_is_by_group_and_anything_else_is_at_once(chosen: dict[str, str]) -> None:
    for kind in KINDS:
        wanted = chosen.get(group_of(kind), "at_once")
        assert channel_of(kind, chosen) == (wanted if wanted in CHANNELS else "at_once")


@pytest.mark.parametrize(
    ("chosen", "language"),
    [("en", "en"), ("en_GB", "en"), ("fr", "fr"), ("de", "fr"), (None, "fr"), ("", "fr")],
)
def test_who_chose_no_language_of_ours_reads_french(chosen: str | None, language: str) -> None:
    assert language_of(chosen) == language
