"""Whatever is killed, the next start heals it, and what was stored is still there."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import Any

import pytest
import requests
from stack import lifecycle, records, services, supervise
from stack.layout import ROOT, Layout
from stack.testing import STATE

LAYOUT = Layout.of(ROOT, STATE)
EVERYTHING = (supervise.SUPERVISOR, *services.BASE, *services.CKAN)


def _kill(names: tuple[str, ...]) -> None:
    """``kill -9`` by record, the supervisor first (it would start the others again meanwhile)."""
    known = {entry.name: entry for entry in records.read_all(LAYOUT.run / "pids")}
    for name in sorted(names, key=lambda n: n != supervise.SUPERVISOR):
        assert records.is_alive(known[name]), name
        os.kill(known[name].pid, signal.SIGKILL)


def _organizations(instance: dict[str, Any]) -> list[str]:
    answer = requests.get(f"{instance['url']}/api/3/action/organization_list", timeout=30)
    return sorted(answer.json()["result"])


def _heals(instance: dict[str, Any], names: tuple[str, ...]) -> None:
    before = _organizations(instance)
    _kill(names)
    again = lifecycle.up(LAYOUT)
    assert again["url"] == instance["url"], "the ports are kept"
    assert _organizations(again) == before
    assert all(records.is_alive(entry) for entry in records.read_all(LAYOUT.run / "pids"))
    assert {entry.name for entry in records.read_all(LAYOUT.run / "pids")} == set(EVERYTHING)


@pytest.mark.parametrize("names", [("supervisord",), EVERYTHING], ids=["supervisor", "everything"])
def test_a_start_heals_what_was_killed(instance: dict[str, Any], names: tuple[str, ...]) -> None:
    _heals(instance, names)


def _web() -> records.Record:
    return next(entry for entry in records.read_all(LAYOUT.run / "pids") if entry.name == "web")


def test_the_supervisor_heals_a_dead_web_by_itself(instance: dict[str, Any]) -> None:
    dead = _web()
    _kill(("web",))
    deadline = time.monotonic() + 90
    # The old workers may answer a moment longer than their master lives: wait for a new master first.
    while time.monotonic() < deadline and (_web() == dead or not records.is_alive(_web())):
        time.sleep(0.1)
    status = 0
    while time.monotonic() < deadline and status != 200:
        try:
            status = requests.get(instance["url"], timeout=30).status_code
        except requests.ConnectionError:
            time.sleep(0.2)
    assert _web() != dead
    assert status == 200


def test_a_second_start_changes_nothing(instance: dict[str, Any]) -> None:
    before = {entry.name: entry for entry in records.read_all(LAYOUT.run / "pids")}
    assert lifecycle.up(LAYOUT) == instance
    assert {entry.name: entry for entry in records.read_all(LAYOUT.run / "pids")} == before


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_any_combination_heals(instance: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)
    _heals(instance, tuple(chance.sample(EVERYTHING, chance.randint(1, len(EVERYTHING)))))
