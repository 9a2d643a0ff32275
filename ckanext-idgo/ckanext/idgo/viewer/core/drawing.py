"""A look into a file: some features for a map, a page of rows for a table (issue 3).

The whole file is never sent to a browser; what is left out is said (``truncated``, ``total``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ckanext.idgo.forms.core.facts import FileFacts, Layer
from ckanext.idgo.forms.core.inspect.geometry import Measure
from ckanext.idgo.forms.core.inspect.model import Limits
from ckanext.idgo.forms.core.inspect.opening import (
    GDAL_FORMATS,
    JSON_FORMATS,
    TABLE_FORMATS,
    gdal_layer,
    json_items,
    reopened,
    table_rows,
)
from ckanext.idgo.forms.core.inspect.records import Records
from ckanext.idgo.forms.core.inspect.table import read_page
from ckanext.idgo.forms.core.inspect.values import clean_text, is_missing, json_safe

_DECIMALS = 6  # some 10 cm on the ground
_PIXELS = 2000
_COARSER = 4


def preview_geojson(
    path: Path,
    filename: str,
    facts: FileFacts,
    max_features: int = 2000,
    max_bytes: int = 1_000_000,
    *,
    layer: int | None = None,
    pixels: int = _PIXELS,
) -> dict[str, Any]:
    """A GeoJSON ``FeatureCollection`` in WGS 84 with ``total`` (features in the layer), ``truncated``,
    ``simplified`` and ``layer`` (its name); no features where the file has no place or no known projection.

    ``layer`` is a position in ``facts.layers``, by default the first with a place; ``pixels`` is how wide it
    is drawn: what is smaller is simplified. Raises ``UnreadableFile``.
    """
    index = _first_placed(facts) if layer is None else layer
    chosen = facts.layers[index] if index is not None and index < len(facts.layers) else None
    if index is None or chosen is None or chosen.extent is None:
        return _collection([], chosen, False, False)
    if facts.format == "GeoTIFF":
        return _collection([_feature(_box(chosen.extent), {})], chosen, False, False, total=1)
    with reopened(Path(path), filename, Limits()) as source:
        pairs = list(_pairs(source, facts, index, max_features))
    features, simplified = _fit(pairs, chosen, max_bytes, pixels)
    total = chosen.feature_count if chosen.feature_count is not None else len(pairs)
    located = sum(1 for geometry, _ in pairs if geometry is not None)
    cut = len(features) < located or len(pairs) < min(total, max_features) or total > max_features
    return _collection(features, chosen, cut, simplified)


def preview_table(
    path: Path, filename: str, facts: FileFacts, limit: int = 50, offset: int = 0, *, layer: int | None = None
) -> dict[str, Any]:
    """``{"columns": [{"name", "type"}], "rows": [{name: value}], "total": n, "layer": name}`` of one layer
    (by default the first); empty for documents and images. Raises ``UnreadableFile``."""
    index = layer or 0
    if not facts.layers or index >= len(facts.layers) or facts.format == "GeoTIFF":
        return {"columns": [], "rows": [], "total": 0, "layer": None}
    chosen = facts.layers[index]
    limit, offset = max(0, min(limit, 1000)), max(0, offset)
    with reopened(Path(path), filename, Limits()) as source:
        rows = _rows(source, facts, index, offset, limit)
    columns = [{"name": c.name, "type": c.type} for c in chosen.columns]
    return {"columns": columns, "rows": rows, "total": chosen.feature_count or 0, "layer": chosen.name}


def _first_placed(facts: FileFacts) -> int | None:
    return next((i for i, layer in enumerate(facts.layers) if layer.extent), None)


def _rows(source, facts: FileFacts, index: int, offset: int, limit: int) -> list[dict[str, Any]]:
    if facts.format in TABLE_FORMATS:
        with table_rows(source, facts, index) as rows:
            names, _, page = read_page(rows, source.limits, offset, limit)
        return [_row_dict(names, row) for row in page]
    if facts.format in JSON_FORMATS:
        names = [c.name for c in facts.layers[index].columns]
        items = json_items(source, facts, offset, limit)
        records = Records(Limits(sample_rows=max(1, limit)))
        for item in items:
            records.add(_properties(item))
        return [{name: row.get(name) for name in names} for row in records.sample()] if items else []
    if facts.format in GDAL_FORMATS:
        return [
            properties for _, properties in _gdal_pairs(source, facts, index, limit, offset, geometry=False)
        ]
    return []


def _row_dict(names: list[str], row: list[str]) -> dict[str, Any]:
    cells = zip(names, row, strict=False)
    return {name: None if is_missing(cell) else clean_text(cell) for name, cell in cells}


def _properties(item: dict) -> dict:
    if item.get("type") == "Feature":
        inner = item.get("properties")
        return inner if isinstance(inner, dict) else {}
    return item


def _pairs(source, facts: FileFacts, index: int, limit: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """``(geometry in WGS 84 or None, properties)`` of the first ``limit`` features."""
    if facts.format in GDAL_FORMATS:
        found: Iterable = _gdal_pairs(source, facts, index, limit, 0, geometry=True)
    elif facts.format == "GeoJSON":
        found = _geojson_pairs(json_items(source, facts, 0, limit))
    elif facts.format == "JSON":
        found = _record_pairs(json_items(source, facts, 0, limit))
    else:
        with table_rows(source, facts, index) as rows:
            names, plan, page = read_page(rows, source.limits, 0, limit)
        found = _table_pairs(names, plan, page)
    crs = facts.layers[index].crs
    move = _mover(crs)
    for geometry, properties in found:
        yield (None if geometry is None else move(geometry)), properties


def _gdal_pairs(source, facts: FileFacts, index: int, limit: int, offset: int, *, geometry: bool):
    import shapely

    from ckanext.idgo.forms.core.inspect.vector import read_rows

    with gdal_layer(source, facts, index) as opened:
        rows, shapes = read_rows(opened, limit, offset, read_geometry=geometry)
    if not geometry:
        return [(None, row) for row in rows]
    return list(zip(shapely.from_wkb(shapes, on_invalid="ignore"), rows or [{}] * len(shapes), strict=False))


def _geojson_pairs(items: list[dict]) -> list[tuple[Any, dict]]:
    pairs = []
    for item in items:
        properties = {clean_text(str(k)): _shown(v) for k, v in _properties(item).items()}
        pairs.append((_sound(item.get("geometry")), properties))
    return pairs


def _sound(geometry: Any) -> Any:
    """The geometry when it follows RFC 7946, else None: the map shows what can be drawn."""
    from shapely.geometry import shape

    measure = Measure()
    measure.add(geometry, 1)
    return shape(geometry) if measure.types else None


def _record_pairs(items: list[dict]) -> list[tuple[Any, dict]]:
    from ckanext.idgo.forms.core.inspect.jsonfile import record_geometries

    shown = [{clean_text(str(k)): _shown(v) for k, v in item.items()} for item in items]
    return [(_sound(g), row) for g, row in zip(record_geometries(items), shown, strict=True)]


def _shown(value: Any) -> Any:
    return (
        clean_text(json.dumps(value, ensure_ascii=False))
        if isinstance(value, (dict, list))
        else json_safe(value)
    )


def _table_pairs(names: list[str], plan, page: list[list[str]]) -> list[tuple[Any, dict]]:
    from ckanext.idgo.forms.core.inspect.location import row_geometry

    return [(row_geometry(plan, row), _row_dict(names, row)) for row in page]


def _mover(crs: str | None):
    import numpy as np
    import pyproj
    import shapely

    if crs in (None, "EPSG:4326"):
        return shapely.force_2d
    transformer = pyproj.Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)

    def move(geometry):
        return shapely.transform(
            shapely.force_2d(geometry), lambda c: np.column_stack(transformer.transform(c[:, 0], c[:, 1]))
        )

    return move


def _fit(pairs: list, layer: Layer, max_bytes: int, pixels: int) -> tuple[list[dict], bool]:
    """Features within ``max_bytes``: simplified to the size of a pixel, then coarser, then fewer."""
    west, south, east, north = layer.extent or (0.0, 0.0, 0.0, 0.0)
    tolerance = max(east - west, north - south) / pixels
    features: list[dict] = []
    simplified = False
    for attempt in range(3):
        features, complete, simplified = _drawn(pairs, tolerance * _COARSER**attempt, max_bytes)
        if complete:
            break
    return features, simplified


def _drawn(pairs: list, tolerance: float, max_bytes: int) -> tuple[list[dict], bool, bool]:
    import numpy as np
    import shapely
    from shapely.geometry import mapping

    features, used, simplified = [], 2, False
    for geometry, properties in pairs:
        if geometry is None or geometry.is_empty or not np.isfinite(geometry.bounds).all():
            continue
        drawn = geometry if geometry.geom_type.endswith("Point") else shapely.simplify(geometry, tolerance)
        simplified |= bool(shapely.get_num_coordinates(drawn) < shapely.get_num_coordinates(geometry))
        drawn = shapely.transform(drawn, lambda c: np.round(c, _DECIMALS))
        feature = _feature(mapping(drawn), properties)
        used += len(json.dumps(feature, ensure_ascii=False).encode("utf-8", "replace")) + 2
        if used > max_bytes:
            return features, False, simplified
        features.append(feature)
    return features, True, simplified


def _feature(geometry: Any, properties: dict) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(json.dumps(geometry)), "properties": properties}


def _box(extent) -> dict[str, Any]:
    west, south, east, north = extent
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _collection(
    features: list, layer: Layer | None, cut: bool, simplified: bool, total: int | None = None
) -> dict:
    count = total if total is not None else (layer.feature_count or 0) if layer else 0
    return {
        "type": "FeatureCollection",
        "features": features,
        "bbox": list(layer.extent) if layer and layer.extent else None,
        "total": count,
        "truncated": cut,
        "simplified": simplified,
        "layer": layer.name if layer else None,
    }
