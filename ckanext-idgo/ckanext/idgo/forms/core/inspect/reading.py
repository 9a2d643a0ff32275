"""From a path to ``FileFacts``: sniff, choose the reader, put its findings together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ckanext.idgo.forms.core.facts import BBox, Column, FileFacts, Finding, Layer
from ckanext.idgo.forms.core.inspect.bytescan import scan_bytes
from ckanext.idgo.forms.core.inspect.delimited import read_delimited
from ckanext.idgo.forms.core.inspect.document import read_document
from ckanext.idgo.forms.core.inspect.language import detect_languages
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import MIB, Content, Limits, Source
from ckanext.idgo.forms.core.inspect.sniff import sniff
from ckanext.idgo.forms.core.inspect.values import clean_text

HEAD_BYTES = 64 * 1024
_BINARY = (
    b"PK",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"II*",
    b"II+",
    b"MM\0",
    b"fgb",
    b"SQLite",
    b"\xd0\xcf\x11",
)

MIMETYPES = {
    "SHP": "application/zip",
    "TAB": "application/zip",
    "MIF": "application/vnd.mif",
    "GPKG": "application/geopackage+sqlite3",
    "GeoJSON": "application/geo+json",
    "JSON": "application/json",
    "KML": "application/vnd.google-earth.kml+xml",
    "KMZ": "application/vnd.google-earth.kmz",
    "GML": "application/gml+xml",
    "FlatGeobuf": "application/flatgeobuf",
    "DXF": "image/vnd.dxf",
    "CSV": "text/csv",
    "TSV": "text/tab-separated-values",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLS": "application/vnd.ms-excel",
    "ODS": "application/vnd.oasis.opendocument.spreadsheet",
    "GeoTIFF": "image/tiff",
    "GTFS": "application/zip",
    "NeTEx": "application/xml",
    "PDF": "application/pdf",
    "PNG": "image/png",
    "JPEG": "image/jpeg",
}
EXTENSIONS = {
    "SHP": {"zip"},
    "TAB": {"zip"},
    "MIF": {"mif"},
    "GeoJSON": {"geojson", "json"},
    "JSON": {"json", "jsonld"},
    "GML": {"gml", "xml"},
    "FlatGeobuf": {"fgb"},
    "CSV": {"csv", "txt"},
    "TSV": {"tsv", "csv", "txt", "tab"},
    "GeoTIFF": {"tif", "tiff", "gtiff"},
    "GTFS": {"zip"},
    "NeTEx": {"xml"},
    "JPEG": {"jpg", "jpeg", "jpe"},
    "XLSX": {"xlsx", "xlsm"},
}


_DEFAULTS = Limits()


def inspect_file(
    path: Path,
    filename: str,
    limits: Limits = _DEFAULTS,
    *,
    assume_crs: str | None = None,
) -> FileFacts:
    """Everything IDGO learns of the file at ``path``, called ``filename`` by its contributor.

    ``assume_crs`` (``EPSG:n``) is the projection the contributor confirmed for layers that state none.
    Raises ``UnreadableFile``, ``TooLarge`` or ``BadInput`` (codes in ``messages.ERRORS``), nothing else.
    """
    source = open_source(Path(path), filename, limits, assume_crs)
    content, wrapped = read_content(source)
    return assemble(source, content, wrapped)


def open_source(path: Path, filename: str, limits: Limits, assume_crs: str | None = None) -> Source:
    """Check the size before a byte is read, then read the start and make the one pass (checksum, text)."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise error("empty_file")
        if size > limits.max_bytes:
            raise error("file_too_large", size_mb=-(-size // MIB), limit_mb=limits.max_bytes // MIB)
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        scan = scan_bytes(path, text=not head.startswith(_BINARY))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as problem:
        raise error("file_missing") from problem
    return Source(path, filename, size, limits, head, scan, assume_crs)


def read_content(source: Source) -> tuple[Content, str | None]:
    """What the right reader found, and the name of the member it was read from if the file is an archive."""
    kind = sniff(source)
    if kind != "ZIP":
        return _read(kind, source), None
    with unwrapped(source) as (inner_kind, inner, member):
        if member is None:
            return _read_zip(inner_kind, source), None
        content = _read(inner_kind, inner)
        content.container = "zip"
        return content, member


@contextmanager
def unwrapped(source: Source) -> Iterator[tuple[str, Source, str | None]]:
    """The kind of a zip; where one member is all that matters, that member in a private copy, sniffed."""
    import tempfile

    from ckanext.idgo.forms.core.inspect.archive import extension, extract, safe_members
    from ckanext.idgo.forms.core.inspect.sniffzip import sniff_zip

    members = safe_members(source.path, source.limits)
    kind, member = sniff_zip(source, members)
    if member is None:
        yield kind, source, None
        return
    with tempfile.TemporaryDirectory(prefix="idgo-inspect-") as folder:
        suffix = extension(member.filename)
        [copy] = extract(source.path, [(member, "inner")], Path(folder), source.limits)
        name = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
        inner = open_source(
            copy, name, replace(source.limits, max_bytes=source.limits.max_uncompressed_bytes)
        )
        inner = replace(inner, assume_crs=source.assume_crs)
        found = sniff(inner)
        if found == "ZIP" and suffix in ("xlsx", "ods"):
            found, _ = sniff_zip(inner, safe_members(copy, source.limits))
        if found == "ZIP" or (kind == "KMZ" and found != "KML"):
            raise error("zip_nested" if found == "ZIP" else "zip_nothing_usable")
        yield found if kind != "KMZ" else "KMZ", inner, clean_text(member.filename)


def _read_zip(kind: str, source: Source) -> Content:
    from ckanext.idgo.forms.core.inspect.archive import safe_members

    members = safe_members(source.path, source.limits)
    if kind == "GTFS":
        from ckanext.idgo.forms.core.inspect.mobility import read_gtfs

        return read_gtfs(source, members)
    if kind == "NeTEx":
        from ckanext.idgo.forms.core.inspect.mobility import read_netex

        return read_netex(source, members)
    if kind in ("TAB", "MIF", "SHP"):
        from ckanext.idgo.forms.core.inspect import bundle

        if kind == "SHP":
            return bundle.read_shapefiles(source, members)
        return bundle.read_mapinfo(source, members, kind.lower())
    return _read(kind, source)


def _read(kind: str, source: Source) -> Content:
    if kind == "CSV":
        return read_delimited(source)
    if kind == "JSON":
        from ckanext.idgo.forms.core.inspect.jsonfile import read_json

        return read_json(source)
    if kind in ("XLSX", "XLS", "ODS"):
        from ckanext.idgo.forms.core.inspect.workbook import read_workbook

        return read_workbook(source, kind)
    if kind == "GeoTIFF":
        from ckanext.idgo.forms.core.inspect.raster import read_geotiff

        return read_geotiff(source)
    if kind == "NeTEx":
        return Content("NeTEx", "smart", encoding="utf-8")
    if kind in ("PDF", "PNG", "JPEG"):
        return read_document(source, kind)
    return _read_vector(kind, source)


_DRIVERS = {
    "KML": ("KML", "data.kml"),
    "KMZ": ("KML", "data.kml"),
    "GML": ("GML", "data.gml"),
    "FlatGeobuf": ("FlatGeobuf", "data.fgb"),
    "DXF": ("DXF", "data.dxf"),
}


def _read_vector(kind: str, source: Source) -> Content:
    if kind == "GPKG":
        from ckanext.idgo.forms.core.inspect.geopackage import read_geopackage

        return read_geopackage(source)
    if kind in ("MIF", "TAB_ALONE"):
        companion = ".mid" if kind == "MIF" else ".dat"
        raise error("companion_missing", name=clean_text(source.filename), extension=companion)
    from ckanext.idgo.forms.core.inspect.vector import read_vector

    driver, link_name = _DRIVERS[kind]
    return read_vector(source, kind, driver, link_name)


def assemble(source: Source, content: Content, member: str | None) -> FileFacts:
    """The facts of the whole file from what its reader found."""
    layers = tuple(content.layers)
    placed = [x for x in layers if x.geometry_type or x.extent or x.crs]
    findings = [*_extension_findings(source, content), *content.findings]
    if member:
        findings.append(finding("inside_zip", member=member))
    counted = [x.feature_count for x in (placed or layers) if x.feature_count is not None]
    return FileFacts(
        filename=source.filename.encode("utf-8", "replace").decode(),
        format=content.format,
        mimetype="application/zip"
        if content.container or _zipped(source, content)
        else MIMETYPES[content.format],
        size_bytes=source.size_bytes,
        hash=f"sha256:{source.scan.sha256}",
        family=content.family,
        encoding=content.encoding,
        separator=content.separator,
        crs=_one({x.crs for x in placed}) or content.crs,
        geometry_type=_common_geometry(placed),
        feature_count=sum(counted) if counted else None,
        extent=_union([x.extent for x in placed if x.extent]),
        layers=layers,
        columns=_columns(layers),
        languages=detect_languages([source.stem, *content.texts]),
        dates=content.dates,
        resolution_m=content.resolution_m,
        findings=_distinct(findings),
    )


def _zipped(source: Source, content: Content) -> bool:
    return content.format == "NeTEx" and source.head.startswith(b"PK")


def _extension_findings(source: Source, content: Content) -> list[Finding]:
    allowed = EXTENSIONS.get(content.format, {content.format.lower()})
    if content.container or _zipped(source, content):
        allowed = allowed | {"zip"}
        if content.format == "KMZ":
            allowed = {"kmz", "zip"}
    if not source.extension or source.extension in allowed:
        return []
    return [finding("wrong_extension", extension=clean_text(source.extension[:20]), format=content.format)]


def _one(values: set[str | None]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _common_geometry(layers: list[Layer]) -> str | None:
    kinds = {x.geometry_type for x in layers if x.geometry_type}
    if len(kinds) == 1:
        return kinds.pop()
    single = {k.removeprefix("Multi") for k in kinds}
    return None if not kinds else "Multi" + single.pop() if len(single) == 1 else "Geometry"


def _union(boxes: list[BBox]) -> BBox | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=False)
    return (min(west), min(south), max(east), max(north))


def _columns(layers: tuple[Layer, ...]) -> tuple[Column, ...]:
    """The columns of all layers, each name once, in order."""
    seen: dict[str, Column] = {}
    for layer in layers:
        for column in layer.columns:
            seen.setdefault(column.name, column)
    return tuple(seen.values())


def _distinct(findings: list[Finding]) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    for item in findings:
        if item not in kept:
            kept.append(item)
    return tuple(kept)
