"""A map or a table of one file, small enough for a page (issue 3: "some with files a person can look at").

The file is first opened by ``forms.core.inspect`` in a child process, so that what reaches the readers here is
known to be readable; then at most ``MAX_FEATURES`` features are drawn, generalised to what a screen shows.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from ckanext.idgo.common.core.errors import N_, UnreadableFile
from ckanext.idgo.forms.core.facts import FileFacts, Layer
from ckanext.idgo.forms.core.inspect import Limits, inspect_safely
from ckanext.idgo.forms.core.inspect.vector import gdal_errors

MAX_FEATURES = 2_000
MAX_POSITIONS = 120_000
MAX_ROWS = 100
MAX_BYTES = 200 * 1024 * 1024
SCREEN_PIXELS = 1_000
"""Details smaller than the drawing's width over this are left out: nobody could see them."""

_DRAWN = frozenset({"SHP", "GPKG", "GeoJSON", "KML", "KMZ", "GML", "MIF", "TAB", "FlatGeobuf", "DXF"})
_MEMBERS = (".shp", ".tab", ".mif", ".gpkg", ".geojson", ".json", ".kml", ".gml", ".fgb", ".dxf")


def preview(path: Path, filename: str) -> dict[str, Any]:
    """``{"kind": "map", "geojson", "total", "truncated"}`` (WGS 84) where a layer has geometries, else
    ``{"kind": "table", "columns", "rows", "total"}``.

    Raises ``BadInput``: what ``inspect_safely`` raises, or ``no-preview`` for what is neither map nor table.
    """
    facts = inspect_safely(path, filename, Limits(max_bytes=MAX_BYTES, sample_rows=MAX_ROWS), timeout_seconds=30)
    drawn = [layer for layer in facts.layers if layer.geometry_type and layer.extent]
    if facts.format in _DRAWN and drawn:
        return _map(path, facts, drawn[0])
    told = [layer for layer in facts.layers if layer.sample]
    if not told:
        raise UnreadableFile(
            "no-preview", N_("A file of format {format} is drawn neither as a map nor as a table."), format=facts.format
        )
    return _table(told[0])


def _table(layer: Layer) -> dict[str, Any]:
    columns = [column.name for column in layer.columns]
    rows = [[row.get(name) for name in columns] for row in layer.sample[:MAX_ROWS]]
    total = layer.feature_count if layer.feature_count is not None else len(rows)
    return {"kind": "table", "columns": columns, "rows": rows, "total": total}


def _map(path: Path, facts: FileFacts, layer: Layer) -> dict[str, Any]:
    import pyogrio

    with gdal_errors(facts.format):
        source = _gdal_path(path, layer.name)
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        chosen = names.index(layer.name) if layer.name in names else 0
        meta, _, geometries, fields = pyogrio.raw.read(
            source, layer=chosen, max_features=MAX_FEATURES, datetime_as_string=True, force_2d=True
        )
    shapes = _in_degrees(shapely.from_wkb(geometries), layer.crs or "EPSG:4326")
    titles = [str(name) for name in meta["fields"]]
    total = layer.feature_count if layer.feature_count is not None else len(shapes)
    features = [
        {
            "type": "Feature",
            "properties": {title: _plain(values[i]) for title, values in zip(titles, fields, strict=True)},
            "geometry": shape,
        }
        for i, shape in enumerate(_drawn(shapes))
    ]
    geojson = {"type": "FeatureCollection", "features": features}
    return {"kind": "map", "geojson": geojson, "total": total, "truncated": total > len(features)}


def _gdal_path(path: Path, layer: str) -> str:
    """Where GDAL finds the layer: the file itself, or the member of the archive that bears the layer's name."""
    if not zipfile.is_zipfile(path) or path.suffix.lower() in (".kmz", ".xlsx", ".ods"):
        return str(path)
    with zipfile.ZipFile(path) as archive:
        members = [name for name in archive.namelist() if name.lower().endswith(_MEMBERS)]
    named = [name for name in members if Path(name).stem == layer] or members
    return f"/vsizip/{{{path}}}/{named[0]}"


def _in_degrees(shapes: np.ndarray, crs: str) -> np.ndarray:
    if crs == "EPSG:4326":
        return shapes
    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def _drawn(shapes: np.ndarray) -> list[dict[str, Any] | None]:
    """GeoJSON geometries, generalised until they hold ``MAX_POSITIONS`` at most; None for an empty one."""
    bounds = shapely.total_bounds(shapes)
    width = float(np.nanmax([bounds[2] - bounds[0], bounds[3] - bounds[1], 1e-6]))
    step = width / SCREEN_PIXELS
    light = shapely.simplify(shapes, step / 2)
    while shapely.get_num_coordinates(light).sum() > MAX_POSITIONS and step < width:
        step *= 2
        light = shapely.simplify(shapes, step)
    return [_geometry(shape) for shape in light]


def _geometry(shape: Any) -> dict[str, Any] | None:
    if shape is None or shapely.is_empty(shape):
        return None
    return shapely.geometry.mapping(shapely.transform(shape, lambda xy: np.round(xy, 6)))


def _plain(value: Any) -> Any:
    """A cell as JSON can hold it: numpy's scalars as Python's, not-a-number as nothing, bytes left out."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return None if isinstance(value, bytes) else str(value)
