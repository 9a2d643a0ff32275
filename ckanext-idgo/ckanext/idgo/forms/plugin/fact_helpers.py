"""Template helpers that say what a file holds; all names begin with ``idgo_forms_``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.forms.core.deposit_tus import french_size
from ckanext.idgo.forms.core.deposit_values import geojson_of_extent
from ckanext.idgo.forms.plugin import edge, words


def idgo_forms_limit(size_bytes: int) -> str:
    """``2 Go``."""
    return french_size(size_bytes)


def idgo_forms_file_state(file: dict[str, Any] | None) -> str:
    """What is happening to the file, in words."""
    return words.file_state(file or {})


def idgo_forms_said(error: dict[str, Any]) -> str:
    """An error or a finding kept in a draft, in the reader's language."""
    return edge.message(error)


def idgo_forms_facts(facts: dict[str, Any]) -> list[dict[str, str]]:
    """Rows of the facts card."""
    return words.facts(facts)


def idgo_forms_extent(box: list[float]) -> str:
    return words.extent(box)


def idgo_forms_spatial(box: list[float]) -> str:
    """GeoJSON text of a box, for the locator."""
    return geojson_of_extent((box[0], box[1], box[2], box[3]))


def idgo_forms_change(row: dict[str, Any]) -> dict[str, str]:
    """A row of the before and after table, in words."""
    return words.change(row)


def idgo_forms_type(code: str) -> str:
    """A column's type in plain words."""
    return {
        "string": tk._("text"),
        "integer": tk._("whole number"),
        "number": tk._("number"),
        "boolean": tk._("yes or no"),
        "date": tk._("date"),
        "datetime": tk._("date and time"),
        "time": tk._("time"),
        "binary": tk._("binary"),
        "list": tk._("list"),
        "geometry": tk._("geometry"),
    }.get(code, code)
