"""Workbooks (XLSX, XLS, ODS) through calamine: each sheet is a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.archive import member_head, safe_members
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import MIB, Content, Source
from ckanext.idgo.forms.core.inspect.table import as_layer, scan_table
from ckanext.idgo.forms.core.inspect.xmlfile import root_of

_SHEET_BYTES = 512 * MIB
_CHECKED_MEMBERS = 500


def read_workbook(source: Source, format_name: str) -> Content:
    """Facts of a workbook; one layer per sheet that holds something, in the workbook's order."""
    if format_name in ("XLSX", "ODS"):
        _check_members(source)
    content = Content(format_name, "statistical")
    days: list[str] = []
    for name, rows in sheets(source, format_name):
        scan = scan_table(rows, source.limits)
        if not scan.names:
            continue
        placed = projections.Placed(None, None, ())
        if scan.plan:
            content.family = "geographic"
            placed = projections.place(name, scan.plan.crs, scan.box.bounds, source.assume_crs)
        content.layers.append(as_layer(scan, name, placed.crs, placed.extent))
        content.findings += [*scan.findings, *placed.findings]
        content.texts += [name, *scan.texts]
        days += scan.dates or ()
    if not content.layers:
        content.findings.append(finding("empty_layer", name=source.stem))
    content.dates = (min(days), max(days)) if days else None
    return content


def _check_members(source: Source) -> None:
    members = safe_members(source.path, source.limits)
    for info in members[:_CHECKED_MEMBERS]:
        if info.filename.lower().endswith((".xml", ".rels")):
            root_of(member_head(source.path, info))
        if info.file_size > _SHEET_BYTES:
            size_mb, limit_mb = info.file_size // MIB, _SHEET_BYTES // MIB
            raise error("zip_too_large", size_mb=size_mb, limit_mb=limit_mb)


def sheets(source: Source, format_name: str) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """``(sheet name, rows as text)``; calamine's failures become ``UnreadableFile``."""
    import python_calamine as calamine

    try:
        with source.path.open("rb") as stream:
            book = calamine.load_workbook(stream)
            names = list(book.sheet_names)
            if len(names) > source.limits.max_layers:
                raise error("too_many_layers", count=len(names), limit=source.limits.max_layers)
            for name in names:
                yield name, _rows(book, name)
    except calamine.PasswordError as problem:
        raise error("workbook_password") from problem
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise error("unreadable", format=format_name) from problem
    except BaseException as problem:
        # A Rust panic is no Exception: without this it would end the worker.
        if type(problem).__name__ != "PanicException":
            raise
        raise error("unreadable", format=format_name) from problem


def _rows(book: Any, name: str) -> Iterator[list[str]]:
    try:
        rows = book.get_sheet_by_name(name).iter_rows()
    except (TypeError, KeyError):  # a chart sheet holds no cell
        return
    for row in rows:
        yield [cell_text(value) for value in row]


def cell_text(value: Any) -> str:
    """A cell as a French CSV export would hold it, dates in ISO 8601."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
