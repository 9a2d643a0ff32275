"""Facts of one dataset dict, as pages show them. Dicts come masked: nothing asks for what is not there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.display import outline, wording

TIERS = ("open", "authenticated", "restricted")
"""From the widest to the narrowest; also the order in lists."""


def as_list(value: object) -> list[Any]:
    """A list from a list or its JSON text (stored extras are text); a bare code is a list of one."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if isinstance(value, (list, tuple)):
        return list(value)
    return [value] if value else []


def resource_tier(resource: Mapping[str, Any], pkg: Mapping[str, Any]) -> str:
    """A resource's tier: its own, else the dataset's (ADR 0001); what is not a tier counts as restricted."""
    tier = str(resource.get("access_tier") or pkg.get("access_tier") or "restricted")
    return tier if tier in TIERS else "restricted"


def resource_tiers(pkg: Mapping[str, Any]) -> list[str]:
    """The tier of each resource, in order."""
    return [resource_tier(resource, pkg) for resource in pkg.get("resources") or []]


def strictest(tiers: Sequence[str]) -> str:
    """The narrowest of several tiers."""
    return max(tiers, key=TIERS.index)


def last_update(pkg: Mapping[str, Any]) -> date | None:
    """The latest of what the producer dates (revision, publication, creation), else of files, else all.

    The sheet alone counts last: correcting a comma does not make data fresher.
    """
    dated = [entry for entry in as_list(pkg.get("dates")) if isinstance(entry, Mapping)]
    for kind in ("revision", "publication", "creation"):
        days = [d for e in dated if e.get("type") == kind and (d := wording.as_date(e.get("date")))]
        if days:
            return max(days)
    files = [
        d
        for r in pkg.get("resources") or []
        if (d := wording.as_date(r.get("last_modified") or r.get("created")))
    ]
    return max(files) if files else wording.as_date(pkg.get("metadata_modified"))


def freshness_state(frequency: str, last: object, days: int | None, today: date) -> str:
    """``live`` for data in continuous flow, ``warn`` when overdue, else ``ok``."""
    if frequency == "continual":
        return "live"
    return "warn" if wording.is_late(last, days, today) else "ok"


def box_of(pkg: Mapping[str, Any]) -> list[float] | None:
    """The box (west, south, east, north, degrees) of the dataset's GeoJSON ``spatial``; None without one."""
    spatial = pkg.get("spatial")
    if isinstance(spatial, str):
        try:
            spatial = json.loads(spatial)
        except ValueError:
            return None
    if not isinstance(spatial, Mapping):
        return None
    numbers = list(_positions(spatial.get("coordinates")))
    if not numbers:
        return None
    longitudes, latitudes = [p[0] for p in numbers], [p[1] for p in numbers]
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def _positions(node: object) -> list[tuple[float, float]]:
    if not isinstance(node, (list, tuple)):
        return []
    if len(node) >= 2 and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in node[:2]):
        return [(float(node[0]), float(node[1]))]
    return [position for child in node for position in _positions(child)]


def locator(pkg: Mapping[str, Any], territories: Territories) -> dict[str, Any]:
    """``{"all": True}`` for the region, ``{"parts": ["dep-84"]}`` for départements, else ``box``.

    The territory is preferred to the box: an outline says more than a rectangle.
    """
    codes = [str(code) for code in as_list(pkg.get("territory"))]
    if any(code.startswith("region:") for code in codes):
        return {"all": True}
    found = [code.split(":")[1] for code in codes if code.startswith("departement:")]
    if codes and len(found) == len(codes):
        parts = [f"dep-{code}" for code in found if code in outline.DEPARTEMENTS]
        return {"all": True} if len(parts) == len(outline.DEPARTEMENTS) else {"parts": parts}
    box = territories.bbox(codes) or box_of(pkg)
    if not box:
        return {}
    if outline.covers_region(box):
        return {"all": True}
    rectangle = outline.footprint(box)
    return {"box": rectangle} if rectangle else {}
