"""What a file really is, from its content. The extension only breaks ties between text formats."""

from __future__ import annotations

import re
import zipfile

from ckanext.idgo.forms.core.inspect.archive import ARCHIVES, extension, member_head
from ckanext.idgo.forms.core.inspect.delimited import head_text, looks_like_table
from ckanext.idgo.forms.core.inspect.messages import error
from ckanext.idgo.forms.core.inspect.mobility import is_gtfs, is_netex
from ckanext.idgo.forms.core.inspect.model import Source
from ckanext.idgo.forms.core.inspect.xmlfile import root_of

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "GeoTIFF"),
    (b"MM\0*", "GeoTIFF"),
    (b"II+\0", "GeoTIFF"),
    (b"MM\0+", "GeoTIFF"),
    (b"fgb\x03fgb", "FlatGeobuf"),
    (b"SQLite format 3\0", "SQLITE"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"AutoCAD Binary DXF\r\n\x1a\0", "DXF"),
    (b"\0\0\x27\x0a", "SHP_ALONE"),
)
_REFUSED_MAGIC = (
    b"LASF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"GIF8", b"\x7fELF", b"MZ", b"ID3", b"PAR1",
    b"\x89HDF", b"CDF\x01", b"\0\0\0\x0cjP", b"OggS", b"RIFF",
)  # fmt: skip
_GML_NAMESPACE = "http://www.opengis.net/gml"
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


def sniff(source: Source) -> str:
    """The kind of ``source`` among: the formats' labels, ``ZIP`` (see ``sniff_zip``), ``JSON`` for any JSON.
    Raises ``UnreadableFile`` ``unsupported_format`` naming what is accepted."""
    head = source.head
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _refine(kind, head)
    if head.startswith(_REFUSED_MAGIC):
        raise error("unsupported_format")
    return _sniff_text(source)


def _refine(kind: str, head: bytes) -> str:
    if kind == "SQLITE":
        if head[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in head:
            return "GPKG"
        raise error("unsupported_format")
    if kind == "OLE":
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise error("workbook_password")
        return "XLS"  # Word's files too begin so: the reader of workbooks refuses them
    if kind == "SHP_ALONE":
        raise error("shp_alone")
    return kind


def _sniff_text(source: Source) -> str:
    text = head_text(source).lstrip("\ufeff")
    start = text.lstrip()[:2000]
    if start.startswith("<") or source.head.lstrip()[:1] == b"<" or source.head[:4] in (b"<\0?\0", b"\0<\0?"):
        return _sniff_xml(source)
    if _looks_json(start):
        return "JSON"
    if re.match(r"version\s+\d+\s*[\r\n]+\s*charset\s", start, re.IGNORECASE):
        return "MIF"
    if re.match(r"!table\s", start, re.IGNORECASE):
        return "TAB_ALONE"
    if re.match(r"(?:999\s*\r?\n[^\n]*\n\s*)*0\s*\r?\nSECTION\b", start):
        return "DXF"
    if looks_like_table(source):
        return "CSV"
    raise error("unsupported_format")


def _looks_json(start: str) -> bool:
    """An object or an array, not a CSV cell in brackets."""
    if start.startswith("{"):
        return re.match(r"\{\s*(?:\"|\}|\Z)", start) is not None
    return re.match(r"\[\s*(?:[\[{\"\d\-]|\]|true|false|null|NaN|\Z)", start) is not None


def _sniff_xml(source: Source) -> str:
    root = root_of(source.head)
    if root is None:
        raise error("xml_broken" if source.extension in ("xml", "gml", "kml") else "unsupported_format")
    if root.name == "kml":
        return "KML"
    if root.name == "PublicationDelivery" and "netex" in root.namespace:
        return "NeTEx"
    mentions_gml = _GML_NAMESPACE in root.head[:16384] or source.extension == "gml"
    if root.name == "FeatureCollection" and (mentions_gml or "/wfs" in root.namespace):
        return "GML"
    if mentions_gml and source.extension == "gml":
        return "GML"
    raise error("unsupported_format")


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
