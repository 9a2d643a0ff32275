"""The map box of a search: degrees, WGS 84 longitude/latitude (``OGC:CRS84``)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ckanext.idgo.common.core.errors import N_, BadInput

_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")

# Keeps the overlap of two points defined; 1e-9 square degrees are some 10 m².
_EPSILON = 1e-9


@dataclass(frozen=True)
class Box:
    """``west > east`` crosses the 180° meridian (RFC 7946, section 5.2)."""

    west: float
    south: float
    east: float
    north: float


def parse_box(text: str | list[str]) -> Box:
    """``"west,south,east,north"`` → ``Box``. Raises ``BadInput`` that says which rule is broken."""
    if not isinstance(text, str):
        text = ",".join(str(part) for part in text)
    numbers = _SEPARATOR.split(text.strip())
    if len(numbers) != 4:
        raise BadInput(
            "bbox-numbers",
            N_("The map box needs four numbers: west, south, east, north. {count} were given."),
            count=len([n for n in numbers if n]),
        )
    box = Box(*(_degrees(number) for number in numbers))
    if not (abs(box.west) <= 180 and abs(box.east) <= 180):
        raise BadInput(
            "bbox-longitude", N_("A longitude of the map box is not between −180 and 180 degrees.")
        )
    if not (abs(box.south) <= 90 and abs(box.north) <= 90):
        raise BadInput("bbox-latitude", N_("A latitude of the map box is not between −90 and 90 degrees."))
    if box.south > box.north:
        raise BadInput("bbox-order", N_("The south of the map box lies north of its north: swap the two."))
    return box


def _degrees(number: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInput("bbox-number", N_("“{value}” in the map box is not a number."), value=number[:40])
    return value


def intersects_filter(box: Box) -> str:
    """Solr filter: datasets whose rectangle touches ``box``. Four range queries, answered from the point
    index (no function is computed over the whole catalogue)."""
    latitude = f"+miny:[* TO {box.north!r}] +maxy:[{box.south!r} TO *]"
    if box.west <= box.east:
        return f"{latitude} +minx:[* TO {box.east!r}] +maxx:[{box.west!r} TO *]"
    return f"{latitude} +(minx:[* TO {box.east!r}] maxx:[{box.west!r} TO *])"


def overlap_boost(box: Box) -> str:
    """Solr function from 1 to 2 that multiplies the score: 1 + 2·|A∩B| / (|A|+|B|), in square degrees.

    A dataset of the world touches every box; it ranks below one that fits the box.
    """
    if box.west > box.east:
        return "1"
    area = (box.east - box.west) * (box.north - box.south) + _EPSILON
    width = f"max(0,sub(min({box.east!r},maxx),max({box.west!r},minx)))"
    height = f"max(0,sub(min({box.north!r},maxy),max({box.south!r},miny)))"
    both = f"add({area!r},mul(sub(maxx,minx),sub(maxy,miny)))"
    return f"add(1,div(mul(2,mul({width},{height})),{both}))"
