"""The facets of the search page, in the order of the mockup ``02-search``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def titles() -> dict[str, str]:
    """Facet field → heading, in reading order."""
    return {
        "access_tier": tk._("Access level"),
        "data_family": tk._("Family"),
        "theme": tk._("Theme"),
        "organization": tk._("Organization"),
        "territory": tk._("Territory"),
        "res_format": tk._("Format"),
        "inspire_theme": tk._("INSPIRE theme"),
        "license_id": tk._("Licence"),
        "frequency": tk._("Update frequency"),
    }


def labelled(search_facets: dict[str, Any], label: Any) -> dict[str, Any]:
    """``search_facets`` of ``package_search`` with a label in place of each code; ``label(field, code)``."""
    for field, facet in search_facets.items():
        for item in facet["items"]:
            if item["display_name"] == item["name"]:
                item["display_name"] = label(field, item["name"])
    return search_facets
