"""Which columns of a table say where its rows are, and the exact box they cover.

Found by name and proved by values: latitude and longitude, a "lat, lon" point (Opendatasoft's
``geo_point_2d``), WKT, projected X and Y.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from ckanext.idgo.forms.core.facts import BBox
from ckanext.idgo.forms.core.inspect.values import is_missing, to_number, words

_LAT = frozenset(["latitude", "lat", "laty", "ylat", "coordlat"])
_LON = frozenset(["longitude", "lon", "lng", "long", "longx", "xlong", "xlon", "coordlon"])
_X = frozenset(["x", "coordx", "xcoord", "easting", "xl93", "xlambert", "xlamb"])
_Y = frozenset(["y", "coordy", "ycoord", "northing", "yl93", "ylambert", "ylamb"])
_POINT = frozenset(
    ["geopoint", "latlon", "latlng", "coordonnees", "geoloc", "gps", "geolocalisation", "cgeo", "position"]
)
_L93 = frozenset(["l93", "lambert93", "la93", "rgf93", "2154", "lamb93"])
_WGS = frozenset(["wgs84", "wgs", "4326"])
_PAIR = re.compile(r"\s*[\[(]?\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*[\])]?\s*\Z")
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*\(",
    re.IGNORECASE,
)
_WKT_POSITION = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s+(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_DIGITS = b"0123456789"
_NAMES = {
    "point": "Point",
    "linestring": "LineString",
    "polygon": "Polygon",
    "geometrycollection": "Collection",
}


@dataclass(frozen=True)
class Plan:
    """``kind``: ``lonlat`` (two columns), ``latlon_text`` or ``wkt`` (one), ``projected`` (two).
    ``columns`` are positions, x first; ``crs`` only where the names or the format say it."""

    kind: str
    columns: tuple[int, ...]
    crs: str | None


def find_location(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Plan | None:
    """The best location columns among ``names``, judged on ``rows`` (a sample), else None."""
    width = len(names)
    values = _Sample(rows)
    named = [words(n) for n in names] if width <= 2000 else [words(n) for n in names[:2000]]
    for index in range(len(named)):
        if values.share(index, lambda v: bool(_WKT.match(v))) > 0.9:
            return Plan("wkt", (index,), _wkt_crs(values.of(index)))
    return _lonlat(named, values) or _pair(named, values) or _projected(named, values)


class _Sample:
    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.rows = rows[:300]

    def of(self, index: int) -> list[str]:
        return [r[index] for r in self.rows if index < len(r) and not is_missing(r[index])]

    def share(self, index: int, test) -> float:
        present = self.of(index)
        return sum(1 for v in present if test(v)) / len(present) if present else 0.0

    def within(self, index: int, low: float, high: float) -> bool:
        def fits(value: str) -> bool:
            number = to_number(value)
            return number is not None and low <= number <= high

        return self.share(index, fits) > 0.9


def _joined(named: list[str]) -> str:
    return "".join(named)


def _candidates(named: list[list[str]], own: frozenset[str], letter: str) -> list[int]:
    exact = [i for i, n in enumerate(named) if _joined(n) in own]
    wgs = [i for i, n in enumerate(named) if letter in n and (_WGS & set(n) or "wgs84" in _joined(n))]
    loose = [i for i, n in enumerate(named) if own & set(n)]
    return list(dict.fromkeys(exact + wgs + loose))


def _lonlat(named: list[list[str]], values: _Sample) -> Plan | None:
    for lat in _candidates(named, _LAT, "y"):
        if not values.within(lat, -90, 90):
            continue
        for lon in _candidates(named, _LON, "x"):
            if lon != lat and values.within(lon, -180, 180):
                return Plan("lonlat", (lon, lat), "EPSG:4326")
    return None


def _pair(named: list[list[str]], values: _Sample) -> Plan | None:
    for index, name in enumerate(named):
        joined = _joined(name)
        if any(joined.startswith(word) or joined.endswith(word) for word in _POINT) and (
            values.share(index, lambda v: bool(_PAIR.match(v))) > 0.9
        ):
            return Plan("latlon_text", (index,), "EPSG:4326")
    return None


def _projected(named: list[list[str]], values: _Sample) -> Plan | None:
    for x in _projected_names(named, _X):
        for y in _projected_names(named, _Y):
            if (
                x == y
                or not values.within(x, -700_000, 2_500_000)
                or not values.within(y, 1_000_000, 10_500_000)
            ):
                continue
            said = any(mark in _joined(named[i]) for mark in _L93 for i in (x, y))
            fits = values.within(x, 0, 1_300_000) and values.within(y, 5_900_000, 7_200_000)
            return Plan("projected", (x, y), "EPSG:2154" if said and fits else None)
    return None


def _projected_names(named: list[list[str]], own: frozenset[str]) -> list[int]:
    exact = [i for i, n in enumerate(named) if _joined(n) in own]
    return list(dict.fromkeys(exact + [i for i, n in enumerate(named) if own & set(n)]))


def _wkt_crs(values: list[str]) -> str | None:
    """Well-known text carries no projection but PostGIS's ``SRID=``; degrees are WGS 84."""
    match = re.match(r"\s*SRID=(\d{4,6});", values[0]) if values else None
    if match:
        return f"EPSG:{match.group(1)}"
    box = Box()
    for value in values[:50]:
        box.add_wkt(value)
    west, south, east, north = box.bounds or (999.0, 999.0, 999.0, 999.0)
    return "EPSG:4326" if -180 <= west <= east <= 180 and -90 <= south <= north <= 90 else None


def row_geometry(plan: Plan | None, row: Sequence[str]) -> Any:
    """The shapely geometry of one row in the coordinates of ``plan``, None where the row has none."""
    import shapely

    if plan is None or max(plan.columns) >= len(row):
        return None
    box, cells = Box(), [row[i] for i in plan.columns]
    if plan.kind == "wkt":
        return shapely.from_wkt(re.sub(r"^\s*SRID=\d+;", "", cells[0]), on_invalid="ignore")
    if plan.kind == "latlon_text":
        box.add_latlon(cells[0])
    else:
        box.add_columns(cells[:1], cells[1:], plan.kind == "lonlat")
    return shapely.Point(box.west, box.south) if box.bounds else None


def _ends(cells: Sequence[str]) -> tuple[float, float]:
    """The least and the greatest of ``cells``; ``ValueError`` where one is no finite number.

    Parsing is what costs: digits with one point at the same place in every cell are in the order of their
    texts, and only two of them are parsed.
    """
    point = cells[0].find(".")
    if point > 0 and "".join(cells).encode("ascii").translate(None, _DIGITS) == b"." * len(cells):
        try:
            if set(map(itemgetter(point), cells)) == {"."}:
                return float(min(cells)), float(max(cells))
        except IndexError:
            pass  # a shorter cell: another number of digits before the point
    numbers = list(map(float, cells))
    if not math.isfinite(sum(numbers)):
        raise ValueError(cells)
    return min(numbers), max(numbers)


@dataclass
class Box:
    """A growing box in the coordinates of the data; ``unusable`` counts rows whose coordinates cannot be."""

    west: float = math.inf
    south: float = math.inf
    east: float = -math.inf
    north: float = -math.inf
    unusable: int = 0
    located: int = 0
    types: set[str] = field(default_factory=set)

    @property
    def bounds(self) -> BBox | None:
        return (self.west, self.south, self.east, self.north) if self.west <= self.east else None

    def add_columns(self, xs: Sequence[str], ys: Sequence[str], degrees: bool) -> None:
        """Two columns of one batch; the quick way holds when every cell is a plain number."""
        try:
            (low_x, high_x), (low_y, high_y) = _ends(xs), _ends(ys)
        except ValueError:
            pass  # empty cells or decimal commas: the careful way below
        else:
            if not degrees or (low_x >= -180 and high_x <= 180 and low_y >= -90 and high_y <= 90):
                self._grow(low_x, low_y, high_x, high_y, len(xs))
                return
        for x, y in zip(xs, ys, strict=False):
            self._add_pair(x, y, degrees)

    def _add_pair(self, x_text: str, y_text: str, degrees: bool) -> None:
        if is_missing(x_text) and is_missing(y_text):
            return
        x, y = to_number(x_text), to_number(y_text)
        if x is None or y is None or (degrees and not (-180 <= x <= 180 and -90 <= y <= 90)):
            self.unusable += 1
        else:
            self._grow(x, y, x, y, 1)

    def add_latlon(self, text: str) -> None:
        match = _PAIR.match(text)
        if match:
            self._add_pair(match.group(2), match.group(1), True)
        elif not is_missing(text):
            self.unusable += 1

    def add_wkt(self, text: str) -> None:
        match = _WKT.match(text)
        if not match:
            self.unusable += 0 if is_missing(text) else 1
            return
        kind = _NAMES[match.group(2).lower()]
        self.types.add(
            "GeometryCollection" if kind == "Collection" else ("Multi" if match.group(1) else "") + kind
        )
        positions = _WKT_POSITION.findall(text)
        if positions:
            xs, ys = [float(p[0]) for p in positions], [float(p[1]) for p in positions]
            self._grow(min(xs), min(ys), max(xs), max(ys), 1)

    def _grow(self, west: float, south: float, east: float, north: float, count: int) -> None:
        self.west, self.south = min(self.west, west), min(self.south, south)
        self.east, self.north = max(self.east, east), max(self.north, north)
        self.located += count
