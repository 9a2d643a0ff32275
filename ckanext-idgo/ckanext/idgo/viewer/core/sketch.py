"""A still drawing of a file's features over the region's outline, as SVG text (issue 3: the deposit's card).

No script, no link, no text from the file: only numbers reach the drawing, so a hostile name cannot. Colours
are the theme's (``assets/css/tokens.css``), written out because an image does not see the page's variables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees, WGS 84."""

WIDTH_PX, HEIGHT_PX = 744, 600
LAYER_COLOURS = ("#23489A", "#7A4A00", "#17603A", "#17212B")
"""Of the first four layers, in order; the page's legend repeats them (``.sketch-key-1`` to ``-4``)."""

_OUT, _SEA, _LAND, _LINE, _EDGE = "#EFF0ED", "#D5E4EC", "#FCFCFA", "#A9B3BB", "#5E6B77"
_LEAST_SPAN_DEGREES = 0.004  # some 300 m: one point still shows what is around it
_MARGIN = 0.08
_MAX_LATITUDE = 85.0


class _Plane:
    """Degrees to pixels: spherical Mercator, the box in the middle, north up."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        left, right = _grown(west, east, _LEAST_SPAN_DEGREES)
        low, high = _grown(_mercator(south), _mercator(north), _LEAST_SPAN_DEGREES)
        self.scale = min(WIDTH_PX / (right - left), HEIGHT_PX / (high - low)) * (1 - 2 * _MARGIN)
        self.x = WIDTH_PX / 2 - self.scale * (left + right) / 2
        self.y = HEIGHT_PX / 2 + self.scale * (low + high) / 2

    def at(self, position: Sequence[float]) -> tuple[float, float]:
        return (
            round(self.x + self.scale * position[0], 1),
            round(self.y - self.scale * _mercator(position[1]), 1),
        )


def _mercator(latitude: float) -> float:
    """Degrees on the equator's scale."""
    held = max(-_MAX_LATITUDE, min(_MAX_LATITUDE, latitude))
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(held) / 2)))


def _grown(low: float, high: float, least: float) -> tuple[float, float]:
    missing = max(0.0, least - (high - low)) / 2
    return low - missing, high + missing


def sketch(
    layers: Sequence[Sequence[Mapping[str, Any]]], boxes: Sequence[Box], base: Mapping[str, Any]
) -> str:
    """SVG of ``layers`` (GeoJSON features of each, WGS 84) on ``base`` (features with ``kind``: ``sea region
    around``). ``boxes``: the extent of each layer; one without features is drawn as its box (footprint)."""
    if not boxes:
        raise ValueError("no layer has a place")
    frame = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    plane = _Plane(frame)
    parts = list(_ground(base, plane))
    for at, (features, box) in enumerate(zip(layers, boxes, strict=True)):
        colour = LAYER_COLOURS[at % len(LAYER_COLOURS)]
        parts.extend(_drawn(features, plane, colour) if features else [_footprint(box, plane, colour)])
    size = f'width="{WIDTH_PX}" height="{HEIGHT_PX}" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _ground(base: Mapping[str, Any], plane: _Plane) -> Iterator[str]:
    yield f'<rect width="{WIDTH_PX}" height="{HEIGHT_PX}" fill="{_OUT}"/>'
    fills = {"sea": (_SEA, "none", 0), "around": (_OUT, _LINE, 1), "region": (_LAND, _EDGE, 1.5)}
    for kind, (fill, line, width) in fills.items():
        for feature in base.get("features", ()):
            if (feature.get("properties") or {}).get("kind") == kind:
                path = "".join(_paths(feature["geometry"], plane))
                yield f'<path d="{path}" fill="{fill}" stroke="{line}" stroke-width="{width}"/>'


def _footprint(box: Box, plane: _Plane, colour: str) -> str:
    left, top = plane.at((box[0], box[3]))
    right, bottom = plane.at((box[2], box[1]))
    width, height = max(6.0, round(right - left, 1)), max(6.0, round(bottom - top, 1))
    place = f'x="{left}" y="{top}" width="{width}" height="{height}"'
    line = f'stroke="{colour}" stroke-width="3" stroke-dasharray="10 6"'
    return f'<rect {place} fill="{colour}" fill-opacity=".22" {line}/>'


def _drawn(features: Sequence[Mapping[str, Any]], plane: _Plane, colour: str) -> Iterator[str]:
    geometries = [part for feature in features for part in _simple(feature.get("geometry"))]
    areas = "".join(_of("Polygon", geometries, plane))
    lines = "".join(_of("LineString", geometries, plane))
    if areas:
        paint = f'fill="{colour}" fill-opacity=".28" fill-rule="evenodd" stroke="{colour}" stroke-width="1.6"'
        yield f'<path d="{areas}" {paint}/>'
    if lines:
        yield f'<path d="{lines}" fill="none" stroke="{colour}" stroke-width="3" stroke-linejoin="round"/>'
    yield from _dots(geometries, plane, colour)


def _of(kind: str, geometries: Iterable[Mapping[str, Any]], plane: _Plane) -> Iterator[str]:
    for geometry in geometries:
        if geometry["type"].endswith(kind):
            yield from _paths(geometry, plane)


def _dots(geometries: Sequence[Mapping[str, Any]], plane: _Plane, colour: str) -> Iterator[str]:
    places = set()
    for geometry in geometries:
        if geometry["type"] == "Point":
            places.add(plane.at(geometry["coordinates"]))
        elif geometry["type"] == "MultiPoint":
            places.update(plane.at(position) for position in geometry["coordinates"])
    radius = 8 if len(places) <= 60 else 6 if len(places) <= 400 else 4
    for x, y in sorted(places):
        yield f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" stroke="#fff" stroke-width="1.5"/>'


def _simple(geometry: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    if not geometry:
        return
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _simple(part)
    else:
        yield geometry


def _paths(geometry: Mapping[str, Any], plane: _Plane) -> Iterator[str]:
    """SVG path data of a line or an area, whatever its depth of lists."""
    yield from _rings(geometry["coordinates"], plane, geometry["type"].endswith("Polygon"))


def _rings(coordinates: Sequence[Any], plane: _Plane, closed: bool) -> Iterator[str]:
    if not coordinates:
        return
    if isinstance(coordinates[0][0], int | float):
        points = list(dict.fromkeys(plane.at(position) for position in coordinates))
        if len(points) == 1:  # smaller than a pixel, and still to be seen
            points.append((points[0][0] + 1, points[0][1] + 1))
        yield "M" + "L".join(f"{x} {y}" for x, y in points) + ("Z" if closed else "")
        return
    for part in coordinates:
        yield from _rings(part, plane, closed)
