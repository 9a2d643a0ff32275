"""Template helpers of the dataset's and the resource's page.

They render what they are given: a locked resource comes masked by the access room, and nothing asks for more.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.display import datasets, wording
from ckanext.idgo.helpers import idgo_crs, idgo_date, idgo_label, idgo_number, idgo_size, idgo_tier
from ckanext.idgo.metadata.core import codelists
from ckanext.idgo.page_helpers import idgo_has_page

Dict = dict[str, Any]
PREVIEWED = frozenset(
    {"SHP", "ZIP", "GPKG", "GEOJSON", "KML", "GML", "MIF", "TAB", "FLATGEOBUF", "FGB", "DXF"}
    | {"CSV", "TSV", "XLSX", "XLS", "ODS", "JSON"}
)
"""Formats a map or a table may be drawn of; whether it can is known when it is asked."""


def _count(resource: Dict) -> str:
    try:
        n = int(resource.get("feature_count") or "")
    except ValueError:
        return ""
    if resource.get("geometry_type") or resource.get("crs"):
        return tk.ungettext("{n} object", "{n} objects", n).format(n=idgo_number(n))
    return tk.ungettext("{n} row", "{n} rows", n).format(n=idgo_number(n))


def _sheet(resource: Dict) -> list[tuple[str, str]]:
    layers = datasets.as_list(resource.get("layers"))
    lines = [
        (tk._("Format"), str(resource.get("format") or "")),
        (tk._("Size"), idgo_size(resource.get("size"))),
        (tk._("Projection"), idgo_crs(resource.get("crs"))),
        (tk._("Content"), _count(resource)),
        (tk._("Geometry type"), str(resource.get("geometry_type") or "")),
        (tk._("Layers"), ", ".join(str(layer) for layer in layers)),
        (tk._("Character encoding"), str(resource.get("encoding") or "")),
        (tk._("Last change"), idgo_date(resource.get("last_modified") or resource.get("created"))),
        (tk._("Fingerprint"), str(resource.get("hash") or "")),
    ]
    return [(label, value) for label, value in lines if value]


def _previewable(resource: Dict) -> bool:
    kept_here = resource.get("url_type") == "upload"
    known = str(resource.get("format") or "").upper() in PREVIEWED
    return kept_here and known and idgo_has_page("idgo_viewer.preview")


def idgo_resource(resource: Dict, pkg: Dict) -> Dict:
    """What a resource's row and page say of it."""
    code = datasets.resource_tier(resource, pkg)
    dated = idgo_date(resource.get("last_modified") or resource.get("created"))
    facts = [idgo_size(resource.get("size")), idgo_crs(resource.get("crs")), _count(resource), dated]
    locked = bool(resource.get("idgo_locked"))
    form = str(resource.get("format") or tk._("File"))
    return {
        "locked": locked,
        "tier": idgo_tier(code),
        "show_tier": code != "open" or len(set(datasets.resource_tiers(pkg))) > 1,
        "format": form,
        "facts": [fact for fact in facts if fact],
        "sheet": _sheet(resource),
        "previewable": not locked and _previewable(resource),
    }


def idgo_previewable(pkg: Dict) -> Dict:
    """The resource the dataset's page shows: the first to be drawn, else the first locked, else none."""
    resources = pkg.get("resources") or []
    open_ones = [r for r in resources if idgo_resource(r, pkg)["previewable"]]
    return next(iter([*open_ones, *(r for r in resources if r.get("idgo_locked"))]), {})


def idgo_projections(pkg: Dict) -> list[str]:
    """Every projection of a dataset's resources, once."""
    codes = dict.fromkeys(str(r["crs"]) for r in pkg.get("resources") or [] if r.get("crs"))
    return [idgo_crs(code) for code in codes]


def idgo_licence(pkg: Dict) -> str:
    """The licence's name in the reader's language; empty when none is stated."""
    code = str(pkg.get("license_id") or "")
    if not code or code == "notspecified":
        return ""
    label = idgo_label("licenses", code)
    return label if label != code else str(pkg.get("license_title") or code)


def idgo_licence_url(pkg: Dict) -> str:
    """The licence's own page: as CKAN's register gives it, else as the code list does; only a web address."""
    code = str(pkg.get("license_id") or "")
    listed = codelists.load("licenses")
    url = str(pkg.get("license_url") or (listed.uri(code) if code in listed else ""))
    return url if url.startswith(("https://", "http://")) else ""


def idgo_columns(resource: Dict) -> list[Dict]:
    """``[{"name", "type"}]`` of a resource, with the type in words."""
    types = {
        "integer": tk._("whole number"),
        "number": tk._("number"),
        "string": tk._("text"),
        "date": tk._("date"),
        "datetime": tk._("date and time"),
        "boolean": tk._("yes or no"),
    }
    found = [c for c in datasets.as_list(resource.get("columns")) if isinstance(c, dict) and c.get("name")]
    return [
        {"name": c["name"], "type": types.get(str(c.get("type")), str(c.get("type") or ""))} for c in found
    ]


def idgo_dates(pkg: Dict) -> list[Dict]:
    """The producer's dates, each with its label."""
    dated = [
        e
        for e in datasets.as_list(pkg.get("dates"))
        if isinstance(e, dict) and wording.as_date(e.get("date"))
    ]
    return [{"label": idgo_label("date_types", e.get("type")), "date": idgo_date(e["date"])} for e in dated]


def idgo_edit_url(pkg: Dict) -> str:
    """The simple form where it is installed, else CKAN's."""
    if idgo_has_page("idgo_depot_jeu.edit"):
        return tk.h.url_for("idgo_depot_jeu.edit", name=pkg["name"])
    return tk.h.url_for("dataset.edit", id=pkg["name"])
