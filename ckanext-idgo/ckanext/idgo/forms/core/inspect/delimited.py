"""CSV, TSV and their kin: encoding, separator, header, then one pass (``table.scan_table``).

Only the standard library is used: a million rows must cost at most twice a bare count (issue 3), and
importing a data frame library alone costs more memory than that.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.blocks import read_blocks
from ckanext.idgo.forms.core.inspect.encoding import detect_encoding, open_name
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import MIB, Content, Source
from ckanext.idgo.forms.core.inspect.table import TableScan, as_layer, scan_table

SEPARATORS = (";", ",", "\t", "|")
_FIELD_BYTES = 16 * MIB
_LINE_BYTES = 32 * MIB
_SAMPLE_LINES = 200
TABLE_EXTENSIONS = frozenset({"csv", "tsv", "txt", "tab", "psv"})


class Dialect(NamedTuple):
    """How to open a delimited file; ``strip_zeros`` removes null bytes, ``quoting`` is the csv module's."""

    encoding: str
    separator: str
    strip_zeros: bool = False
    quoting: int = csv.QUOTE_MINIMAL


@contextmanager
def open_rows(path: Path, dialect: Dialect) -> Iterator[Iterator[list[str]]]:
    """The rows of ``path``, from the csv module itself; its errors become ``UnreadableFile``."""
    with _opened(path, dialect) as stream:
        yield _reader(stream, dialect)


@contextmanager
def _opened(path: Path, dialect: Dialect) -> Iterator[TextIO]:
    csv.field_size_limit(_FIELD_BYTES)
    with path.open("r", encoding=open_name(dialect.encoding), errors="replace", newline="") as stream:
        try:
            yield stream
        except csv.Error as problem:
            raise error("csv_line_too_long", limit_mb=_FIELD_BYTES // MIB) from problem


def _reader(stream: TextIO, dialect: Dialect) -> Iterator[list[str]]:
    lines = (line.replace("\0", "") for line in stream) if dialect.strip_zeros else stream
    quoting: Any = dialect.quoting
    return csv.reader(lines, delimiter=dialect.separator, quoting=quoting)


def _scan(source: Source, dialect: Dialect) -> TableScan:
    with _opened(source.path, dialect) as stream:
        rows = _reader(stream, dialect)
        if dialect.strip_zeros:
            return scan_table(rows, source.limits)
        rest = partial(read_blocks, stream, dialect.separator, dialect.quoting)
        return scan_table(rows, source.limits, rest)


def head_text(source: Source) -> str:
    """The first 64 KiB decoded, cut at a line end."""
    name = open_name(detect_encoding(source.head, source.scan))
    text = source.head.decode(name, "replace").replace("\0", "")
    if source.size_bytes > len(source.head) and "\n" in text:
        text = text[: text.rfind("\n") + 1]
    return text


def choose_separator(text: str) -> tuple[str, float, int]:
    """``(separator, confidence 0..1, columns)`` of the start of a table; confidence 0 means no separator."""
    best = (";", 0.0, 1)
    for separator in SEPARATORS:
        if separator not in text:
            continue
        rows = _some_rows(text, separator)
        widths = Counter(len(r) for r in rows)
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        if width < 2:
            continue
        share = count / len(rows)
        header = next((r for r in rows if len(r) > 1), rows[0])
        if len(header) != width:
            share *= 0.6
        if _looks_decimal(header, rows, separator):
            share *= 0.5
        if (share, width) > (best[1] + 0.02, 0) or (abs(share - best[1]) <= 0.02 and width > best[2]):
            best = (separator, share, width)
    return best


def _looks_decimal(header: list[str], rows: list[list[str]], separator: str) -> bool:
    """Whether the commas are those of French decimals: the header has none, the rows do."""
    return separator == "," and len(header) == 1 and any(len(r) > 1 for r in rows)


def _some_rows(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=separator):
            if any(row):
                rows.append(row)
            if len(rows) >= _SAMPLE_LINES:
                break
    except csv.Error:
        return rows or [[""]]
    return (rows[:-1] if len(rows) > 2 else rows) or [[""]]


def looks_like_table(source: Source) -> bool:
    """Whether a text file is a table. Strict without a table's extension: prose and code have commas too."""
    text = head_text(source)
    if not _printable(text):
        return False
    _, share, width = choose_separator(text)
    lines = [line for line in text.splitlines() if line.strip()]
    if source.extension in TABLE_EXTENSIONS:
        return bool(lines) and (share >= 0.3 or (len(lines) > 1 and max(map(len, lines[:50])) < 500))
    if share < 0.95 or width < 2 or len(lines) < 3:
        return False
    header = lines[0]
    return not re.search(r"[{}<>]|^@|^#", header) and re.search(r"[^\W\d]", header) is not None


def _printable(text: str) -> bool:
    control = sum(1 for c in text[:8192] if c < " " and c not in "\t\r\n\f\x0b\x1a\x1b")
    return control <= 0.02 * max(1, len(text[:8192]))


def read_delimited(source: Source) -> Content:
    """Facts of a delimited file; raises ``UnreadableFile`` where no table can be made of it."""
    if source.scan.longest_line_bytes > _LINE_BYTES:
        raise error("csv_line_too_long", limit_mb=_LINE_BYTES // MIB)
    encoding = detect_encoding(source.head, source.scan)
    separator, share, _ = choose_separator(head_text(source))
    wide = encoding.startswith("utf-16")
    dialect = Dialect(encoding, separator, bool(source.scan.zero_bytes) and not wide)
    scan = _scan(source, dialect)
    unbalanced = _unbalanced(scan, separator)
    if unbalanced:
        dialect = dialect._replace(quoting=csv.QUOTE_NONE)
        scan = _scan(source, dialect)
        scan.findings.append(finding("unbalanced_quotes"))
    if not scan.names:
        raise error("csv_not_a_table")
    placed = _place(scan, source)
    layer = as_layer(scan, source.stem, placed.crs, placed.extent)
    content = Content(
        format="TSV" if separator == "\t" else "CSV",
        family="geographic" if scan.plan else "statistical",
        layers=[layer],
        encoding=encoding,
        separator=separator if share else None,
        dates=scan.dates,
        texts=scan.texts,
    )
    content.findings = [*scan.findings, *placed.findings, *_text_findings(source, dialect, scan)]
    return content


def _unbalanced(scan: TableScan, separator: str) -> bool:
    """The quotation mark that never closes swallows the rest of the file into one short last row."""
    half = max(1, len(scan.names) // 2)
    swallowed = any("\n" in cell and cell.count(separator) >= half for cell in scan.last_row)
    return swallowed and scan.ragged > 0


def _place(scan: TableScan, source: Source) -> projections.Placed:
    if scan.plan is None:
        return projections.Placed(None, None, ())
    bounds = scan.box.bounds
    return projections.place(source.stem, scan.plan.crs, bounds, source.assume_crs)


def _text_findings(source: Source, dialect: Dialect, scan: TableScan) -> list:
    found = []
    if not dialect.encoding.startswith("utf-"):
        found.append(finding("encoding_guessed", encoding=dialect.encoding))
    elif not source.scan.utf8 and dialect.encoding == "utf-8":
        found.append(finding("undecodable", encoding=dialect.encoding))
    if dialect.strip_zeros:
        found.append(finding("null_bytes", count=source.scan.zero_bytes))
    if scan.ragged and _mixed(head_text(source), dialect.separator):
        found.append(finding("mixed_separators", separator=dialect.separator))
    return found


def _mixed(text: str, separator: str) -> bool:
    for line in text.splitlines()[1:_SAMPLE_LINES]:
        if (
            line.strip()
            and separator not in line
            and any(line.count(s) >= 1 for s in SEPARATORS if s != separator)
        ):
            return True
    return False
