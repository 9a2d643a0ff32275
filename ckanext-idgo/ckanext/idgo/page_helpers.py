"""Template helpers that ask the catalogue: the home page's figures, the search page's heading and chips."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.display import outline, wording
from ckanext.idgo.helpers import idgo_label
from ckanext.idgo.metadata.core import codelists

Dict = dict[str, Any]
_CODELIST_OF_FACET = {
    "theme": "themes",
    "inspire_theme": "inspire_themes",
    "data_family": "data_families",
    "access_tier": "access_tiers",
    "frequency": "frequencies",
}
_HOME_FACETS = ["theme", "inspire_theme", "data_family", "access_tier", "territory"]


def idgo_has_page(endpoint: str) -> bool:
    """Whether a page exists in this installation: navigation shows no dead link."""
    return endpoint in current_app.view_functions


def idgo_deposit_url() -> str:
    """Where data is deposited: the simple form where it is installed, else CKAN's."""
    for endpoint in ("idgo_forms.new", "idgo_forms.deposit", "idgo_deposit.new"):
        if idgo_has_page(endpoint):
            return tk.h.url_for(endpoint)
    return tk.h.url_for("dataset.new")


def idgo_suggest_url() -> str:
    """Where suggestions are asked, in the reader's language (the `catalogue` room answers)."""
    return tk.h.url_for("/idgo/suggest")


def idgo_search_url(**params: str) -> str:
    return tk.h.url_for("dataset.search", **params)


def idgo_catalogue() -> Dict:
    """True counts of the public catalogue: ``count``, ``facets`` (name to {code: count}), ``organizations``."""
    if "idgo_catalogue" not in tk.g:
        query = {"rows": 0, "facet.field": _HOME_FACETS, "facet.limit": -1}
        found = tk.get_action("package_search")({}, query)
        tk.g.idgo_catalogue = {
            "count": found["count"],
            "facets": found.get("facets") or {},
            "organizations": len(tk.get_action("organization_list")({}, {})),
        }
    return tk.g.idgo_catalogue


def idgo_latest(rows: int = 4) -> list[Dict]:
    """The datasets added last."""
    query = {"rows": rows, "sort": "metadata_created desc"}
    return tk.get_action("package_search")({}, query)["results"]


def idgo_departements(counts: Dict) -> list[Dict]:
    """The six départements in order, with the number of datasets found in each."""
    table = Territories.load()
    rows = []
    for number in outline.DEPARTEMENTS:
        code = f"departement:{number}"
        communes = sum(1 for inside in table.expand(code) if inside.startswith("commune:"))
        count = counts.get(code, 0)
        rows.append({"code": code, "number": number, "name": table.label(code), "communes": communes, "count": count})
    return rows


def idgo_label_lines(name: str) -> list[str]:
    """A name on two lines of a map where it is long: broken after a hyphen near its middle."""
    return wording.two_lines(name)


def idgo_codes(codelist: str) -> list[str]:
    """Every code of a list, in its order."""
    return list(codelists.load(codelist).codes())


def idgo_facet_label(facet: str, item: Dict) -> str:
    """What a person reads for one value of a facet."""
    name = str(item.get("name") or "")
    if facet == "territory":
        return Territories.load().label(name)
    if facet in _CODELIST_OF_FACET:
        return idgo_label(_CODELIST_OF_FACET[facet], name)
    if facet == "license_id":
        label = idgo_label("licenses", name)
        return label if label != name else str(item.get("display_name") or name)
    return str(item.get("display_name") or name)


def idgo_search_place(fields_grouped: Dict) -> str:
    """The place of a search in the sentence: ``dans le Vaucluse``; empty without one territory exactly."""
    chosen = fields_grouped.get("territory") or []
    territory = Territories.load().get(chosen[0]) if len(chosen) == 1 else None
    if territory is None:
        return ""
    return wording.in_place(territory.kind, territory.name, territory.official_code, str(tk.h.lang()))


def idgo_chosen_territory(fields_grouped: Dict) -> Dict:
    """Code and name of the territory chosen in the finder; empty when none or several are."""
    chosen = (fields_grouped or {}).get("territory") or []
    table = Territories.load()
    if len(chosen) != 1 or chosen[0] not in table:
        return {"code": "", "name": ""}
    return {"code": chosen[0], "name": table.label(chosen[0])}


def idgo_wider_territories(fields_grouped: Dict) -> list[Dict]:
    """What contains the territory searched, the smallest first."""
    chosen = idgo_chosen_territory(fields_grouped)["code"]
    table = Territories.load()
    return [{"code": code, "name": table.label(code)} for code in table.ancestors(chosen)] if chosen else []


def idgo_zone(text: object) -> Dict:
    """A map box from the address (``w,s,e,n``): its numbers as texts, and whether it is one."""
    parts = [part.strip() for part in str(text or "").split(",")]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    drawn = outline.footprint(numbers) if len(numbers) == 4 else None
    valid = len(numbers) == 4 and numbers[0] < numbers[2] and numbers[1] < numbers[3]
    asked = bool(str(text or "").strip())
    return {"asked": asked, "valid": valid, "numbers": parts if asked else ["", "", "", ""], "drawn": drawn}
