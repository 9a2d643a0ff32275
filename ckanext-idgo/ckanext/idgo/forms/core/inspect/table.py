"""A table of text rows read once, whatever it came from (CSV, worksheet, GTFS member), a batch at a time.

Row count and box are exact over every row; types come from the first rows and one row of every batch
after them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from ckanext.idgo.forms.core.facts import Column, Finding, Layer
from ckanext.idgo.forms.core.inspect.blocks import Batch, Cells, Row, Rows, row_batches
from ckanext.idgo.forms.core.inspect.location import Box, Plan, find_location
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import Limits
from ckanext.idgo.forms.core.inspect.values import (
    clean_text,
    infer_type,
    is_missing,
    is_year_column,
    to_day,
    to_number,
)

Batches = Iterator[Cells | list[Row]]
_HEAD_ROWS = 600
_SPREAD_ROWS, _SPREAD_BATCHES = 400, 8
_SAMPLE_CELLS = 20_000
_TYPE_CELLS = 400_000
_DATE_COLUMNS = 4
_DISTINCT = 5_000


@dataclass
class TableScan:
    """What a pass over a table found; ``box`` is in the coordinates of ``plan``."""

    names: list[str]
    columns: list[Column]
    rows: int = 0
    sample: list[dict] = field(default_factory=list)
    plan: Plan | None = None
    box: Box = field(default_factory=Box)
    dates: tuple[str, str] | None = None
    findings: list[Finding] = field(default_factory=list)
    last_row: Row = field(default_factory=list)
    ragged: int = 0
    texts: list[str] = field(default_factory=list)


def scan_table(
    rows: Iterator[Row], limits: Limits, rest: Callable[[int], Batches] | None = None
) -> TableScan:
    """Read ``rows`` to the end in constant memory. An empty iterator gives a scan without columns.

    ``rest`` reads what the first rows left, given how many cells most of them have; without it ``rows`` do.
    """
    head = list(islice(rows, _HEAD_ROWS))
    findings: list[Finding] = []
    start, width = _header(head, findings)
    if width > limits.max_columns:
        raise error("too_many_columns", count=width, limit=limits.max_columns)
    names, data = _names(head[start:], width, findings)
    scan = TableScan(names, [], findings=findings)
    if not names:
        return scan
    typing_rows = data[: max(50, _TYPE_CELLS // max(1, len(names)))]
    kinds = _kinds(names, typing_rows)
    scan.plan = find_location(names, typing_rows)
    more = rest(Counter(map(len, data)).most_common(1)[0][0]) if rest and data else row_batches(rows)
    spread = _consume(scan, chain(row_batches(iter(data)), more), kinds)
    scan.columns = [Column(n, k) for n, k in zip(names, _kinds(names, typing_rows + spread), strict=False)]
    shown = min(limits.sample_rows, max(1, _SAMPLE_CELLS // len(names)))
    scan.sample = [_as_dict(names, row) for row in data[:shown]]
    scan.texts = list(names[:200]) + [c for row in data[:50] for c in row[:50] if len(c) > 3]
    if scan.rows == 0:
        findings.append(finding("only_header"))
    if scan.box.unusable:
        findings.append(finding("coordinates_ignored", count=scan.box.unusable))
    return scan


def read_page(
    rows: Iterator[Row], limits: Limits, offset: int, limit: int
) -> tuple[list[str], Plan | None, list[Row]]:
    """Names, location plan and ``limit`` rows from ``offset``, counted as ``scan_table`` counts them."""
    head = list(islice(rows, _HEAD_ROWS))
    start, width = _header(head, [])
    names, data = _names(head[start:], width, [])
    plan = find_location(names, data[: max(50, _TYPE_CELLS // max(1, len(names)))]) if names else None
    filled = (row for row in chain(data, rows) if any(row))
    page = [row + [""] * (len(names) - len(row)) for row in islice(filled, offset, offset + limit)]
    return names, plan, page


def _header(head: list[Row], findings: list[Finding]) -> tuple[int, int]:
    """Position of the header and width of the table; title lines above it are skipped and said."""
    filled = [sum(1 for c in row if c.strip()) for row in head[:200]]
    if not filled:
        return 0, 0
    common = Counter(len(row) for row in head[:200] if row).most_common(1)
    width = common[0][0] if common else 0
    usual = sorted(filled[len(filled) // 2 :])[len(filled[len(filled) // 2 :]) // 2]
    start = 0
    while start < min(15, len(filled) - 1) and width >= 3 and filled[start] < max(2, 0.5 * min(width, usual)):
        start += 1
    if start >= min(15, len(filled) - 1):
        start = 0
    while start < len(filled) - 1 and filled[start] == 0:
        start += 1
    if start:
        findings.append(finding("preamble_skipped", count=start))
    return start, max(len(head[start]), 1)


def _names(rows: list[Row], width: int, findings: list[Finding]) -> tuple[list[str], list[Row]]:
    if not rows or not any(c.strip() for c in rows[0]):
        return [], []
    first = [c.strip() for c in rows[0]]
    present = [c for c in first if c]
    if len(rows) > 1 and all(to_number(c) is not None or to_day(c) for c in present) and not _years(present):
        findings.append(finding("no_header"))
        return [f"column_{i + 1}" for i in range(width)], rows
    while first and not first[-1] and all(len(r) < len(first) or not r[len(first) - 1] for r in rows[1:200]):
        first.pop()  # spreadsheets leave separators after the last column
    empty = sum(1 for c in first if not c)
    if empty:
        findings.append(finding("empty_columns", count=empty))
    return _unique([clean_text(c) or f"column_{i + 1}" for i, c in enumerate(first)], findings), rows[1:]


def _years(cells: list[str]) -> bool:
    return len(cells) > 1 and all(len(c) == 4 and c.isdigit() and "1800" <= c <= "2100" for c in cells)


def _unique(names: list[str], findings: list[Finding]) -> list[str]:
    repeated = [n for n, count in Counter(names).items() if count > 1]
    if not repeated:
        return names
    findings.append(finding("duplicate_columns", names=", ".join(repeated[:10])))
    taken, result, seen = set(names), [], Counter()
    for name in names:
        seen[name] += 1
        unique = name
        if seen[name] > 1:
            number = seen[name]
            while (unique := f"{name}_{number}") in taken:
                number += 1
            taken.add(unique)
        result.append(unique)
    return result


def _kinds(names: list[str], rows: list[Row]) -> list[str]:
    columns = [[r[i] for r in rows if i < len(r)] for i in range(len(names))]
    return [infer_type(name, values) for name, values in zip(names, columns, strict=False)]


def _consume(scan: TableScan, batches: Batches, kinds: list[str]) -> list[Row]:
    """Count, place and date every batch; gives some of the last rows of batches, to see the types of."""
    spread: list[Row] = []
    calendar = _Calendar(scan.names, kinds)
    watch = _Regularity(scan)
    for number, found in enumerate(batches):
        batch = watch.regular(found)
        if not len(batch):
            continue
        scan.rows += len(batch)
        _locate(scan, batch)
        calendar.feed(batch)
        if len(spread) < _SPREAD_ROWS and number % _SPREAD_BATCHES == 0:
            spread.append(batch.last())
        scan.last_row = batch.last()
    scan.dates = calendar.span()
    watch.report()
    return spread


class _Regularity:
    """Makes batches of any rows into batches as wide as the header; counts those that were not."""

    def __init__(self, scan: TableScan) -> None:
        self.scan, self.width, self.first = scan, len(scan.names), 0

    def regular(self, found: Cells | list[Row]) -> Batch:
        if isinstance(found, Cells):
            extra = range(self.width, found.width)
            if found.width >= self.width and not any(any(found.column(index)) for index in extra):
                return found
            found = found.rows()
        if set(map(len, found)) != {self.width} or not all(map(any, found)):
            found = self._mended([row for row in found if any(row)])  # blank lines are not rows
        return Rows(found)

    def _mended(self, rows: list[Row]) -> list[Row]:
        width = self.width
        bad = [i for i, row in enumerate(rows) if len(row) != width and any(c for c in row[width:] or "x")]
        if bad and not self.scan.ragged:
            self.first = self.scan.rows + bad[0] + 1
        self.scan.ragged += len(bad)
        return [row if len(row) >= width else row + [""] * (width - len(row)) for row in rows]

    def report(self) -> None:
        if self.scan.ragged:
            found = finding("ragged_rows", count=self.scan.ragged, columns=self.width, row=self.first)
            self.scan.findings.append(found)


def _locate(scan: TableScan, batch: Batch) -> None:
    plan = scan.plan
    if plan is None:
        return
    if plan.kind in ("lonlat", "projected"):
        x, y = plan.columns
        scan.box.add_columns(batch.column(x), batch.column(y), plan.kind == "lonlat")
        return
    add = scan.box.add_wkt if plan.kind == "wkt" else scan.box.add_latlon
    for cell in batch.column(plan.columns[0]):
        add(cell)


class _Calendar:
    """First and last day over the date columns; distinct values only, dates repeat a lot."""

    def __init__(self, names: list[str], kinds: list[str]) -> None:
        self.days = [i for i, k in enumerate(kinds) if k in ("date", "datetime")][:_DATE_COLUMNS]
        self.years = [i for i, (n, k) in enumerate(zip(names, kinds, strict=False)) if is_year_column(n, k)][
            :_DATE_COLUMNS
        ]
        self.low, self.high = "9", ""
        self.seen: dict[int, set[str]] = {}

    def feed(self, batch: Batch) -> None:
        for index in self.days:
            for text in self._new(index, batch):
                day = to_day(text[:10])
                self._keep(day, day)
        if not self.days:
            for index in self.years:
                for text in self._new(index, batch):
                    year = text.strip()
                    if len(year) == 4 and "1800" <= year <= "2100":
                        self._keep(f"{year}-01-01", f"{year}-12-31")

    def _new(self, index: int, batch: Batch) -> set[str]:
        seen = self.seen.setdefault(index, set())
        new = set(batch.column(index)) - seen
        if len(seen) < _DISTINCT:
            seen |= new
        return new

    def _keep(self, first: str | None, last: str | None) -> None:
        if first and last and "1800" <= first[:4] <= "2200":
            self.low, self.high = min(self.low, first), max(self.high, last)

    def span(self) -> tuple[str, str] | None:
        return (self.low, self.high) if self.high else None


def _as_dict(names: list[str], row: Row) -> dict[str, str | None]:
    cells = row + [""] * (len(names) - len(row))
    return {
        name: (None if is_missing(cell) else clean_text(cell))
        for name, cell in zip(names, cells, strict=False)
    }


def as_layer(scan: TableScan, name: str, crs: str | None, extent) -> Layer:
    """The ``Layer`` of a scan; ``extent`` is in WGS 84."""
    kinds = scan.box.types
    geometry = None
    if scan.plan:
        single = {k.removeprefix("Multi") for k in kinds}
        geometry = "Point" if not kinds else kinds.copy().pop() if len(kinds) == 1 else "Geometry"
        if len(single) == 1 and len(kinds) > 1:
            geometry = "Multi" + single.pop()
    return Layer(clean_text(name), tuple(scan.columns), scan.rows, geometry, crs, extent, tuple(scan.sample))
