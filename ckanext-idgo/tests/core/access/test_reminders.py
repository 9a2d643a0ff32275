"""Reminders: the right one, once, however often or late the job runs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.reminders import due_before_end, due_waiting

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@given(st.integers(1, 400), st.lists(st.integers(0, 420 * 24), max_size=60))
def test_a_grant_is_announced_at_most_once_for_each_threshold(length, hours) -> None:
    end, sent, at = START + length * DAY, [], {}
    for hour in sorted(hours):
        now = START + timedelta(hours=hour)
        due = due_before_end(end, START, now, sent)
        if due is not None:
            assert timedelta(0) < end - now <= due * DAY
            sent.append(due)
            at[due] = now
    assert len(sent) == len(set(sent))
    assert sent == sorted(sent, reverse=True)


def test_every_day_for_a_year_says_it_twice() -> None:
    end, sent = START + 365 * DAY, []
    for day in range(365):
        due = due_before_end(end, START, START + day * DAY, sent)
        sent += [due] if due is not None else []
    assert sent == [30, 7]


@pytest.mark.parametrize(
    ("length", "age", "sent", "due"),
    [
        (365, 336, [], 30),
        (365, 359, [], 7),
        (365, 359, [30], 7),
        (365, 359, [7], None),
        (365, 365, [], None),
        (20, 1, [], None),  # shorter than 30 days: only the last week is announced
        (20, 14, [], 7),
        (5, 1, [], None),
    ],
)
def test_the_table_before_the_end(length, age, sent, due) -> None:
    assert due_before_end(START + length * DAY, START, START + age * DAY, sent) == due


def test_no_end_no_reminder() -> None:
    assert due_before_end(None, START, START + 9999 * DAY, []) is None


@pytest.mark.parametrize(
    ("age", "sent", "due"),
    [(2, [], None), (3, [], 3), (4, [3], None), (7, [3], 7), (9, [], 7), (9, [7], None), (99, [3, 7], None)],
)
def test_the_table_of_waiting(age, sent, due) -> None:
    assert due_waiting(START, START + age * DAY, sent) == due
