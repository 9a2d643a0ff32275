"""The table of the house (issue 3): prefill of the form, ISO records, search. `make bench NAME=house`.

The search comes last: it starts CKAN in this process, and the others measure processes of their own or memory
that is theirs."""

from __future__ import annotations

import bench_iso
import bench_prefill
import bench_search
from table import Row, publish

PARTS = (bench_iso, bench_prefill, bench_search)


def main() -> None:
    """Measure, print and write; what was measured before a part failed is written all the same."""
    rows: list[Row] = []
    for part in PARTS:
        rows += part.rows()
        publish("house", rows)


if __name__ == "__main__":
    main()
