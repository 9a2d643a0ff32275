"""Opening again a file already inspected, to read some of its rows (previews)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any

from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect.gdal import pyogrio
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import Limits, Source
from ckanext.idgo.forms.core.inspect.reading import open_source, unwrapped
from ckanext.idgo.forms.core.inspect.sniff import sniff

GDAL_FORMATS = frozenset({"SHP", "TAB", "MIF", "GPKG", "KML", "KMZ", "GML", "FlatGeobuf", "DXF"})
TABLE_FORMATS = frozenset({"CSV", "TSV", "XLSX", "XLS", "ODS", "GTFS"})
JSON_FORMATS = frozenset({"GeoJSON", "JSON"})


@contextmanager
def reopened(path, filename: str, limits: Limits) -> Iterator[Source]:
    """The source of a file, out of its zip when one member was all that mattered."""
    source = open_source(path, filename, limits)
    with ExitStack() as stack:
        if sniff(source) == "ZIP":
            _, source, _ = stack.enter_context(unwrapped(source))
        yield source


@contextmanager
def gdal_layer(source: Source, facts: FileFacts, index: int) -> Iterator[Any]:
    """An ``Opened`` for layer ``index`` of ``facts`` (formats of ``GDAL_FORMATS``)."""
    from ckanext.idgo.forms.core.inspect import bundle
    from ckanext.idgo.forms.core.inspect.archive import safe_members
    from ckanext.idgo.forms.core.inspect.vector import (
        Opened,
        gdal_errors,
        layer_names,
        options_of,
        private_link,
    )

    pyogrio()
    with ExitStack() as stack:
        stack.enter_context(gdal_errors(facts.format))
        if facts.format in ("SHP", "TAB", "MIF"):
            members = safe_members(source.path, source.limits)
            yield stack.enter_context(bundle.opened_group(source, members, facts.format, index))
            return
        driver, link_name = _DRIVERS[facts.format]
        link = stack.enter_context(private_link(source.path, link_name))
        names = [name for name, _ in layer_names(str(link), source.limits)]
        wanted = facts.layers[index].name
        position = names.index(wanted) if wanted in names else min(index, len(names) - 1)
        yield Opened(str(link), position, wanted, driver, None, options_of(driver))


_DRIVERS = {
    "GPKG": ("GPKG", "data.gpkg"),
    "KML": ("KML", "data.kml"),
    "KMZ": ("KML", "data.kml"),
    "GML": ("GML", "data.gml"),
    "FlatGeobuf": ("FlatGeobuf", "data.fgb"),
    "DXF": ("DXF", "data.dxf"),
}


@contextmanager
def table_rows(source: Source, facts: FileFacts, index: int) -> Iterator[Iterator[list[str]]]:
    """The raw rows, header and title lines included, of table ``index`` (formats of ``TABLE_FORMATS``)."""
    if facts.format in ("CSV", "TSV"):
        import csv

        from ckanext.idgo.forms.core.inspect.delimited import Dialect, open_rows

        raw = any(f.code == "unbalanced_quotes" for f in facts.findings)
        zeros = any(f.code == "null_bytes" for f in facts.findings)
        quoting = csv.QUOTE_NONE if raw else csv.QUOTE_MINIMAL
        with open_rows(
            source.path, Dialect(facts.encoding or "utf-8", facts.separator or ";", zeros, quoting)
        ) as rows:
            yield rows
    elif facts.format == "GTFS":
        from ckanext.idgo.forms.core.inspect.mobility import gtfs_rows

        with gtfs_rows(source, facts.layers[index].name) as rows:
            yield rows
    else:
        from ckanext.idgo.forms.core.inspect.values import clean_text
        from ckanext.idgo.forms.core.inspect.workbook import sheets

        wanted = facts.layers[index].name
        for name, rows in sheets(source, facts.format):
            if clean_text(name) == wanted:
                yield rows
                return
        raise error("unreadable", format=facts.format)


def json_items(source: Source, facts: FileFacts, offset: int, limit: int) -> list[dict]:
    """``limit`` features or records of a JSON file from ``offset``."""
    from ckanext.idgo.forms.core.inspect.jsonfile import read_items

    items = read_items(source, facts.encoding or "utf-8")
    return [item for item in islice(items, offset, offset + limit) if isinstance(item, dict)]
