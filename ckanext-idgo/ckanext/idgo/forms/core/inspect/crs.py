"""Projections: which EPSG code a file means, its box in WGS 84, and a guess where it says nothing.

A guess is proposed to the contributor, never applied (issue 3). pyproj is imported late: plain tables need
none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ckanext.idgo.forms.core.facts import BBox, Finding
from ckanext.idgo.forms.core.inspect.messages import error, finding

REGION: BBox = (3.9, 42.7, 8.0, 45.4)
"""Provence-Alpes-Côte d'Azur with a margin of some 20 km (a test holds it against the region's outline)."""
FRANCE: BBox = (-5.6, 41.2, 10.0, 51.3)
_DEGREES = ("EPSG:4326", "OGC:CRS84")
_CANDIDATES: tuple[tuple[str, str], ...] = (
    ("EPSG:2154", "Lambert-93"),
    *((f"EPSG:{3900 + zone}", f"Lambert CC{zone}") for zone in range(42, 51)),
    ("EPSG:27572", "Lambert II étendu"),
    ("EPSG:25832", "UTM 32N"),
    ("EPSG:25831", "UTM 31N"),
    ("EPSG:3857", "Web Mercator"),
)


@dataclass(frozen=True)
class Projection:
    """``code`` is ``EPSG:n`` or None where nothing in the EPSG registry matches; ``name`` is what the file
    says; ``usable`` is what transforms the coordinates all the same (a custom but complete definition)."""

    code: str | None
    name: str
    usable: str | None


@lru_cache(maxsize=256)
def identify(text: str) -> Projection:
    """The projection meant by ``text`` (``EPSG:n``, OGC URN or any WKT, ESRI's included)."""
    if text in _DEGREES:
        return Projection("EPSG:4326", text, text)
    import pyproj
    from pyproj.exceptions import CRSError

    try:
        crs: Any = pyproj.CRS.from_user_input(text)
    except CRSError:
        return Projection(None, text[:80], None)
    crs = _horizontal(crs)
    if crs.is_geographic and len(crs.axis_info) > 2:
        crs = crs.to_2d()
    code = crs.to_epsg(min_confidence=70)
    if code is None and crs.is_geographic and crs.to_authority() == ("OGC", "CRS84"):
        code = 4326
    usable = crs.to_wkt() if crs.is_geographic or crs.is_projected else None
    if code is None or usable is None:
        return Projection(None, crs.name, usable)
    return Projection(f"EPSG:{code}", crs.name, f"EPSG:{code}")


def _horizontal(crs: Any) -> Any:
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def known_code(text: str) -> str:
    """``text`` (an EPSG code the contributor confirmed) normalised; raises ``BadInput`` ``unknown_crs``."""
    code = identify(text.strip().upper()).code
    if code is None:
        raise error("unknown_crs", crs=text[:60])
    return code


def to_wgs84(bounds: BBox | None, crs: str | None) -> BBox | None:
    """``bounds`` (x first) of ``crs`` as west, south, east, north; edges are densified because a straight
    edge in a projection is curved on the globe. None where it cannot be expressed."""
    if bounds is None or crs is None or not all(math.isfinite(v) for v in bounds):
        return None
    if crs in _DEGREES:
        return _rounded(bounds) if _on_globe(bounds) else None
    from pyproj.exceptions import ProjError

    try:
        box = _transformer(crs).transform_bounds(*bounds, densify_pts=21)
    except ProjError:
        return None
    return _rounded(box) if all(math.isfinite(v) for v in box) and _on_globe(box) else None


@lru_cache(maxsize=64)
def _transformer(crs: str) -> Any:
    import pyproj

    return pyproj.Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)


def _on_globe(box: BBox) -> bool:
    slack = 1e-6
    return -180 - slack <= box[0] <= box[2] <= 180 + slack and -90 - slack <= box[1] <= box[3] <= 90 + slack


def _rounded(box: BBox) -> BBox:
    west, south, east, north = (round(float(v), 7) for v in box)
    return (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def _inside(box: BBox | None, outer: BBox) -> bool:
    return box is not None and (
        outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]
    )


def guess(bounds: BBox | None) -> tuple[str, str, BBox] | None:
    """The projection under which ``bounds`` fall in the region (best) or in metropolitan France, with its
    name and the box in WGS 84; None when none does."""
    if bounds is None or not all(math.isfinite(v) for v in bounds):
        return None
    if _inside(bounds, FRANCE):
        return ("EPSG:4326", "WGS 84", _rounded(bounds))
    if max(abs(v) for v in bounds) < 1000:
        return None
    found = [(code, label, to_wgs84(bounds, code)) for code, label in _CANDIDATES]
    for outer in (REGION, FRANCE):
        for code, label, box in found:
            if box is not None and _inside(box, outer):
                return (code, label, box)
    return None


def looks_swapped(bounds: BBox | None) -> bool:
    """Whether degrees were written latitude first: the box turned around falls in metropolitan France."""
    if bounds is None:
        return False
    turned = (bounds[1], bounds[0], bounds[3], bounds[2])
    return _inside(turned, FRANCE) and not _inside(bounds, FRANCE)


@dataclass(frozen=True)
class Placed:
    """A layer's place: its code, its box in WGS 84, and what to tell."""

    crs: str | None
    extent: BBox | None
    findings: tuple[Finding, ...]


def place(
    name: str,
    declared: str | None,
    bounds: BBox | None,
    assumed: str | None,
    missing_code: str = "missing_crs",
) -> Placed:
    """Place a layer from what the file declares, else from the projection the contributor confirmed."""
    projection = identify(declared) if declared else None
    if projection and projection.code:
        extent = to_wgs84(bounds, projection.code)
        told = _swap(name, bounds) if projection.code == "EPSG:4326" else ()
        if bounds is not None and extent is None and projection.code != "EPSG:4326":
            told = _guess_findings(name, bounds)
        return Placed(projection.code, extent, told)
    if assumed:
        code = known_code(assumed)
        return Placed(code, to_wgs84(bounds, code), (finding("crs_assumed", name=name, crs=code),))
    if projection:
        told = (finding("unknown_projection", name=name, crs_name=projection.name or "?"),)
        if projection.usable:
            return Placed(None, to_wgs84(bounds, projection.usable), told)
        return Placed(None, None, told + _guess_findings(name, bounds))
    if bounds is None:
        return Placed(None, None, ())
    return Placed(None, None, (finding(missing_code, name=name), *_guess_findings(name, bounds)))


def _guess_findings(name: str, bounds: BBox | None) -> tuple[Finding, ...]:
    proposal = guess(bounds)
    if proposal:
        code, label, box = proposal
        return (finding("crs_guess", name=name, label=label, crs=code, extent=list(box)),)
    return _swap(name, bounds)


def _swap(name: str, bounds: BBox | None) -> tuple[Finding, ...]:
    if looks_swapped(bounds) and bounds is not None:
        turned = [bounds[1], bounds[0], bounds[3], bounds[2]]
        return (finding("lat_lon_swapped", name=name, extent=turned),)
    return ()
