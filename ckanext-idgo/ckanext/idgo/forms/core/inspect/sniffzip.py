"""What a zip really is, from its members (their safety was checked by ``archive.safe_members``)."""

from __future__ import annotations

import zipfile

from ckanext.idgo.forms.core.inspect.archive import ARCHIVES, extension, member_head
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.mobility import is_gtfs, is_netex
from ckanext.idgo.forms.core.inspect.model import Source

_INNER = frozenset(
    [
        "gpkg",
        "geojson",
        "json",
        "kml",
        "gml",
        "xml",
        "csv",
        "tsv",
        "txt",
        "tif",
        "tiff",
        "fgb",
        "dxf",
        "xlsx",
        "xls",
        "ods",
        "pdf",
    ]
)


def sniff_zip(source: Source, members: list[zipfile.ZipInfo]) -> tuple[str, zipfile.ZipInfo | None]:
    """The kind of an archive, and its one data member when that is all that matters (kind ``INNER``)."""
    names = {m.filename.lower() for m in members}
    kinds = {extension(n) for n in names}
    if "[content_types].xml" in names:
        if any(n.startswith("xl/") for n in names):
            return "XLSX", None
        raise error("unsupported_format")
    if members and members[0].filename == "mimetype":
        if member_head(source.path, members[0], 200).startswith(
            b"application/vnd.oasis.opendocument.spreadsheet"
        ):
            return "ODS", None
        raise error("unsupported_format")
    if is_gtfs(members):
        return "GTFS", None
    if "shp" in kinds:
        return "SHP", None
    if "shx" in kinds:
        raise error("shp_member_missing", name=_stem(names, "shx"), extension=".shp")
    for kind in ("tab", "mif"):
        if kind in kinds:
            return kind.upper(), None
    if "kml" in kinds and (source.extension == "kmz" or kinds <= {"kml", "png", "jpg", "jpeg", "gif", "dae"}):
        return "KMZ", next(m for m in members if extension(m.filename) == "kml")
    return _inner(source, members, kinds)


def _inner(
    source: Source, members: list[zipfile.ZipInfo], kinds: set[str]
) -> tuple[str, zipfile.ZipInfo | None]:
    if is_netex(source, members):
        return "NeTEx", None
    data = [m for m in members if extension(m.filename) in _INNER]
    main = [m for m in data if extension(m.filename) not in ("txt", "pdf", "xml")] or data
    if len(main) == 1:
        return "INNER", main[0]
    if main:
        raise error("zip_several_files", names=", ".join(_shown(m) for m in main[:5]))
    if kinds & ARCHIVES:
        raise error("zip_nested")
    raise error("zip_nothing_usable")


def _shown(info: zipfile.ZipInfo) -> str:
    return info.filename[-80:].encode("utf-8", "replace").decode()


def _stem(names: set[str], kind: str) -> str:
    name = next(n for n in sorted(names) if extension(n) == kind)
    return name.rsplit("/", 1)[-1][: -len(kind) - 1].encode("utf-8", "replace").decode()
