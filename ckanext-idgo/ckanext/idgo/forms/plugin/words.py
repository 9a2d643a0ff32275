"""Sentences of the deposit's pages, built from codes and figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.plugin.envelope import size as size_in_words

NBSP = "\u00a0"


def _(sentence: str) -> str:
    return tk._(sentence)


def to_fill() -> dict[str, str]:
    return {"kind": "to-fill", "icon": "alert-circle", "text": _("To fill in")}


def origin(kind: str, source: str) -> dict[str, str]:
    """The mark of a field that has a value."""
    if kind == "typed":
        return {"kind": "from-you", "icon": "pencil", "text": _("Written by you")}
    if kind == "published":
        return {"kind": "from-you", "icon": "world", "text": _("As published")}
    if kind == "account":
        return {"kind": "", "icon": "building", "text": _("Your account")}
    proposed = {
        "filename": _("Proposed from the file name"),
        "columns": _("Proposed from the columns"),
        "extent": _("Proposed from the extent"),
        "data": _("Proposed from the data"),
        "organization": _("Usual for the organization"),
        "licence": _("Suggested by the licence"),
        "default": _("Proposed by default"),
    }
    icon = "building" if source == "organization" else "file-search"
    return {"kind": "", "icon": icon, "text": proposed.get(source, _("Proposed from the file"))}


def moment(then: datetime, now: datetime) -> str:
    """``14 h 32`` today, ``24/11 à 14 h 32`` before."""
    french = (tk.h.lang() or "fr").startswith("fr")
    clock = then.strftime(f"%-H{NBSP}h{NBSP}%M" if french else "%H:%M")
    if then.date() == now.date():
        return clock
    return f"{then.strftime('%d/%m')} à {clock}" if french else f"{then.strftime('%d %b')}, {clock}"


def saved_at(then: datetime, now: datetime) -> str:
    return _("Draft saved at {time}").format(time=moment(then, now))


def file_state(file: dict[str, Any]) -> str:
    state = file.get("state")
    size = size_in_words(file.get("size") or 0)
    if state == "receiving":
        return _("Not all of it arrived: choose the same file again, it goes on where it stopped.")
    if state in ("waiting", "reading") and file.get("fetch"):
        return _("Fetching the file at this address…")
    if state == "waiting":
        return _("Received ({size}). Reading begins in a moment.").format(size=size)
    if state == "reading":
        return _("Reading the file: encoding, columns, coordinates…")
    if state == "refused":
        return _("This file cannot be read.")
    if state == "read":
        return _("Received and read ({size}).").format(size=size)
    return _("No file yet.")


def number(value: Any) -> str:
    """Thousands set apart as the reader expects."""
    return tk.h.idgo_number(value)


GEOMETRIES = {
    "Point": "Points",
    "MultiPoint": "Points",
    "LineString": "Lines",
    "MultiLineString": "Lines",
    "Polygon": "Polygons",
    "MultiPolygon": "Polygons",
    "Raster": "Raster",
}


def geometry(kind: str) -> str:
    """A geometry type in plain words; its own name when it is not a usual one."""
    plain = GEOMETRIES.get(kind.replace(" Z", "").replace("25D ", "").replace(" M", ""))
    names = {"Points": _("Points"), "Lines": _("Lines"), "Polygons": _("Polygons"), "Raster": _("Raster")}
    return names[plain] if plain else kind


def extent(box: list[float] | tuple[float, ...]) -> str:
    west, south, east, north = box
    return _("{west}° to {east}° of longitude, {south}° to {north}° of latitude").format(
        west=_degrees(west), east=_degrees(east), south=_degrees(south), north=_degrees(north)
    )


def _degrees(value: float) -> str:
    text = f"{value:.3f}"
    return text.replace(".", ",") if (tk.h.lang() or "fr").startswith("fr") else text


def encoding(name: str) -> str:
    """``UTF-8``, ``Windows-1252``: as it is usually written."""
    return name.capitalize() if name.lower().startswith("windows") else name.upper()


def metres(value: float) -> str:
    """``0,5 m``: three significant figures."""
    text = f"{value:.3g}" if value < 1000 else f"{value:.0f}"
    return (text.replace(".", ",") if (tk.h.lang() or "fr").startswith("fr") else text) + f"{NBSP}m"


def type_name(code: str) -> str:
    """A column's type in plain words."""
    return {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
        "time": _("time"),
        "binary": _("binary"),
        "list": _("list"),
        "geometry": _("geometry"),
    }.get(code, code)


def facts(data: dict[str, Any]) -> list[dict[str, str]]:
    """Rows of the facts card: only what the file has."""
    rows: list[tuple[str, str]] = []
    columns = len(data.get("columns") or [])
    if data.get("feature_count") is not None:
        label = _("Features, columns") if data.get("geometry_type") else _("Rows, columns")
        rows.append((label, f"{number(data['feature_count'])}, {columns}"))
    layers = data.get("layers") or []
    if len(layers) > 1:
        rows.append((_("Layers"), ", ".join(layer["name"] for layer in layers[:12])))
    if data.get("geometry_type"):
        rows.append((_("Geometry"), geometry(data["geometry_type"])))
    if data.get("crs"):
        rows.append((_("Projection"), tk.h.idgo_crs(data["crs"])))
    if data.get("encoding"):
        rows.append((_("Encoding"), encoding(data["encoding"])))
    if data.get("resolution_m"):
        rows.append((_("Resolution"), metres(data["resolution_m"])))
    if data.get("extent"):
        rows.append((_("Extent"), extent(data["extent"])))
    if data.get("dates"):
        rows.append((_("Dates in the data"), " – ".join(dict.fromkeys(data["dates"]))))
    return [{"name": name, "value": value} for name, value in rows]


def change(row: dict[str, Any]) -> dict[str, str]:
    names = {
        "format": _("Format"),
        "feature_count": _("Features or rows"),
        "size": _("Size"),
        "crs": _("Projection"),
        "encoding": _("Encoding"),
        "geometry_type": _("Geometry"),
        "extent": _("Extent"),
        "layers": _("Layers"),
        "columns_added": _("Columns added"),
        "columns_removed": _("Columns removed"),
        "columns_retyped": _("Columns of another type"),
    }
    return {
        "name": names[row["what"]],
        "before": _side(row["what"], row["before"]),
        "after": _side(row["what"], row["after"]),
        "kind": row["kind"],
    }


def _side(what: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if what == "encoding":
        return encoding(value)
    if what == "size":
        return size_in_words(int(value))
    if what == "feature_count":
        return number(value)
    if what == "extent":
        return extent(value)
    if what == "geometry_type":
        return geometry(value)
    if what == "crs":
        return tk.h.idgo_crs(value)
    if what == "columns_retyped":  # “name (type)”, see core.deposit_changes
        parts = [name.rpartition(" (") for name in value]
        return ", ".join(f"{name} ({type_name(code[:-1])})" for name, _sep, code in parts)
    return ", ".join(value) if isinstance(value, list) else str(value)


def field_name(name: str) -> str:
    return {
        "title": _("Title"),
        "notes": _("Description"),
        "owner_org": _("Organization"),
        "theme": _("Theme"),
        "tags": _("Keywords"),
        "territory": _("Territory"),
        "frequency": _("Update frequency"),
        "license_id": _("Licence"),
        "access_tier": _("Access level"),
        "file": _("File"),
    }.get(name, name)
