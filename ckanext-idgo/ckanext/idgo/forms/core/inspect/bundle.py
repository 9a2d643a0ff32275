"""What a zip holds: shapefiles, MapInfo tables, a GTFS or NeTEx feed, or one data file of another kind."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ckanext.idgo.forms.core.facts import Finding
from ckanext.idgo.forms.core.inspect.archive import extension, extract, member_head
from ckanext.idgo.forms.core.inspect.encoding import single_byte
from ckanext.idgo.forms.core.inspect.gdal import pyogrio
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import Content, Source
from ckanext.idgo.forms.core.inspect.vector import Opened, describe, gdal_errors

_SHP_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_SHP_NEEDED = ("shx", "dbf")
_MAPINFO_PARTS = {"tab": ("tab", "dat", "map", "id", "ind"), "mif": ("mif", "mid")}
_MAPINFO_NEEDED = {"tab": ("dat",), "mif": ("mid",)}
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*(/[A-Za-z0-9_][A-Za-z0-9_ .-]*)*\Z")


@dataclass(frozen=True)
class Group:
    """One shapefile or MapInfo table in an archive: its display name and its members by extension."""

    name: str
    parts: dict[str, zipfile.ZipInfo]


def groups(members: list[zipfile.ZipInfo], main: str, parts: tuple[str, ...]) -> list[Group]:
    """Members that belong together: same folder, same base name whatever the case, one of them ``main``."""
    found: dict[str, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    names: dict[str, str] = {}
    for info in members:
        if (kind := extension(info.filename)) in parts:
            base = info.filename.replace("\\", "/")[: -len(kind) - 1]
            found[base.lower()].setdefault(kind, info)
            if kind == main:
                names[base.lower()] = base.rsplit("/", 1)[-1]
    return [Group(names[key], parts_) for key, parts_ in found.items() if main in parts_]


def read_shapefiles(source: Source, members: list[zipfile.ZipInfo]) -> Content:
    """Every shapefile of an archive, whatever the sub-folders; raises where a needed companion is missing."""
    found = groups(members, "shp", _SHP_PARTS)
    if len(found) > source.limits.max_layers:
        raise error("too_many_layers", count=len(found), limit=source.limits.max_layers)
    for group in found:
        for part in _SHP_NEEDED:
            if part not in group.parts:
                raise error("shp_member_missing", name=group.name, extension="." + part)
    content = Content("SHP", "geographic", container="zip")
    days: list[str] = []
    pyogrio()
    for group in found:
        with gdal_errors("SHP"), _opened(source, group, _SHP_PARTS) as path:
            encoding = _dbf_encoding(source, group)
            opened = Opened(path, 0, group.name, "ESRI Shapefile", encoding)
            missing = "missing_crs" if "prj" in group.parts else "missing_prj"
            layer, findings, (dates, texts) = describe(opened, source, missing)
        content.layers.append(layer)
        content.findings += findings + _prj_findings(source, group, findings)
        content.texts += texts
        content.encoding = content.encoding or encoding or _declared_encoding(source, group)
        days += dates
    content.findings += _left_out(members, found, _SHP_PARTS)
    content.dates = (min(days), max(days)) if days else None
    return content


def read_mapinfo(source: Source, members: list[zipfile.ZipInfo], kind: str) -> Content:
    """MapInfo tables of an archive; ``kind`` is ``tab`` or ``mif``."""
    content = Content(kind.upper(), "geographic", container="zip")
    found = groups(members, kind, _MAPINFO_PARTS[kind])
    if len(found) > source.limits.max_layers:
        raise error("too_many_layers", count=len(found), limit=source.limits.max_layers)
    days: list[str] = []
    pyogrio()
    for group in found:
        for part in _MAPINFO_NEEDED[kind]:
            if part not in group.parts:
                raise error("companion_missing", name=group.name, extension="." + part)
        refuse_linked_tab(member_head(source.path, group.parts[kind]))
        with gdal_errors(kind.upper()), _extracted(source, group, _MAPINFO_PARTS[kind]) as path:
            opened = Opened(path, 0, group.name, "MapInfo File")
            layer, findings, (dates, texts) = describe(opened, source)
        content.layers.append(layer)
        content.findings += findings
        content.texts += texts
        days += dates
    content.findings += _left_out(members, found, _MAPINFO_PARTS[kind])
    content.dates = (min(days), max(days)) if days else None
    return content


def refuse_linked_tab(head: bytes) -> None:
    """A .TAB may only describe itself: seamless tables, views and paths lead to other files."""
    text = head.decode("latin-1").lower()
    if re.search(
        r"open\s+table|create\s+view|type\s+\"?linked|isseamless\"?\s*=\s*\"?true|file\s+\"[^\"]*[/\\]", text
    ):
        raise error("remote_reference", kind="TAB")


@contextmanager
def opened_group(
    source: Source, members: list[zipfile.ZipInfo], format_name: str, index: int
) -> Iterator[Opened]:
    """Shapefile or MapInfo table number ``index`` of an archive, ready to be read."""
    if format_name == "SHP":
        group = groups(members, "shp", _SHP_PARTS)[index]
        with _opened(source, group, _SHP_PARTS) as path:
            yield Opened(path, 0, group.name, "ESRI Shapefile", _dbf_encoding(source, group))
        return
    kind = format_name.lower()
    group = groups(members, kind, _MAPINFO_PARTS[kind])[index]
    refuse_linked_tab(member_head(source.path, group.parts[kind]))
    with _extracted(source, group, _MAPINFO_PARTS[kind]) as path:
        yield Opened(path, 0, group.name, "MapInfo File")


@contextmanager
def _opened(source: Source, group: Group, parts: tuple[str, ...]) -> Iterator[str]:
    """A path for GDAL: read in place inside the zip when its names are plain, else from a private copy."""
    names = {info.filename for info in group.parts.values()}
    bases = {n.rsplit(".", 1)[0] for n in names}
    extensions = {n.rsplit(".", 1)[1] for n in names}
    in_place = len(bases) == 1 and all(map(_PLAIN.match, names))
    in_place = in_place and (
        extensions == {e.lower() for e in extensions} or extensions == {e.upper() for e in extensions}
    )
    if not in_place:
        with _extracted(source, group, parts) as path:
            yield path
        return
    with TemporaryDirectory(prefix="idgo-inspect-") as folder:
        link = Path(folder) / "data.zip"
        link.symlink_to(source.path.resolve())
        yield f"/vsizip/{{{link}}}/{group.parts['shp'].filename}"


@contextmanager
def _extracted(source: Source, group: Group, parts: tuple[str, ...]) -> Iterator[str]:
    with TemporaryDirectory(prefix="idgo-inspect-") as folder:
        pairs = [(group.parts[p], f"data.{p}") for p in parts if p in group.parts]
        extract(source.path, pairs, Path(folder), source.limits)
        yield f"{folder}/data.{parts[0]}"


def _declared_encoding(source: Source, group: Group) -> str | None:
    if "cpg" in group.parts:
        text = member_head(source.path, group.parts["cpg"], 64).decode("ascii", "replace").strip().lower()
        return {"65001": "utf-8", "utf8": "utf-8", "1252": "windows-1252", "ansi 1252": "windows-1252"}.get(
            text, text
        )
    return None


def _dbf_encoding(source: Source, group: Group) -> str | None:
    """Without a .cpg the table's own bytes decide between UTF-8 and the French single-byte encodings."""
    if "cpg" in group.parts:
        return None
    head = member_head(source.path, group.parts["dbf"], 256 * 1024)
    if head.isascii() or head[32:].isascii():
        return None
    body = head[32:].rsplit(b" ", 1)[0]
    try:
        body.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return single_byte(b"\n".join(w for w in body.split(b" ") if not w.isascii())[:65536])


def _prj_findings(source: Source, group: Group, already: list[Finding]) -> list[Finding]:
    """A .prj that GDAL could not read at all is not a missing one: say what it holds."""
    if "prj" not in group.parts or not any(f.code == "missing_crs" for f in already):
        return []
    text = member_head(source.path, group.parts["prj"], 2000).decode("utf-8", "replace").strip()
    return [finding("unknown_projection", name=group.name, crs_name=text[:80] or "?")]


def _left_out(members: list[zipfile.ZipInfo], found: list[Group], parts: tuple[str, ...]) -> list[Finding]:
    read = {id(info) for group in found for info in group.parts.values()}
    side = {"qpj", "sbn", "sbx", "idx", "fix", "ind", "xml", "qmd", "qml", "sld", "txt"}
    left = [m for m in members if id(m) not in read and extension(m.filename) not in side]
    return [finding("members_ignored", count=len(left))] if left else []
