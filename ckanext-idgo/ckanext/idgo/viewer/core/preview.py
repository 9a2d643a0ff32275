"""A map or a table of one file, small enough for a page (issue 3: "some with files a person can look at")."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput, UnreadableFile
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect import Limits, inspect_safely
from ckanext.idgo.viewer.core import sketch
from ckanext.idgo.viewer.core.drawing import preview_geojson, preview_table

MAX_FEATURES = 2_000
MAX_ROWS = 100
SKETCH_FEATURES, SKETCH_BYTES = 1_500, 1_000_000
"""A still image of one layer: what more would add is smaller than its points."""
MAX_BYTES = 200 * 1024 * 1024
"""Above this a page does not wait for the drawing: the file is downloaded instead."""


def preview(path: Path, filename: str) -> dict[str, Any]:
    """``{"kind": "map", "geojson", "total", "truncated"}`` (WGS 84) where features have a place, else
    ``{"kind": "table", "columns": [names], "rows": [[cells]], "total"}``.

    The file is first opened in a child process with limits of memory and time. Raises ``BadInput``: what the
    inspection raises, or ``no-preview`` for what is neither map nor table.
    """
    facts = inspect_safely(path, filename, Limits(max_bytes=MAX_BYTES), timeout_seconds=30)
    drawn = preview_geojson(path, filename, facts, MAX_FEATURES)
    if drawn["features"]:
        geojson = {"type": "FeatureCollection", "features": drawn["features"]}
        return {"kind": "map", "geojson": geojson, "total": drawn["total"], "truncated": drawn["truncated"]}
    table = preview_table(path, filename, facts, MAX_ROWS)
    if not table["columns"]:
        sentence = N_("A file of format {format} is drawn neither as a map nor as a table.")
        raise UnreadableFile("no-preview", sentence, format=facts.format)
    names = [column["name"] for column in table["columns"]]
    rows = [[row.get(name) for name in names] for row in table["rows"]]
    return {"kind": "table", "columns": names, "rows": rows, "total": table["total"]}


def sketch_of(path: Path, filename: str, facts: FileFacts, base: Mapping[str, Any]) -> str | None:
    """SVG of the layers that have a place (four at most), on the outline ``base``; None when none has.

    ``facts`` are what the inspection of this very file said. A layer that cannot be drawn is shown as its
    extent; so are a raster and a file too large to be opened while a page waits.
    """
    placed = [(at, layer.extent) for at, layer in enumerate(facts.layers) if layer.extent]
    shown = placed[: len(sketch.LAYER_COLOURS)]
    if not shown:
        return None
    layers = [_features(path, filename, facts, at) for at, _ in shown]
    return sketch.sketch(layers, [box for _, box in shown], base)


def _features(path: Path, filename: str, facts: FileFacts, layer: int) -> list[dict[str, Any]]:
    if facts.format == "GeoTIFF" or facts.size_bytes > MAX_BYTES:
        return []
    try:
        drawn = preview_geojson(
            path, filename, facts, SKETCH_FEATURES, SKETCH_BYTES, layer=layer, pixels=sketch.WIDTH_PX
        )
    except BadInput:
        return []  # its extent is known all the same
    return drawn["features"]
