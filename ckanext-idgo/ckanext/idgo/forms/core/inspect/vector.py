"""Layers of a vector file through pyogrio: counts and boxes from the layer's header wherever it has one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ckanext.idgo.forms.core.facts import BBox, Column, Finding, Layer
from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.gdal import clean_driver, pyogrio, quiet, refuse_references
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import Content, Limits, Source
from ckanext.idgo.forms.core.inspect.values import clean_text, is_missing, json_safe, to_day

_TYPES = {
    "OFTInteger": "integer",
    "OFTInteger64": "integer",
    "OFTReal": "number",
    "OFTString": "string",
    "OFTDate": "date",
    "OFTTime": "time",
    "OFTDateTime": "datetime",
    "OFTBinary": "binary",
}
_DEGREE_FORMATS = frozenset({"KML", "KMZ"})
_GEOMETRY_ROWS = 200
_DATE_ROWS = 200
_CHECKED_GEOMETRIES = 20


@dataclass(frozen=True)
class Opened:
    """One OGR layer ready to be read: where, which, how."""

    gdal_path: str
    index: int
    name: str
    driver: str
    encoding: str | None = None
    options: tuple[tuple[str, str], ...] = ()


@contextmanager
def private_link(path: Path, name: str) -> Iterator[Path]:
    """``path`` under a plain name in a folder of its own: GDAL finds no sibling to read and writes none."""
    with TemporaryDirectory(prefix="idgo-inspect-") as folder:
        link = Path(folder) / name
        link.symlink_to(path.resolve())
        yield link


@contextmanager
def gdal_errors(format_name: str) -> Iterator[None]:
    """pyogrio's failures as ``UnreadableFile``; nothing else is caught."""
    from pyogrio.errors import (
        CRSError,
        DataLayerError,
        DataSourceError,
        FeatureError,
        FieldError,
        GeometryError,
    )

    try:
        with quiet():
            yield
    except (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, CRSError) as problem:
        raise error("unreadable", format=format_name) from problem
    except (UnicodeDecodeError, IndexError, OverflowError, ValueError, RuntimeError) as problem:
        raise error("unreadable", format=format_name) from problem


def layer_names(gdal_path: str, limits: Limits) -> list[tuple[str, str | None]]:
    listed = [(str(n), None if g is None else str(g)) for n, g in pyogrio().list_layers(gdal_path)]
    if len(listed) > limits.max_layers:
        raise error("too_many_layers", count=len(listed), limit=limits.max_layers)
    return listed


def describe(
    opened: Opened, source: Source, missing_code: str = "missing_crs"
) -> tuple[Layer, list[Finding], Any]:
    """The layer, its findings and ``(dates, texts)`` seen in the sample."""
    options = dict(opened.options)
    info = pyogrio().read_info(
        opened.gdal_path,
        layer=opened.index,
        encoding=opened.encoding,
        force_feature_count=True,
        force_total_bounds=True,
        **options,
    )
    clean_driver(info.get("driver"), opened.driver)
    columns = _columns(info, source.limits)
    rows, geometries = _sample(opened, info)
    count = int(info["features"]) if info["features"] >= 0 else None
    geometry = _geometry_type(info["geometry_type"], geometries)
    bounds = _bounds(info["total_bounds"])
    name = clean_text(opened.name)
    if geometry is None and bounds is None:
        placed = projections.Placed(None, None, ())
    else:
        placed = projections.place(name, info["crs"], bounds, source.assume_crs, missing_code)
    found = list(placed.findings)
    if count == 0:
        found.append(finding("empty_layer", name=name))
    found += _geometry_findings(geometries)
    shown = tuple(_shown(row) for row in rows[: _shown_rows(source.limits, len(columns))])
    layer = Layer(name, columns, count, geometry, placed.crs, placed.extent, shown)
    return layer, found, (_dates(columns, rows), _texts(columns, rows))


def _shown_rows(limits: Limits, width: int) -> int:
    return min(limits.sample_rows, max(1, 20_000 // max(1, width)))


def _columns(info: dict, limits: Limits) -> tuple[Column, ...]:
    if len(info["fields"]) > limits.max_columns:
        raise error("too_many_columns", count=len(info["fields"]), limit=limits.max_columns)
    kinds = zip(info["fields"], info["ogr_types"], info["ogr_subtypes"], strict=False)
    return tuple(Column(clean_text(str(n)), _kind(t, s)) for n, t, s in kinds)


def _kind(ogr_type: str, subtype: str) -> str:
    if subtype == "OFSTBoolean":
        return "boolean"
    return "list" if ogr_type.endswith("List") else _TYPES.get(ogr_type, "string")


def _sample(opened: Opened, info: dict) -> tuple[list[dict], list[bytes | None]]:
    kinds = zip(info["fields"], info["ogr_types"], strict=True)
    readable = [f for f, t in kinds if t != "OFTBinary"]
    limit = _GEOMETRY_ROWS if info["geometry_type"] == "Unknown" else 20
    shapes = info["geometry_type"] == "Unknown" or not opened.gdal_path.startswith("/vsizip/")
    return _read(opened, limit, 0, readable, shapes)  # large polygons would have to be unpacked to be seen


def read_rows(
    opened: Opened, limit: int, offset: int, *, read_geometry: bool
) -> tuple[list[dict], list[bytes | None]]:
    """``limit`` rows from ``offset`` ready to be shown, their geometries as WKB in the layer's projection."""
    info = pyogrio().read_info(
        opened.gdal_path, layer=opened.index, encoding=opened.encoding, **dict(opened.options)
    )
    clean_driver(info.get("driver"), opened.driver)
    kinds = zip(info["fields"], info["ogr_types"], strict=True)
    readable = [f for f, t in kinds if t != "OFTBinary"]
    rows, geometries = _read(opened, limit, offset, readable, read_geometry)
    return [_shown(row) for row in rows], geometries


def _read(
    opened: Opened, limit: int, offset: int, columns: list[str], read_geometry: bool
) -> tuple[list[dict], list[bytes | None]]:
    meta, _, geometries, fields = pyogrio().raw.read(
        opened.gdal_path,
        layer=opened.index,
        encoding=opened.encoding,
        columns=columns,
        skip_features=offset,
        max_features=limit,
        read_geometry=read_geometry,
        datetime_as_string=True,
        **dict(opened.options),
    )
    names = [str(n) for n in meta["fields"]]
    count = len(fields[0]) if len(fields) else 0
    rows = [{n: _plain(values[i]) for n, values in zip(names, fields, strict=True)} for i in range(count)]
    return rows, [] if geometries is None else list(geometries)


def _plain(value: Any) -> Any:
    """numpy's scalars and lists as Python's own."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if isinstance(value, float) and math.isnan(value) else value


def _shown(row: dict) -> dict:
    return {
        clean_text(n): json_safe(None if isinstance(v, str) and is_missing(v) else v) for n, v in row.items()
    }


def _bounds(value: Any) -> BBox | None:
    if value is None:
        return None
    west, south, east, north = (float(v) for v in value)
    return (west, south, east, north) if all(map(math.isfinite, (west, south, east, north))) else None


def _geometry_type(declared: str | None, geometries: list[bytes | None]) -> str | None:
    if declared is None or declared == "None":
        return None
    name = re.sub(r"^(2\.5D|3D|Measured|3D Measured)\s+|\s+(Z|M|ZM)$", "", declared).strip()
    if name not in ("Unknown", "Geometry"):
        return name
    import shapely

    shapes = [g for g in shapely.from_wkb([g for g in geometries if g], on_invalid="ignore") if g is not None]
    kinds = {g.geom_type.replace("LinearRing", "LineString") for g in shapes}
    single = {k.removeprefix("Multi") for k in kinds}
    if len(kinds) == 1:
        return kinds.pop()
    return "Multi" + single.pop() if len(single) == 1 else "Geometry"


def _geometry_findings(geometries: list[bytes | None]) -> list[Finding]:
    checked = [g for g in geometries[:_CHECKED_GEOMETRIES] if g and len(g) < 100_000]
    if not checked:
        return []
    import shapely

    invalid = int((~shapely.is_valid(shapely.from_wkb(checked, on_invalid="ignore"))).sum())
    return [finding("invalid_geometry", count=invalid, checked=len(checked))] if invalid else []


def _dates(columns: tuple[Column, ...], rows: list[dict]) -> list[str]:
    temporal = [c.name for c in columns if c.type in ("date", "datetime")]
    texts = [c.name for c in columns if c.type == "string" and re.search(r"dat", c.name, re.IGNORECASE)]
    days = [to_day(str(row.get(n) or "")[:10]) for row in rows[:_DATE_ROWS] for n in temporal + texts]
    return [d for d in days if d and "1800" <= d[:4] <= "2200"]


def _texts(columns: tuple[Column, ...], rows: list[dict]) -> list[str]:
    return [c.name for c in columns[:100]] + [v for r in rows[:50] for v in r.values() if isinstance(v, str)]


def read_vector(source: Source, format_name: str, driver: str, link_name: str) -> Content:
    """Facts of a single-file vector format (GPKG, KML, GML, FlatGeobuf, DXF, MIF…)."""
    if driver in ("GML", "KML", "DXF", "MapInfo File"):
        refuse_references(source.path)
    with private_link(source.path, link_name) as link:
        return read_layers(source, format_name, driver, str(link))


_OPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "GML": (("WRITE_GFS", "NO"), ("DOWNLOAD_SCHEMA", "NO"), ("USE_SCHEMA_IMPORT", "NO")),
    "GPKG": (("IMMUTABLE", "YES"), ("LIST_ALL_TABLES", "NO")),
}


def options_of(driver: str) -> tuple[tuple[str, str], ...]:
    """The open options that keep ``driver`` from writing or looking beside the file."""
    return _OPTIONS.get(driver, ())


def read_layers(
    source: Source, format_name: str, driver: str, gdal_path: str, keep: frozenset[str] | None = None
) -> Content:
    """Every layer of ``gdal_path`` (only those named in ``keep``, if given)."""
    content = Content(format_name, "geographic")
    days: list[str] = []
    pyogrio()
    with gdal_errors(format_name):
        listed = layer_names(gdal_path, source.limits)
        for index, (name, _) in enumerate(listed):
            if keep is not None and name not in keep:
                content.findings.append(finding("layer_not_read", name=clean_text(name)))
                continue
            shown = (
                source.stem if len(listed) == 1 and driver in ("GML", "KML", "DXF", "MapInfo File") else name
            )
            opened = Opened(
                gdal_path, index, shown if driver != "GML" else name, driver, None, options_of(driver)
            )
            layer, found, (dates, texts) = describe(opened, source)
            content.layers.append(layer)
            content.findings += found
            content.texts += texts
            days += dates
    if not content.layers:
        raise error("unreadable", format=format_name)
    content.dates = (min(days), max(days)) if days else None
    return content
