"""ISO 19139 read → record → write over the real records, against plain lxml parse and serialise.

Goal: 500 records a second on one core (issue 3). The records are those of the data folder, in memory; each
round takes them all, and the best of the rounds counts: what slows a round is the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree
from table import REPOSITORY, Row, render, row

from ckanext.idgo.metadata.core.read import read_record
from ckanext.idgo.metadata.core.write import write_iso19139

GOAL = 500
ROUNDS = 7


def _records() -> list[bytes]:
    import os

    folder = Path(os.environ.get("IDGO_DATA") or REPOSITORY.parent / "shared" / "data") / "iso"
    found = [path.read_bytes() for path in sorted((folder / "iso19139").rglob("*.xml"))]
    if not found:
        raise FileNotFoundError(f"no record in {folder}: say where with make bench DATA=PATH")
    return found


def _per_second(work: Callable[[bytes], object], records: list[bytes]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for xml in records:
            work(xml)
        seconds.append(time.process_time() - start)
    return len(records) / min(seconds)


def rows() -> list[Row]:
    """Records per second of one core's time, ours and lxml's."""
    records = _records()
    ours = _per_second(lambda xml: write_iso19139(read_record(xml)), records)
    plain = _per_second(lambda xml: etree.tostring(etree.fromstring(xml)), records)
    what = f"ISO 19139 read, record, write ({len(records)} real records)"
    return [
        row(what, ours, "records/s", goal=GOAL, better="higher"),
        row(
            "the same, against lxml parse and serialise", ours, "records/s", reference=plain, better="higher"
        ),
    ]


if __name__ == "__main__":
    print(render(rows()))
