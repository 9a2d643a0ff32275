"""Passenger transport feeds: GTFS (a zip of text tables) and NeTEx (a zip of XML documents)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.archive import member_head, open_zip, safe_members
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import MIB, Content, Source
from ckanext.idgo.forms.core.inspect.table import TableScan, as_layer, scan_table
from ckanext.idgo.forms.core.inspect.xmlfile import root_of

_GTFS_NEEDED = frozenset({"stops.txt", "routes.txt", "trips.txt"})
_FIELD_BYTES = 16 * MIB
_CALENDARS = frozenset({"calendar.txt", "calendar_dates.txt"})


def is_gtfs(members: list[zipfile.ZipInfo]) -> bool:
    """The GTFS reference requires stops, routes and trips."""
    return {base_name(m) for m in members} >= _GTFS_NEEDED


def base_name(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").rsplit("/", 1)[-1].lower()


def read_gtfs(source: Source, members: list[zipfile.ZipInfo]) -> Content:
    """One layer per table; the box is that of the stops, the dates those of the calendars."""
    content = Content("GTFS", "smart", encoding="utf-8", separator=",")
    days: list[str] = []
    for info in members:
        name = base_name(info)
        if not name.endswith(".txt"):
            continue
        scan = _scan(source, info)
        if name != "stops.txt":
            scan.plan = None
        placed = projections.Placed(None, None, ())
        if scan.plan:
            placed = projections.place(name, scan.plan.crs, scan.box.bounds, None)
        content.layers.append(as_layer(scan, name.removesuffix(".txt"), placed.crs, placed.extent))
        content.findings += [*scan.findings, *placed.findings]
        if name in ("stops.txt", "routes.txt", "agency.txt"):
            content.texts += scan.texts[len(scan.names) :]
        if name in _CALENDARS and scan.dates:
            days += scan.dates
    content.dates = (min(days), max(days)) if days else None
    return content


def _scan(source: Source, info: zipfile.ZipInfo) -> TableScan:
    with _member_rows(source, info) as rows:
        return scan_table(rows, source.limits)


@contextmanager
def gtfs_rows(source: Source, table: str) -> Iterator[Iterator[list[str]]]:
    """The rows of one table of a feed (``stops``, ``routes``…), header included."""
    members = safe_members(source.path, source.limits)
    info = next((m for m in members if base_name(m) == f"{table}.txt"), None)
    if info is None:
        raise error("unreadable", format="GTFS")
    with _member_rows(source, info) as rows:
        yield rows


@contextmanager
def _member_rows(source: Source, info: zipfile.ZipInfo) -> Iterator[Iterator[list[str]]]:
    csv.field_size_limit(_FIELD_BYTES)
    with open_zip(source.path) as archive, archive.open(info) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
        try:
            yield csv.reader(line.replace("\0", "") for line in text)
        except csv.Error as problem:
            raise error("csv_line_too_long", limit_mb=_FIELD_BYTES // MIB) from problem


def is_netex(source: Source, members: list[zipfile.ZipInfo]) -> bool:
    """Whether the XML documents of an archive are NeTEx (root ``PublicationDelivery``)."""
    documents = [m for m in members if m.filename.lower().endswith(".xml")]
    if not documents or len(documents) < 0.8 * len(members):
        return False
    return all(_netex_root(source, m) for m in documents[:3])


def _netex_root(source: Source, info: zipfile.ZipInfo) -> bool:
    root = root_of(member_head(source.path, info))
    return root is not None and root.name == "PublicationDelivery" and "netex" in root.namespace


def read_netex(source: Source, members: list[zipfile.ZipInfo]) -> Content:
    """A NeTEx feed as a document: its files are named, not read further."""
    content = Content("NeTEx", "smart", encoding="utf-8")
    for info in members:
        if info.filename.lower().endswith(".xml"):
            root_of(member_head(source.path, info))  # refuses a DOCTYPE anywhere in the feed
    content.texts = [base_name(m) for m in members[:50]]
    return content
