"""GeoJSON geometries checked and measured without building them (RFC 7946, section 3.1)."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ckanext.idgo.forms.core.facts import BBox

_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_KEPT_ROWS = 10


class BrokenGeometryError(ValueError):
    """The geometry does not follow RFC 7946; internal, counted by ``Measure``."""


@dataclass
class Measure:
    """Exact box, types and defects over all geometries; rows are counted from 1."""

    west: float = math.inf
    south: float = math.inf
    east: float = -math.inf
    north: float = -math.inf
    types: Counter = field(default_factory=Counter)
    missing: int = 0
    broken: int = 0
    broken_rows: list[int] = field(default_factory=list)
    out_of_range: int = 0

    @property
    def bounds(self) -> BBox | None:
        return (self.west, self.south, self.east, self.north) if self.west <= self.east else None

    def add(self, geometry: Any, row: int) -> None:
        if geometry is None:
            self.missing += 1
            return
        try:
            box = _box(geometry)
        except BrokenGeometryError:
            self.broken += 1
            if len(self.broken_rows) < _KEPT_ROWS:
                self.broken_rows.append(row)
            return
        if box is None:
            self.missing += 1
            return
        self.types[geometry["type"]] += 1
        west, south, east, north = box
        if west < -180 or east > 180 or south < -90 or north > 90:
            self.out_of_range += 1
        self.west, self.south = min(self.west, west), min(self.south, south)
        self.east, self.north = max(self.east, east), max(self.north, north)

    def type(self) -> str | None:
        """One OGC type; ``Multi…`` where single and multi are mixed, ``Geometry`` where kinds are."""
        if not self.types:
            return None
        if len(self.types) == 1:
            return next(iter(self.types))
        single = {t.removeprefix("Multi") for t in self.types}
        return "Multi" + single.pop() if len(single) == 1 else "Geometry"


def _box(geometry: Any) -> BBox | None:
    if not isinstance(geometry, dict):
        raise BrokenGeometryError("not an object")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return _collection(geometry.get("geometries"))
    depth = _DEPTH.get(kind) if isinstance(kind, str) else None
    coordinates = geometry.get("coordinates")
    if depth is None or not isinstance(kind, str) or not isinstance(coordinates, list):
        raise BrokenGeometryError("unknown type")
    if not coordinates:
        return None
    boxes = [_line_box(line, kind) for line in _lines(coordinates, depth)]
    return _union(boxes)


def _collection(parts: Any) -> BBox | None:
    if not isinstance(parts, list):
        raise BrokenGeometryError("no geometries")
    try:
        boxes = [b for b in map(_box, parts) if b is not None]
    except RecursionError as problem:
        raise BrokenGeometryError("nested too deeply") from problem
    return _union(boxes) if boxes else None


def _lines(coordinates: list, depth: int) -> list[list]:
    """The sequences of positions of a geometry."""
    if depth == 0:
        return [[coordinates]]
    if depth == 1:
        return [coordinates]
    parts = coordinates if depth == 2 else [ring for part in coordinates for ring in _list(part)]
    return [_list(part) for part in parts]


def _list(value: Any) -> list:
    if not isinstance(value, list) or not value:
        raise BrokenGeometryError("not a list of positions")
    return value


def _line_box(line: list, kind: str) -> BBox:
    try:
        xs, ys = [p[0] for p in line], [p[1] for p in line]
        total = math.fsum(xs) + math.fsum(ys) + math.fsum(p[2] for p in line if len(p) > 2)
        box = (float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))
    except (TypeError, IndexError, KeyError, ValueError, OverflowError) as problem:
        raise BrokenGeometryError("a position is not two numbers") from problem
    if not math.isfinite(total):
        raise BrokenGeometryError("NaN or infinite")
    if kind.endswith("Polygon") and (len(line) < 4 or line[0] != line[-1]):
        raise BrokenGeometryError("ring not closed")
    if kind.endswith("LineString") and len(line) < 2:
        raise BrokenGeometryError("line of one point")
    return box


def _union(boxes: list[BBox]) -> BBox:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
