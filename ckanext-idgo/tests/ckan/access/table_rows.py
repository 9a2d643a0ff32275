"""Rows 14 to 19, 22, 26 to 30 and 38: surfaces of the plugins that are loaded for the whole matrix."""

# ruff: noqa: S608 (statements sent as data, to be refused)

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

from access_matrix import API, Ask, Build, Row
from access_world import Sheet, canary


def _table(*templates: str) -> Build:
    """For datasets with a table: ``{rid} {alias} {column} {name} {id}`` filled in."""

    def build(sheet: Sheet) -> Iterator[str]:
        if sheet.table:
            column = canary("cancolumn", sheet.tier)
            known = {"id": sheet.id, "name": sheet.name, "alias": sheet.alias, "column": column}
            for template in templates:
                yield template.format(rid=sheet.table, **known)

    return build


def _bodies(sheet: Sheet) -> Iterator[Ask]:
    if not sheet.table:
        return
    for name in (sheet.table, sheet.alias):
        for more in ({}, {"limit": 0}, {"q": "b"}, {"records_format": "csv"}, {"distinct": True}):
            yield Ask(f"{API}/datastore_search", json={"resource_id": name, **more})
    yield Ask(f"{API}/datastore_search", json={"resource_id": sheet.table, "sort": "n desc", "fields": ["n"]})
    yield Ask(f"{API}/datastore_search", json={"resource_id": sheet.table, "fields": ["nothing"]})
    yield Ask(f"{API}/datastore_search", json={"resource_id": sheet.table, "filters": {"nothing": 1}})


def _sql(sheet: Sheet) -> Iterator[Ask]:
    if not sheet.table:
        return
    rid, column = sheet.table, canary("cancolumn", sheet.tier)
    for statement in (
        f'SELECT * FROM "{rid}"',
        f'SELECT * FROM "{sheet.alias}"',
        f'SELECT count(*) FROM "{rid}"',
        f'SELECT (SELECT max("{column}") FROM "{rid}") AS x',
        f'SELECT nothing FROM "{rid}"',
        f'SELECT {column[:-1]} FROM "{rid}"',
        f'WITH a AS (SELECT * FROM "{rid}") SELECT * FROM a',
        f'SELECT 1 WHERE EXISTS (SELECT 1 FROM public."{rid}")',
        f'SELECT CAST((SELECT "{column}" FROM "{rid}" LIMIT 1) AS int)',
        f"SELECT * FROM query_to_xml('SELECT * FROM \"{rid}\"', true, true, '')",
    ):
        yield Ask(f"{API}/datastore_search_sql", json={"sql": statement})
        yield f"{API}/datastore_search_sql?sql={quote(statement)}"


def _catalogues(sheet: Sheet) -> Iterator[str]:
    """What lists all tables, columns or statistics of them."""
    for table in (
        '"_table_metadata"',
        "pg_stats",
        "pg_catalog.pg_stats",
        "pg_catalog.pg_attribute",
        "information_schema.columns",
        "information_schema.views",
        '"_table_stats"',
    ):
        yield f"{API}/datastore_search_sql?sql=" + quote(f"SELECT * FROM {table}")
    yield f"{API}/datastore_search?resource_id=_table_metadata"
    yield f"{API}/datastore_search?resource_id=_table_metadata&q={sheet.table}"
    yield f"{API}/datastore_search?resource_id=_table_stats"
    yield f"{API}/datastore_info?id=_table_metadata"
    yield "/datastore/dump/_table_metadata"
    yield "/datastore/dump/_table_metadata?format=json"
    yield "/datastore/api_info/_table_metadata"


def _datatables(sheet: Sheet) -> Iterator[Ask]:
    view = sheet.table_views.get("datatables_view")
    if not view:
        return
    form = {"draw": "1", "search[value]": "", "start": "0", "length": "10"}
    yield Ask(f"/datatables/ajax/{view}", form=form)
    yield Ask(f"/datatables/ajax/{view}", form={**form, "order[0][column]": "0", "order[0][dir]": "desc"})
    params = {"search": {"value": ""}, "order": [], "visible": [True, True, True], "columns": []}
    for kind in ("csv", "json"):
        yield Ask(
            f"/datatables/filtered-download/{view}", form={"params": json.dumps(params), "format": kind}
        )


def _views(sheet: Sheet) -> Iterator[str]:
    for kind, view in sheet.table_views.items():
        yield f"{API}/resource_view_show?id={view}"
        yield f"/dataset/{sheet.name}/resource/{sheet.table}/view/{view}"
        yield f"/dataset/{sheet.name}/resource/{sheet.table}?view_id={view}"
        forged = quote(json.dumps({"view_type": kind, "title": "x"}))
        yield f"/dataset/{sheet.name}/resource/{sheet.table}/view/?resource_view={forged}"


def _proxies(sheet: Sheet) -> Iterator[str]:
    for rid in sheet.everything.values():
        for name in (sheet.name, "fiche-open"):
            yield f"/dataset/{name}/resource/{rid}/proxy"


def _original(*templates: str) -> Build:
    def build(sheet: Sheet) -> Iterator[str]:
        if sheet.original:
            for template in templates:
                yield template.format(object=sheet.original, id=sheet.id, name=sheet.name)

    return build


def _resources(*templates: str) -> Build:
    def build(sheet: Sheet) -> Iterator[str]:
        for rid in sheet.everything.values():
            for template in templates:
                yield template.format(rid=rid, name=sheet.name)

    return build


TABLE_ROWS: tuple[Row, ...] = (
    Row(
        "14",
        "datastore_search",
        _table(
            API + "/datastore_search?resource_id={rid}",
            API + "/datastore_search?resource_id={alias}",
            API + "/datastore_search?resource_id={rid}&include_total=true&limit=0",
        ),
        shows="canrow",
    ),
    Row("14p", "datastore_search as POST", _bodies, shows="canrow"),
    Row("15", "datastore_search_sql", _sql, shows="canrow"),
    Row(
        "16",
        "datastore_info",
        _table(API + "/datastore_info?id={rid}"),
        shows="cancolumn",
    ),
    Row("16a", "datastore_info by alias", _table(API + "/datastore_info?id={alias}"), shows="cancolumn"),
    Row(
        "17",
        "datastore dump",
        _table(
            "/datastore/dump/{rid}",
            "/datastore/dump/{rid}?format=tsv",
            "/datastore/dump/{rid}?format=json&limit=1",
            "/datastore/dump/{rid}?format=xml&bom=true",
            "/datastore/dump/{rid}?fields=n&sort=n",
        ),
        shows="canrow",
    ),
    Row("17a", "datastore dump by alias", _table("/datastore/dump/{alias}"), shows="canrow"),
    Row(
        "17d",
        "data dictionary, help of the API, loader",
        _table(
            "/dataset/{name}/dictionary/{rid}",
            "/datastore/api_info/{rid}",
            "/datastore/api_info/{alias}",
            "/dataset/{name}/resource_data/{rid}",
            "/dataset/{name}/tabledesigner/{rid}/add-row",
            "/dataset/{name}/tabledesigner/{rid}/edit-row?_id=1",
            "/dataset/{name}/tabledesigner/{rid}/delete-rows?_id=1",
            API + "/datapusher_status?resource_id={rid}",
        ),
        light=True,
    ),
    Row("18", "lists of all tables", _catalogues),
    Row("19", "datatables", _datatables),
    Row("22", "resource proxy", _proxies),
    Row("23", "service proxy (stand-in)", _resources("/dataset/{name}/resource/{rid}/service_proxy"), "can"),
    Row("24t", "views of a table", _views, light=True),
    Row(
        "26",
        "croissant, JSON-LD",
        _original(
            "/dataset/{name}/croissant.jsonld",
            "/dataset/{name}.jsonld?profiles=croissant",
            API + "/dcat_catalog_search?format=jsonld&profiles=croissant",
            "/dcat.json",
            API + "/dcat_datasets_list",
        ),
        light=True,
    ),
    Row("27", "croissant columns", _original("/dataset/{name}/croissant.jsonld"), shows="cancolumn"),
    Row(
        "29",
        "harvested objects",
        _original(
            API + "/harvest_object_show?id={object}",
            API + "/harvest_object_show?dataset_id={id}",
            "/harvest/object/{object}",
            "/dataset/harvest_object/{id}",
            API + "/harvest_object_list",
        ),
    ),
    Row(
        "30",
        "harvested originals",
        _original(
            "/harvest/object/{object}/original",
            "/harvest/object/{object}/html",
            "/harvest/object/{object}/html/original",
            "/api/2/rest/harvestobject/{object}/xml",
            "/api/2/rest/harvestobject/{object}/html",
        ),
    ),
    Row(
        "38",
        "validation reports (stand-in)",
        _resources(
            API + "/resource_validation_show?resource_id={rid}", "/dataset/{name}/resource/{rid}/validation"
        ),
        shows="can",
    ),
    Row("s", "statistics", lambda sheet: iter(("/stats",))),
)

#: Guesses of a column, an alias, a cell: right or wrong, the same answer.
TABLE_ORACLES: tuple[tuple[str, str], ...] = (
    ("14", API + "/datastore_search?resource_id={guess}"),
    ("14", API + "/datastore_search?resource_id={rid}&q={guess}"),
    ("14", API + "/datastore_search?resource_id={rid}&fields={guess}"),
    ("14", API + "/datastore_search?resource_id={rid}&sort={guess}"),
    ("14", API + '/datastore_search?resource_id={rid}&filters={{"{guess}":"b"}}'),
    ("15", API + "/datastore_search_sql?sql=SELECT%20*%20FROM%20%22{guess}%22"),
    ("15", API + "/datastore_search_sql?sql=SELECT%20{guess}%20FROM%20%22{rid}%22"),
    ("16", API + "/datastore_info?id={guess}"),
    ("17", "/datastore/dump/{guess}"),
    ("17", "/datastore/dump/{rid}?fields={guess}"),
    ("17", "/datastore/dump/{rid}?sort={guess}"),
    ("17", "/datastore/api_info/{guess}"),
    ("18", API + "/datastore_search?resource_id=_table_metadata&q={guess}"),
)
