"""GeoPackage: what SQLite itself says of the tables before GDAL opens them.

Views and virtual tables run whatever SQL their author wrote when they are read; only plain feature and
attribute tables are (OGC 12-128, clause 1.1.3).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.model import Content, Source
from ckanext.idgo.forms.core.inspect.vector import private_link, read_layers


def read_geopackage(source: Source) -> Content:
    """Facts of a GeoPackage, its views and virtual tables left aside and named in findings."""
    tables = plain_tables(source.path)
    with private_link(source.path, "data.gpkg") as link:
        return read_layers(source, "GPKG", "GPKG", str(link), keep=tables)


def plain_tables(path: Path) -> frozenset[str]:
    """Names of the tables that are neither views nor virtual; ``UnreadableFile`` if SQLite cannot read."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=1)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            rows = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            pages, size = (database.execute(f"PRAGMA {p}").fetchone()[0] for p in ("page_count", "page_size"))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as problem:
        raise error("unreadable", format="GPKG") from problem
    if pages * size > path.stat().st_size:
        raise error("truncated", format="GPKG")
    names = {str(n) for _, n, _ in rows}
    if "gpkg_contents" not in names:
        raise error("unreadable", format="GPKG")
    return frozenset(str(n) for t, n, sql in rows if t == "table" and not _virtual(sql))


def _virtual(sql: object) -> bool:
    return str(sql or "").lstrip().upper().startswith("CREATE VIRTUAL")
