"""GeoJSON, and JSON that is a plain table: read by streaming, GDAL never sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ckanext.idgo.forms.core.facts import Finding, Layer
from ckanext.idgo.forms.core.inspect import crs as projections
from ckanext.idgo.forms.core.inspect.encoding import detect_encoding
from ckanext.idgo.forms.core.inspect.geometry import Measure
from ckanext.idgo.forms.core.inspect.jsonstream import JsonStream
from ckanext.idgo.forms.core.inspect.location import Box, Plan, find_location, row_geometry
from ckanext.idgo.forms.core.inspect.messages import error, finding
from ckanext.idgo.forms.core.inspect.model import Content, Limits, Source
from ckanext.idgo.forms.core.inspect.records import Records, text_cell

_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_POINT_KEYS = (("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"))


def read_json(source: Source) -> Content:
    """Facts of a JSON file: format ``GeoJSON`` for RFC 7946, else ``JSON``."""
    encoding = detect_encoding(source.head, source.scan)
    stream = JsonStream(source.path, encoding, source.limits.max_json_value_bytes)
    try:
        content = _read(stream, source)
    finally:
        stream.close()
    content.encoding = encoding
    if stream.saw_nan:
        content.findings.append(finding("json_nan"))
    if encoding != "utf-8":
        content.findings.append(finding("json_not_utf8", encoding=encoding))
    return content


def read_items(source: Source, encoding: str) -> Iterator[Any]:
    """The features or records of a file already inspected, one at a time."""
    stream = JsonStream(source.path, encoding, source.limits.max_json_value_bytes)
    try:
        if stream.peek() == "[":
            yield from map(_flat_item, stream.elements())
            return
        rest: dict[str, Any] = {}
        for key in stream.members():
            stream.require(":")
            if key == "features" and stream.peek() == "[":
                yield from stream.elements()
                return
            rest[key] = stream.value()
        if rest.get("type") == "Feature" or rest.get("type") in _GEOMETRIES:
            yield (
                rest if rest["type"] == "Feature" else {"type": "Feature", "geometry": rest, "properties": {}}
            )
        else:
            yield from map(_flat_item, _find_table(rest, 3) or ())
    finally:
        stream.close()


def _flat_item(item: Any) -> Any:
    return _flat(item) if isinstance(item, dict) else item


def _read(stream: JsonStream, source: Source) -> Content:
    first = stream.peek()
    if first == "[":
        content = _table(source, stream.elements())
    elif first == "{":
        content = _object(stream, source)
    else:
        stream.value()
        content = _no_table()
    stream.finish()
    return content


def _object(stream: JsonStream, source: Source) -> Content:
    rest: dict[str, Any] = {}
    collection: _Collection | None = None
    for key in stream.members():
        stream.require(":")
        if key == "features" and stream.peek() == "[":
            collection = collection or _Collection(source)
            for item in stream.elements():
                collection.add(item)
        else:
            rest[key] = stream.value()
    kind = rest.get("type")
    if collection is not None and (kind == "FeatureCollection" or collection.objects):
        return collection.content(rest.get("crs"))
    if kind == "Feature" or (kind in _GEOMETRIES and ("coordinates" in rest or "geometries" in rest)):
        alone = _Collection(source)
        alone.add(rest if kind == "Feature" else {"type": "Feature", "geometry": rest, "properties": {}})
        return alone.content(rest.get("crs"))
    found = _find_table(rest, 3)
    content = _table(source, iter(found)) if found is not None else _no_table()
    if _is_gbfs(rest):
        content.family = "smart"
    return content


def _is_gbfs(document: dict) -> bool:
    """General Bikeshare Feed Specification: ``last_updated``, ``ttl`` and ``data`` are required."""
    return {"last_updated", "ttl", "data"} <= document.keys()


def _find_table(value: Any, depth: int) -> list[dict] | None:
    """The first longest list of objects in a document, at most ``depth`` levels down."""
    best: list[dict] | None = None
    for inner in value.values() if isinstance(value, dict) else ():
        found = None
        if isinstance(inner, list) and inner and all(isinstance(i, dict) for i in inner[:100]):
            found = inner
        elif isinstance(inner, dict) and depth > 1:
            found = _find_table(inner, depth - 1)
        if found is not None and (best is None or len(found) > len(best)):
            best = found
    return best


def _no_table() -> Content:
    return Content("JSON", "document", findings=[finding("no_table_in_json")])


class _Collection:
    """Features counted, measured and sampled as they pass."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.records = Records(source.limits)
        self.measure = Measure()
        self.features = self.objects = 0

    def add(self, feature: Any) -> None:
        self.features += 1
        if not isinstance(feature, dict):
            self.measure.broken += 1
            return
        self.objects += 1
        properties = feature.get("properties")
        self.records.add(properties if isinstance(properties, dict) else {})
        self.measure.add(feature.get("geometry"), self.features)

    def content(self, crs_member: Any) -> Content:
        if self.features and self.measure.broken == self.features:
            rows = ", ".join(map(str, self.measure.broken_rows))
            raise error("geometries_unusable", count=self.features, rows=rows)
        declared = _declared_crs(crs_member)
        bounds, findings = self.measure.bounds, _defects(self.measure, self.features)
        name = self.source.stem
        if declared not in (None, "EPSG:4326"):
            findings.append(finding("geojson_crs", crs=declared))
        elif bounds and self.measure.out_of_range:
            if self.measure.out_of_range > self.features / 2:
                declared = None  # these are not degrees: the standard's default cannot be meant
            findings.append(finding("coordinates_out_of_range", count=self.measure.out_of_range))
            bounds = bounds if declared is None and self.measure.out_of_range == self.features else None
        elif declared is None:
            declared = "EPSG:4326"
        placed = projections.place(name, declared, bounds, self.source.assume_crs)
        columns, kind = tuple(self.records.columns()), self.measure.type()
        layer = Layer(name, columns, self.features, kind, placed.crs, placed.extent, self.records.sample())
        if not self.features:
            findings.append(finding("empty_layer", name=name))
        return Content(
            "GeoJSON", "geographic", [layer], findings=[*findings, *placed.findings],
            dates=self.records.dates(), texts=self.records.texts(),
        )  # fmt: skip


def _defects(measure: Measure, features: int) -> list[Finding]:
    found = []
    if measure.broken:
        rows = ", ".join(map(str, measure.broken_rows))
        found.append(finding("broken_geometry", count=measure.broken, rows=rows))
    if measure.missing and measure.missing < features:
        found.append(finding("missing_geometry", count=measure.missing))
    return found


def _declared_crs(member: Any) -> str | None:
    """The ``crs`` member of GeoJSON 2008, still written by many tools (RFC 7946 dropped it)."""
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        return None
    if "CRS84" in name:
        return "EPSG:4326"
    match = re.search(r"EPSG:(?:[\d.]*:)?(\d+)$", name)
    return f"EPSG:{match.group(1)}" if match else name[:80]


def _table(source: Source, items: Iterator[Any]) -> Content:
    """A list of objects as a table (Opendatasoft's exports nest them under ``fields``)."""
    records, measure = Records(source.limits), Measure()
    head = []
    for item in items:
        head.append(item)
        if len(head) >= 500:
            break
    if not head or not all(isinstance(i, dict) for i in head):
        for _ in items:  # a mistake further on must still be found
            pass
        return _no_table()
    if all(i.get("type") == "Feature" and "geometry" in i for i in head):
        raise error("json_broken", position=0)
    for item in head:
        records.add(_flat(item))
    names, rows = records.rows()
    plan = find_location(names, rows)
    box = Box()
    point_key = None if plan else _point_member(head)
    records = Records(source.limits)
    for number, item in enumerate(chain(head, items), start=1):
        record = _flat(item) if isinstance(item, dict) else {}
        records.add(record)
        _measure_record(record, names, plan, point_key, box, measure, number)
    return _table_content(source, records, plan, point_key, box, measure)


def _flat(item: dict) -> dict:
    inner = item.get("fields")
    return {**{k: v for k, v in item.items() if k != "fields"}, **inner} if isinstance(inner, dict) else item


def _point_member(items: list[dict]) -> tuple[str, str] | None:
    """A member such as ``{"lon": …, "lat": …}`` or a GeoJSON geometry: its key, and how to read it."""
    for key, value in ((k, v) for item in items[:50] for k, v in _flat(item).items() if isinstance(v, dict)):
        if value.get("type") in _GEOMETRIES and "coordinates" in value:
            return key, "geojson"
        if any({x, y} <= value.keys() for x, y in _POINT_KEYS):
            return key, "lonlat"
    return None


def record_geometries(items: list[dict]) -> list[Any]:
    """The place of each record as a GeoJSON geometry, None where it has none."""
    records = Records(Limits())
    for item in items[:500]:
        records.add(item)
    names, rows = records.rows()
    plan = find_location(names, rows)
    point_key = None if plan else _point_member(items[:500])
    return [_record_geometry(item, names, plan, point_key) for item in items]


def _record_geometry(
    item: dict, names: list[str], plan: Plan | None, point_key: tuple[str, str] | None
) -> Any:
    if plan is not None:
        cells = {i: text_cell(item.get(names[i])) for i in plan.columns}
        geometry = row_geometry(plan, [cells.get(i, "") for i in range(len(names))])
        return None if geometry is None else json.loads(json.dumps(geometry.__geo_interface__))
    return _point_value(item.get(point_key[0]), point_key[1]) if point_key else None


def _point_value(value: Any, kind: str) -> Any:
    if kind == "lonlat" and isinstance(value, dict):
        pair = next(((x, y) for x, y in _POINT_KEYS if {x, y} <= value.keys()), None)
        return {"type": "Point", "coordinates": [value[pair[0]], value[pair[1]]]} if pair else None
    return value


def _measure_record(record, names, plan, point_key, box: Box, measure: Measure, number: int) -> None:
    if plan is not None:
        cells = [text_cell(record.get(names[i])) for i in plan.columns]
        if plan.kind in ("lonlat", "projected"):
            box.add_columns([cells[0]], [cells[1]], plan.kind == "lonlat")
        else:
            (box.add_wkt if plan.kind == "wkt" else box.add_latlon)(cells[0])
    elif point_key is not None:
        measure.add(_point_value(record.get(point_key[0]), point_key[1]), number)


def _table_content(source: Source, records: Records, plan, point_key, box: Box, measure: Measure) -> Content:
    located = plan is not None or point_key is not None
    bounds, declared = (box.bounds, plan.crs) if plan else (measure.bounds, "EPSG:4326")
    placed = projections.place(source.stem, declared, bounds, source.assume_crs)
    kind = (next(iter(box.types)) if len(box.types) == 1 else "Point") if plan else measure.type()
    layer = Layer(
        source.stem, tuple(records.columns()), records.count, kind if located else None,
        placed.crs if located else None, placed.extent if located else None, records.sample(),
    )  # fmt: skip
    findings = [*(placed.findings if located else ()), *_defects(measure, records.count)]
    return Content(
        "JSON", "geographic" if located else "statistical", [layer], findings=findings,
        dates=records.dates(), texts=records.texts(),
    )  # fmt: skip
