"""``package_search`` and the dataset page where access is restricted, against stock CKAN (issue 4).

20 000 datasets of two resources, 30 % of them restricted, 1 000 grants. Three ask: nobody signed in; a person
with 100 grants, 40 of them through two organisations; a member of an organisation that owns 1/60 of all.
Stock is CKAN without any plugin, in a process of its own, on the same database (same rows, whose fields it
shows as extras), the same Solr server with a core of its own, and CKAN's schema. Its dataset page is its own,
by its own templates and theme; ours has what ours has. Each page asked is of the same dataset, both resources
listed, on both sides; those asked by a person are of restricted datasets that this person may have, and
nobody's are restricted as well. The filters are of one organisation, the owner's for its member.

Every question goes to both, one after the other and the first of them in turn, so that what else the machine
does meets both; none is asked twice. The index is filled with what ``package_show`` says (``bench_world``).
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import bench_search
import bench_world
from bench_downloads import variant
from table import REPOSITORY, Row, render, row

DATASETS = 20_000
ASKED = 40  # times each kind of question, by each person
WARMING = 5
GOAL = 1.15
SITE = "idgo.bench.access"
WHO = {"anonymous": "not signed in", "granted": "with 100 grants", "member": "owner's member"}
KINDS = ("home page", "one word", "filters")
Times = dict[tuple[str, str], list[tuple[dict[str, Any], dict[str, Any]]]]


class Side:
    """A process of ``bench_served``."""

    def __init__(self, ini: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("bench_served.py")), str(ini)]
        self.process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, do: str, **given: Any) -> dict[str, Any]:
        self.send(do, **given)
        return self.answer()

    def send(self, do: str, **given: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("CKAN stopped answering; what it said is above")
        return json.loads(line)

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


@contextmanager
def sides(count: int) -> Iterator[tuple[Side, Side]]:
    """Ours and stock's, filled; emptied afterwards."""
    ini = json.loads(Path(os.environ["IDGO_INSTANCE"]).read_text("utf-8"))["ckan_ini"]
    solr = next(line for line in Path(ini).read_text("utf-8").splitlines() if line.startswith("solr_url"))
    root = solr.split("=", 1)[1].strip().rsplit("/", 1)[0]
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    ours = variant(ini, folder / "ckan-bench-ours.ini", site_id=SITE, solr_url=f"{root}/ckan_test")
    stock = variant(
        ini, folder / "ckan-bench-stock.ini", site_id=SITE, solr_url=f"{root}/ckan_stock", plugins=""
    )
    both = Side(ours), Side(stock)
    try:
        both[0].ask("build", count=count)
        for side in both:  # at a time: a page of one needs nothing of the other
            side.send("fill", count=count)
        for side in both:
            wrong = side.answer()["differences"]
            if wrong:
                raise RuntimeError("the index is not what package_show says: " + "; ".join(wrong[:10]))
        yield both
    finally:
        for side in both:
            if side.process.poll() is None:
                side.ask("empty")
        if both[0].process.poll() is None:
            both[0].ask("drop")
        for side, path in zip(both, (ours, stock), strict=True):
            side.stop()
            path.unlink(missing_ok=True)


def _pages(who: str, count: int) -> list[str]:
    """Paths of restricted datasets that this person may have, in the same order at each run."""
    found = list(bench_world.restricted(count))
    if who == "member":
        found = [one for one in found if one["owner_org"] == bench_world.OWNER]
    if who == "granted":
        found = [one for _kind, _who, one in bench_world.grants(count)[: bench_world.MINE]]
    random.Random(11).shuffle(found)
    return [f"/dataset/{one['name']}" for one in found]


def _questions(who: str, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(kind, what is asked of a side)``, kinds in turn, without end."""
    paths = _pages(who, count)
    number = 0
    for seed in itertools.count():
        made = bench_search.questions(1_000 + seed)
        for i in range(bench_search.QUESTIONS):
            for kind in KINDS:
                asked = made[kind][i]
                if kind == "filters":  # without a word: both find the same ones
                    only = {"fq": f'organization:"{OWNED}"'} if who == "member" else {}
                    asked = {**asked, "q": "*:*", **only}
                yield kind, {"do": "search", "who": who, **asked}
            yield "page", {"do": "page", "who": who, "path": paths[number % len(paths)]}
            number += 1


OWNED = bench_world.OWNER.removeprefix(bench_world.MARK)


def measure(count: int = DATASETS, asked: int = ASKED) -> Times:
    """``{(who, kind): [(ours, stock)]}``: answers of ``bench_served``."""
    found: Times = {}
    seen: dict[tuple[str, str], int] = {}
    with sides(count) as both:
        asking = {who: _questions(who, count) for who in WHO}
        for turn in range(4 * (WARMING + asked)):
            for who, questions in asking.items():
                kind, question = next(questions)
                order = (0, 1) if turn % 8 < 4 else (1, 0)
                answers = {side: both[side].ask(**question) for side in order}
                _same(kind, answers[0], answers[1])
                seen[who, kind] = seen.get((who, kind), 0) + 1
                if seen[who, kind] > WARMING:
                    found.setdefault((who, kind), []).append((answers[0], answers[1]))
    _unlocked(found)
    return found


def _same(kind: str, ours: dict[str, Any], stock: dict[str, Any]) -> None:
    """As many results on a page, or what is measured is not the same."""
    if kind == "filters" and ours["rows"] != stock["rows"]:
        raise RuntimeError(f"{kind}: {ours['rows']} results against {stock['rows']}")


def _unlocked(found: Times) -> None:
    """Nobody saw an address that is not theirs; the member saw every one of the owner's."""
    for ours, stock in found["member", "filters"]:
        if ours["urls"] != stock["urls"]:
            raise RuntimeError("the owner's member did not see every address of the owner's")
    for kind in KINDS:
        if sum(a["urls"] for a, _ in found["anonymous", kind]) >= sum(
            b["urls"] for _, b in found["anonymous", kind]
        ):
            raise RuntimeError("nobody signed in, and nothing was masked")


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _compared(what: str, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Row]:
    ours, stock = ([pair[side]["ms"] for pair in pairs] for side in (0, 1))
    work, their_work = (median(pair[side]["cpu_ms"] for pair in pairs) for side in (0, 1))
    return [
        row(f"{what}, p50", round(median(ours), 1), "ms", reference=round(median(stock), 1), goal=GOAL),
        row(f"{what}, p95", round(_p95(ours), 1), "ms", reference=round(_p95(stock), 1), goal=GOAL),
        row(f"{what}, processor time", round(work, 1), "ms (median)", reference=round(their_work, 1)),
    ]


def rows(count: int = DATASETS, asked: int = ASKED) -> list[Row]:
    """Rows of ``make bench NAME=access``."""
    found, table = measure(count, asked), []
    for who, said in WHO.items():
        for kind in KINDS:
            table += _compared(f"package_search, {kind}, {said}", found[who, kind])
        searches = [pair for kind in KINDS for pair in found[who, kind]]
        table += _compared(f"package_search, all kinds, {said}", searches)
        table += _compared(f"dataset page, {said}", found[who, "page"])
    return table


if __name__ == "__main__":
    print(render(rows(*map(int, sys.argv[1:]))))
