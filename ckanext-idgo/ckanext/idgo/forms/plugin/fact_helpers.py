"""Template helpers that say what a file holds; all names begin with ``idgo_forms_``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.plugin import envelope
from ckanext.idgo.forms.core.deposit_values import geojson_of_extent
from ckanext.idgo.forms.plugin import edge, words

SKETCHED_LAYERS, SKETCHED_FEATURES, SKETCHED_BYTES = 4, 1_500, 200 * 1024 * 1024
"""As ``viewer.core`` draws. Its floor is above this one: said again here, and a test holds them equal."""


def idgo_forms_limit(size_bytes: int) -> str:
    """``2 Go``, ``2 GB`` in English."""
    return envelope.size(size_bytes)


def idgo_forms_file_state(file: dict[str, Any] | None) -> str:
    """What is happening to the file, in words."""
    return words.file_state(file or {})


def idgo_forms_said(error: dict[str, Any]) -> str:
    """An error or a finding kept in a draft, in the reader's language."""
    return edge.message(error)


def idgo_forms_facts(facts: dict[str, Any]) -> list[dict[str, str]]:
    """Rows of the facts card."""
    return words.facts(facts)


def idgo_forms_sketched(facts: dict[str, Any]) -> list[str]:
    """Names of the layers that the drawing shows, in its order; empty where there is but one layer."""
    placed = [layer["name"] for layer in facts.get("layers") or [] if layer.get("extent")]
    return placed[:SKETCHED_LAYERS] if len(placed) > 1 else []


def idgo_forms_sketch_note(facts: dict[str, Any]) -> str:
    """What the drawing leaves out, in words; empty when it leaves nothing out."""
    placed = [layer for layer in facts.get("layers") or [] if layer.get("extent")]
    if facts["format"] == "GeoTIFF":
        return tk._("The footprint of the image.")
    if facts["size_bytes"] > SKETCHED_BYTES:
        return tk._("The file is too large to be drawn here: only its extent is.")
    if len(placed) > SKETCHED_LAYERS:
        return tk._("The first {n} layers are drawn.").format(n=SKETCHED_LAYERS)
    if any((layer.get("feature_count") or 0) > SKETCHED_FEATURES for layer in placed):
        return tk._("The first {n} objects are drawn.").format(n=words.number(SKETCHED_FEATURES))
    return ""


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
    return words.type_name(code)


def idgo_forms_script_words() -> dict[str, str]:
    """The sentences of the deposit's scripts, by their English."""
    return {
        "Cancel": tk._("Cancel"),
        "Remove": tk._("Remove"),
        "The file is {size} and the limit is {limit}. Cut it, or give its address instead.": tk._(
            "The file is {size} and the limit is {limit}. Cut it, or give its address instead."
        ),
        "{sent} of {total}, {left} seconds left": tk._("{sent} of {total}, {left} seconds left"),
        "Received.": tk._("Received."),
        "The connection broke. Choose the same file again: it goes on where it stopped.": tk._(
            "The connection broke. Choose the same file again: it goes on where it stopped."
        ),
        "The server answered {status}. Choose the same file again: it goes on where it stopped.": tk._(
            "The server answered {status}. Choose the same file again: it goes on where it stopped."
        ),
        "Open its sheet": tk._("Open its sheet"),
        "This browser kept words that the server did not receive.": tk._(
            "This browser kept words that the server did not receive."
        ),
        "Put them back": tk._("Put them back"),
        "No connection: what you type is kept in this browser.": tk._(
            "No connection: what you type is kept in this browser."
        ),
        "Your session is over. What you typed is kept in this browser.": tk._(
            "Your session is over. What you typed is kept in this browser."
        ),
        "Log in again": tk._("Log in again"),
    }
