"""Template helpers of the catalogue room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import g

from ckanext.idgo.catalogue.plugin.labels import facet_label


def idgo_facet_label(facet: str, code: str) -> str:
    """The label of a facet's value, in the language of the page."""
    return facet_label(facet, code)


def idgo_search_problem() -> str:
    """Why the search of this page could not be run; empty when it could."""
    return getattr(g, "idgo_search_problem", "")


def idgo_search_note() -> str:
    """What the page must say of its results: that not all words were found; empty otherwise."""
    return getattr(g, "idgo_search_note", "")


def idgo_catalogue_alternatives(
    q: str, filters: dict[str, Any] | None = None, ext_territory: str = "", ext_bbox: str = ""
) -> dict[str, Any]:
    """Ways on from a search that found nothing (see the action of the same name)."""
    asked = {"q": q, "filters": filters or {}, "ext_territory": ext_territory, "ext_bbox": ext_bbox}
    context: Any = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    return tk.get_action("idgo_catalogue_alternatives")(context, asked)
