"""What people type on the pages, to what the actions want; and what the actions refuse, beside its field."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import request

from ckanext.idgo.access.core.places import read_places
from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.common.plugin import contexts

PAGE_ROWS = 50
AT_ONCE = 200
"""The longest list the actions give at a time."""


def text(name: str) -> str:
    return request.form.get(name, "").strip()


def offset() -> int:
    """Where a list begins, from ``?page=`` (1 is the first)."""
    asked = request.args.get("page", "1")
    return (int(asked) - 1) * PAGE_ROWS if asked.isdecimal() and 0 < int(asked) < 10_000 else 0


def pages(count: int) -> dict[str, int]:
    """``{"page", "last"}`` of a list of ``count`` rows."""
    return {"page": offset() // PAGE_ROWS + 1, "last": max(1, -(-count // PAGE_ROWS))}


def one_grant(query: dict[str, Any], grant_id: str) -> dict[str, Any] | None:
    """The grant of that id among those ``idgo_access_grant_list`` answers; None when it is not there."""
    offset = 0
    while True:
        asked = {**query, "limit": AT_ONCE, "offset": offset}
        found = tk.get_action("idgo_access_grant_list")(contexts.of_visitor(), asked)
        for row in found["results"]:
            if row["id"] == grant_id:
                return row
        offset += len(found["results"])
        if not found["results"] or offset >= found["count"]:
            return None


def territory(errors: dict[str, str]) -> list[str]:
    """Codes of the territory field; a name nobody knows is said in ``errors``."""
    try:
        return read_places(text("territory"), text("territory_code"), Territories.load())
    except BadInput as error:
        errors["territory"] = tk._(error.template).format(**error.params)
        return []


def refused(error: tk.ValidationError) -> dict[str, str]:
    """Field to sentence, from CKAN's nested lists."""
    return {str(field): _sentence(value) for field, value in error.error_dict.items()}


def _sentence(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_sentence(part) for part in value.values())
    if isinstance(value, list | tuple):
        return " ".join(filter(None, (_sentence(part) for part in value)))
    return str(value)
