"""Values of IDGO's own dataset and resource fields, checked and put in one form.

Each ``clean_*`` takes what an API client, a form or a harvester sends (a JSON value or its text) and gives
the text to store; cleaning twice changes nothing, so that what ``package_show`` returns can be sent back
unchanged. All raise ``BadInput``. Shapes: ``docs/adr/0001-rooms-and-contracts.md``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput

TIERS = ("open", "authenticated", "restricted")
FAMILIES = ("statistical", "smart", "geographic")
DATE_TYPES = ("creation", "publication", "revision")
COLUMN_TYPES = (
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "time",
    "binary",
    "list",
    "geometry",
)
MAX_COLUMNS = 2_000
MAX_LAYERS = 500
MAX_TERRITORIES = 1_000
COORDINATE_DECIMALS = 6  # about 0.1 m

_KEYWORD = re.compile(r"[\w \-.'’()/&+:°]+")
_EPSG = re.compile(
    r"(?:EPSG:|urn:ogc:def:crs:EPSG:[0-9.]*:|https?://www\.opengis\.net/def/crs/EPSG/\d+/)(\d{3,6})"
)


def dump(value: Any) -> str:
    """JSON text with a fixed spelling: the same value always gives the same text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _loaded(value: Any, code: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise BadInput(code, N_("This is not valid JSON.")) from error


def clean_choice(value: Any, choices: tuple[str, ...]) -> str:
    """One of ``choices``."""
    if value not in choices:
        raise BadInput(
            "unknown-value",
            N_("Unknown value “{value}”. Possible values: {choices}."),
            value=str(value)[:80],
            choices=", ".join(choices),
        )
    return str(value)


def clean_keyword(value: Any) -> str:
    """A keyword: letters and digits of any script, space, ``- _ . ' ’ ( ) / & + : °``."""
    if not isinstance(value, str) or not _KEYWORD.fullmatch(value):
        raise BadInput(
            "keyword-shape",
            N_("The keyword “{value}” holds a character that keywords do not allow."),
            value=str(value)[:100],
        )
    return value


def clean_territory(value: Any, known: Callable[[str], bool]) -> str:
    """Codes such as ``commune:13004``; one code alone is a list of one. Order kept, doubles dropped."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        value = [part.strip() for part in value.split(",") if part.strip()]
    codes = _loaded(value, "territory-shape")
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise BadInput("territory-shape", N_("The territory is a list of codes, such as commune:13004."))
    if len(codes) > MAX_TERRITORIES:
        raise BadInput("territory-many", N_("No more than {limit} territories."), limit=MAX_TERRITORIES)
    for code in codes:
        if not known(code):
            raise BadInput("territory-unknown", N_("Unknown territory “{territory}”."), territory=code[:80])
    return dump(list(dict.fromkeys(codes)))


def clean_dates(value: Any) -> str:
    """``[{"type": "creation|publication|revision", "date": "YYYY-MM-DD"}]`` (ISO 19115 ``CI_Date``)."""
    dates = _loaded(value, "dates-shape")
    if not isinstance(dates, list):
        raise BadInput("dates-shape", N_("The dates are a list of types and days."))
    cleaned = []
    for item in dates:
        if not isinstance(item, dict) or set(item) != {"type", "date"}:
            raise BadInput("dates-shape", N_("The dates are a list of types and days."))
        kind = clean_choice(item["type"], DATE_TYPES)
        cleaned.append({"type": kind, "date": _day(item["date"])})
    return dump(cleaned)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise BadInput(
            "date-shape", N_("“{value}” is not a day of the form YYYY-MM-DD."), value=str(value)[:40]
        ) from error


def clean_layers(value: Any) -> str:
    """A list of layer names."""
    layers = _loaded(value, "layers-shape")
    if not isinstance(layers, list) or not all(isinstance(name, str) for name in layers):
        raise BadInput("layers-shape", N_("The layers are a list of names."))
    if len(layers) > MAX_LAYERS:
        raise BadInput("layers-many", N_("No more than {limit} layers."), limit=MAX_LAYERS)
    return dump(layers)


def clean_columns(value: Any) -> str:
    """``[{"name": …, "type": …}]``; types are those of ``facts.Column``."""
    columns = _loaded(value, "columns-shape")
    if not isinstance(columns, list) or len(columns) > MAX_COLUMNS:
        raise BadInput(
            "columns-shape",
            N_("The columns are a list of at most {limit} names and types."),
            limit=MAX_COLUMNS,
        )
    cleaned = []
    for column in columns:
        if (
            not isinstance(column, dict)
            or not isinstance(column.get("name"), str)
            or set(column) - {"name", "type"}
        ):
            raise BadInput(
                "columns-shape",
                N_("The columns are a list of at most {limit} names and types."),
                limit=MAX_COLUMNS,
            )
        cleaned.append(
            {"name": column["name"], "type": clean_choice(column.get("type", "string"), COLUMN_TYPES)}
        )
    return dump(cleaned)


def clean_extent(value: Any) -> str:
    """``[west, south, east, north]`` in degrees, WGS 84; west may exceed east across the antimeridian."""
    extent = _loaded(value, "extent-shape")
    if not isinstance(extent, list | tuple) or len(extent) != 4 or not all(_is_number(n) for n in extent):
        raise BadInput(
            "extent-shape", N_("The extent is four numbers: west, south, east, north, in degrees.")
        )
    west, south, east, north = (round(float(n), COORDINATE_DECIMALS) for n in extent)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput("extent-range", N_("The extent is outside the degrees of the globe."))
    return dump([west, south, east, north])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def clean_crs(value: Any) -> str:
    """``EPSG:n`` from any of its usual spellings (short, URN, URI)."""
    found = _EPSG.fullmatch(str(value).strip())
    if not found:
        raise BadInput(
            "crs-shape", N_("“{value}” is not an EPSG code such as EPSG:2154."), value=str(value)[:80]
        )
    return f"EPSG:{int(found.group(1))}"


def clean_count(value: Any) -> int:
    """A whole number, zero included."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,18}", str(value).strip()):
        raise BadInput("count-shape", N_("“{value}” is not a whole number."), value=str(value)[:40])
    return int(str(value).strip())


def clean_geojson(value: Any) -> str:
    """A GeoJSON geometry in WGS 84 longitude and latitude (RFC 7946), valid, two dimensions, rounded."""
    import shapely  # here: it brings numpy, and most forms have no geometry to clean
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping, shape

    geometry = _loaded(value, "spatial-shape")
    if not isinstance(geometry, dict) or "type" not in geometry:
        raise BadInput("spatial-shape", N_("The extent is not a GeoJSON geometry."))
    try:
        read = shapely.force_2d(shape(geometry))
        rounded = shapely.set_precision(read, 10**-COORDINATE_DECIMALS) if read.is_valid else None
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise BadInput("spatial-shape", N_("The extent is not a GeoJSON geometry.")) from error
    if rounded is None or rounded.is_empty:
        raise BadInput("spatial-invalid", N_("The geometry of the extent is empty or crosses itself."))
    west, south, east, north = rounded.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BadInput(
            "spatial-range", N_("The extent is not in degrees of longitude and latitude (WGS 84).")
        )
    return dump(_plain(mapping(rounded.normalize())))


def _plain(node: Any) -> Any:
    """Lists for tuples, coordinates at their written precision."""
    if isinstance(node, dict):
        return {key: _plain(child) for key, child in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(child) for child in node]
    return round(node, COORDINATE_DECIMALS) + 0.0 if isinstance(node, float) else node


def geojson_of_extent(extent: tuple[float, float, float, float]) -> str:
    """The rectangle of ``extent`` (west, south, east, north, degrees) as GeoJSON; a flat one becomes its
    point or line."""
    west, south, east, north = (round(n, COORDINATE_DECIMALS) for n in extent)
    if west == east and south == north:
        return clean_geojson({"type": "Point", "coordinates": [west, south]})
    if west == east or south == north:
        return clean_geojson({"type": "LineString", "coordinates": [[west, south], [east, north]]})
    ring = [[east, south], [east, north], [west, north], [west, south], [east, south]]
    return clean_geojson({"type": "Polygon", "coordinates": [ring]})
