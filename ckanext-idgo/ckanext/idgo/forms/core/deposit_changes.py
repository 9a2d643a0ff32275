"""What changes when a file is replaced: shown before anything is done (issue 3, “Next month”)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COMPARED = ("format", "feature_count", "size", "crs", "encoding", "geometry_type", "extent", "layers")
EXTENT_TOLERANCE_DEGREES = 1e-5  # about 1 m


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows ``{"what", "before", "after", "kind"}`` between two resources; empty when the bytes are the same.

    ``what`` is a resource field, ``columns_added``, ``columns_removed`` or ``columns_retyped`` (lists of
    names); ``kind`` is ``changed``, ``appeared``, ``gone`` or ``alarm`` (columns lost, projection or geometry
    changed, more than half of the rows gone: what breaks those who reuse the file).
    """
    if before.get("hash") and before.get("hash") == after.get("hash"):
        return []
    rows = [
        {
            "what": name,
            "before": before.get(name),
            "after": after.get(name),
            "kind": _kind(name, before, after),
        }
        for name in _COMPARED
        if not _same(name, before.get(name), after.get(name))
    ]
    return rows + _columns(before.get("columns") or [], after.get("columns") or [])


def _same(name: str, one: Any, other: Any) -> bool:
    if name == "extent" and one and other:
        return all(abs(a - b) <= EXTENT_TOLERANCE_DEGREES for a, b in zip(one, other, strict=True))
    return (one or None) == (other or None) if one != 0 and other != 0 else one == other


def _kind(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    old, new = before.get(name), after.get(name)
    if name in ("crs", "geometry_type") and old:
        return "alarm"
    if name == "feature_count" and old and (new or 0) * 2 < old:
        return "alarm"
    if old in (None, "", []):
        return "appeared"
    return "gone" if new in (None, "", []) else "changed"


def _columns(before: list[dict[str, str]], after: list[dict[str, str]]) -> list[dict[str, Any]]:
    old = {column["name"]: column.get("type") for column in before}
    new = {column["name"]: column.get("type") for column in after}
    added = [name for name in new if name not in old]
    removed = [name for name in old if name not in new]
    retyped = [name for name in new if name in old and old[name] != new[name]]
    rows = []
    if removed:
        rows.append({"what": "columns_removed", "before": removed, "after": [], "kind": "alarm"})
    if added:
        rows.append({"what": "columns_added", "before": [], "after": added, "kind": "appeared"})
    if retyped:
        rows.append(
            {
                "what": "columns_retyped",
                "before": [f"{name} ({old[name]})" for name in retyped],
                "after": [f"{name} ({new[name]})" for name in retyped],
                "kind": "changed",
            }
        )
    return rows
