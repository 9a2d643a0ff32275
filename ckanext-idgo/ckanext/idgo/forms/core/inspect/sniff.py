"""What a file really is, from its content. The extension only breaks ties between text formats."""

from __future__ import annotations

import codecs
import re

from ckanext.idgo.forms.core.inspect.delimited import head_text, looks_like_table
from ckanext.idgo.forms.core.inspect.messages import error
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
    b"LASF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"GIF8", b"\x7fELF", b"MZ", b"ID3",
    b"PAR1", b"\x89HDF", b"CDF\x01", b"\0\0\0\x0cjP", b"OggS", b"RIFF",
)  # fmt: skip
_GML_NAMESPACE = "http://www.opengis.net/gml"


_WEB_PAGE = re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)


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
    if _is_blank(source, text):
        raise error("empty_file")
    start = text.lstrip()[:2000]
    if _WEB_PAGE.match(start):
        raise error("web_page")
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


def _is_blank(source: Source, text: str) -> bool:
    """A byte order mark or blank lines, and nothing after."""
    zeros = b"\0" in source.head and not source.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not text.strip() and not zeros and source.size_bytes <= len(source.head)


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
