"""What pages of access work out without a database: the way in, dates, delays, territories, exports."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core import ledger
from ckanext.idgo.access.core.decide import REQUESTABLE, Reason
from ckanext.idgo.access.core.places import read_places, write_places
from ckanext.idgo.access.core.standing import ASKABLE, TERRITORY_LIMITED, Asked, Way, standing
from ckanext.idgo.access.core.tiers import Tier
from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories

TERRITORIES = Territories.load()
NOW = datetime(2026, 11, 25, 10, tzinfo=timezone.utc)
TODAY = NOW.date()


def way(reason: str = "access-required", signed_in: bool = True, **more: object) -> Way:
    asked = {"tier": "restricted", "owned": True, **more}
    return standing("r1", "d1", reason=reason, signed_in=signed_in, **asked).way  # type: ignore[arg-type]


def test_every_refusal_a_request_can_change_is_offered_one() -> None:
    assert {reason.value for reason in REQUESTABLE} <= ASKABLE | {TERRITORY_LIMITED}
    assert all(way(reason.value) in (Way.ASK, Way.EXTRACT) for reason in REQUESTABLE)


def test_the_way_in_is_one() -> None:
    assert way(signed_in=False) is Way.LOGIN
    assert way(tier="authenticated", reason="login-required", signed_in=False) is Way.LOGIN
    assert way(tier="authenticated", reason="unpublished") is Way.NONE
    assert way(owned=False) is Way.NONE
    assert way(tier="Restricted") is Way.NONE
    assert way(TERRITORY_LIMITED) is Way.EXTRACT


@pytest.mark.parametrize("reason", [r for r in Reason if r.value not in ASKABLE | {TERRITORY_LIMITED}])
def test_what_a_request_cannot_change_offers_none(reason: Reason) -> None:
    assert way(reason.value) is Way.NONE
    assert way(reason.value, signed_in=False) is Way.NONE


def test_what_is_asked_already_waits() -> None:
    whole = Asked("q1", "d1", None, "2026-11-20T10:00:00")
    one = Asked("q2", "d1", "r1", "2026-11-20T10:00:00")
    other = Asked("q3", "d1", "r2", "2026-11-20T10:00:00")
    assert way(asked=[whole]) is Way.PENDING
    assert way(TERRITORY_LIMITED, asked=[one]) is Way.PENDING
    assert way(asked=[other, Asked("q4", "d2", None, "")]) is Way.ASK
    assert way(signed_in=False, asked=[whole]) is Way.LOGIN


@given(
    st.text(max_size=12),
    st.sampled_from([*Tier, "open ", ""]),
    st.sampled_from([*(r.value for r in Reason), "", "?"]),
    st.booleans(),
    st.booleans(),
)
def test_nobody_without_an_account_is_sent_to_a_form(
    resource: str, tier: object, reason: str, owned: bool, signed_in: bool
) -> None:
    value = tier.value if isinstance(tier, Tier) else str(tier)
    found = standing(resource, "d", value, reason, owned, signed_in).way
    if not signed_in:
        assert found in (Way.LOGIN, Way.NONE)
    else:
        assert found is not Way.LOGIN
    if found is Way.ASK:
        assert value == "restricted"
        assert owned


def test_days_left_count_the_last_one() -> None:
    assert ledger.days_left(None, TODAY) is None
    assert ledger.days_left(TODAY, TODAY) == 1
    assert ledger.days_left(TODAY - timedelta(days=1), TODAY) == 0
    assert ledger.ends_soon(TODAY, TODAY)
    assert ledger.ends_soon(TODAY + timedelta(days=29), TODAY)
    assert not ledger.ends_soon(TODAY + timedelta(days=30), TODAY)
    assert not ledger.ends_soon(TODAY - timedelta(days=1), TODAY)
    assert not ledger.ends_soon(None, TODAY)


def test_the_mean_answer_and_the_wait() -> None:
    day = timedelta(days=1)
    assert ledger.mean_answer_days([]) is None
    assert ledger.mean_answer_days([(NOW - 4 * day, NOW), (NOW - 2 * day, NOW)]) == 3
    assert ledger.waited_hours(NOW - timedelta(hours=5, minutes=59), NOW) == 5
    assert ledger.waited_hours(NOW + day, NOW) == 0


def test_instants_are_utc_where_they_say_nothing() -> None:
    assert ledger.instant("2026-11-25T10:00:00") == NOW
    assert ledger.instant("2026-11-25T11:00:00+01:00") == NOW
    assert ledger.instant("hier") is None
    assert ledger.instant(None) is None
    assert ledger.as_day("2026-11-25") == date(2026, 11, 25)
    assert ledger.as_day("2026-13-25") is None
    assert ledger.as_day(None) is None


@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=5))
def test_an_export_reads_back_and_begins_no_formula(rows: list[list[str]]) -> None:
    text = ledger.as_csv(["a", "b", "c"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    assert not any(value[:1] in ("=", "+", "-", "@", "\t", "\r") for row in read for value in row if value)
    assert len(read) == len(rows)
    for before, after in zip(rows, read, strict=True):
        assert [value.removeprefix("'") for value in after] == [value.removeprefix("'") for value in before]


def test_every_territory_reads_back_from_its_name() -> None:
    for territory in TERRITORIES:
        label = write_places([territory.code], TERRITORIES)
        assert read_places(label, "", TERRITORIES) == [territory.code]
    several = ["commune:84003", "departement:13", "commune:04001"]
    assert read_places(write_places(several, TERRITORIES), "", TERRITORIES) == several


def test_a_territory_is_never_guessed() -> None:
    assert read_places("  ", "commune:84003", TERRITORIES) == []
    assert read_places("Apt", "commune:84003", TERRITORIES) == ["commune:84003"]
    assert read_places("Arles", "commune:84003", TERRITORIES) == ["commune:13004"]
    assert read_places("apt; commune:13004", "", TERRITORIES) == ["commune:84003", "commune:13004"]
    with pytest.raises(BadInput, match="Atlantide"):
        read_places("Apt, Atlantide", "", TERRITORIES)
    with pytest.raises(BadInput, match="Several") as several:
        read_places("Mirabeau", "", TERRITORIES)
    assert "Mirabeau (04)" in str(several.value)
