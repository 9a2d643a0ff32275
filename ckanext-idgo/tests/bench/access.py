"""The table of access (issue 4). `make bench NAME=access`."""

from __future__ import annotations

import bench_downloads
import bench_pages
from table import Row, publish

PARTS = (bench_downloads, bench_pages)


def main() -> None:
    """Measure, print and write; what was measured before a part failed is written all the same."""
    rows: list[Row] = []
    for part in PARTS:
        rows += part.rows()
        publish("access", rows)


if __name__ == "__main__":
    main()
