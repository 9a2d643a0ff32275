"""The surfaces, as data: each row of the design's matrix with the requests that try it.

A row builds requests for one dataset (``Sheet``); the tests send each as every actor, for every tier, and look for
canaries in every byte and header that comes back. ``shows`` says where an allowed actor must find one, so that
a row that answers nothing at all cannot pass for a closed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from access_world import KINDS, Sheet

API = "/api/3/action"
Build = Callable[[Sheet], Iterator[str]]


@dataclass(frozen=True)
class Row:
    number: str
    name: str
    build: Build
    shows: str | None = None


def _each(template: str) -> Build:
    """One request per resource; ``{id} {name} {rid} {vid} {file} {act}`` are filled in."""

    def build(sheet: Sheet) -> Iterator[str]:
        for kind in KINDS:
            if kind in sheet.resources:
                yield template.format(
                    id=sheet.id,
                    name=sheet.name,
                    rid=sheet.resources[kind],
                    vid=sheet.views.get(kind, "none"),
                    act=sheet.activity,
                )

    return build


def _once(*templates: str) -> Build:
    def build(sheet: Sheet) -> Iterator[str]:
        for template in templates:
            yield template.format(id=sheet.id, name=sheet.name, act=sheet.activity)

    return build


def _search(sheet: Sheet) -> Iterator[str]:
    only = quote(f'name:"{sheet.name}"')
    yield f"{API}/package_search?q={only}"
    yield f"{API}/package_search?q={only}&use_default_schema=true"
    yield f"/dataset/?q={only}"
    yield f"/api/action/package_search?q={only}&callback=f"


def _fields(sheet: Sheet) -> Iterator[str]:
    only = quote(f'name:"{sheet.name}"')
    for field in ("res_url", "data_dict", "validated_data_dict", "*", "res_extras_hash", "text", "urls", "extras_*"):
        yield f"{API}/package_search?q={only}&fl={quote(field)}"


def _facets(sheet: Sheet) -> Iterator[str]:
    for field in ("res_url", "urls", "text", "res_extras_hash", "res_extras_columns", "res_description", "res_name"):
        yield f"{API}/package_search?rows=0&facet.field=" + quote(f'["{field}"]')
        yield f"{API}/package_search?rows=0&facet.limit=-1&facet.field=" + quote(f'["{field}"]')


ROWS: tuple[Row, ...] = (
    Row(
        "1",
        "package_show",
        _once(
            API + "/package_show?id={name}",
            API + "/package_show?id={id}&use_default_schema=true",
            "/api/action/package_show?id={name}",
            API + "/package_show?id={name}&include_plugin_data=true",
        ),
        shows="canurl",
    ),
    Row("1j", "package_show as JSONP", _once("/api/3/action/package_show?id={name}&callback=f")),
    Row("2", "package_search", _search, shows="canurl"),
    Row("3", "package_search fl", _fields),
    Row("4", "package_search facets", _facets),
    Row("6", "current_package_list_with_resources", _once(API + "/current_package_list_with_resources?limit=100")),
    Row("7", "resource_show", _each(API + "/resource_show?id={rid}"), shows="can"),
    Row("8", "resource_search", _once(API + "/resource_search?query=name:Fichier"), shows="canurl"),
    Row(
        "9",
        "datasets within organisations and users",
        _once(
            API + "/organization_list?all_fields=true&include_extras=true",
            API + "/organization_show?id={org}&include_datasets=true".replace("{org}", "{id}"),
            API + "/package_autocomplete?q=fiche",
            API + "/dataset_followee_list?id=nobody",
        ),
    ),
    Row(
        "10",
        "resource views",
        _each(API + "/resource_view_list?id={rid}"),
        shows="canview",
    ),
    Row("10s", "resource_view_show", _each(API + "/resource_view_show?id={vid}"), shows="canview"),
    Row(
        "11",
        "activity lists",
        _once(
            API + "/package_activity_list?id={id}&limit=100",
            API + "/recently_changed_packages_activity_list?limit=100",
            API + "/dashboard_activity_list?limit=100",
            "/dataset/activity/{name}",
            "/dashboard/",
        ),
    ),
    Row(
        "12",
        "activity_show, data, diff, history, changes",
        _once(
            API + "/activity_show?id={act}&include_data=true",
            API + "/activity_data_show?id={act}",
            API + "/activity_data_show?id={act}&object_type=package",
            API + "/activity_diff?id={act}&object_type=package",
            "/dataset/{name}/history/{act}",
            "/dataset/changes/{act}",
            "/dataset/changes_multiple?new_id={act}&old_id={act}",
        ),
    ),
    Row("13", "resource history", _each("/dataset/{name}/resources/{rid}/history/{act}")),
    Row(
        "20",
        "download",
        _each("/dataset/{id}/resource/{rid}/download"),
        shows="can",
    ),
    Row("20n", "download by name", _each("/dataset/{name}/resource/{rid}/download/fichier.csv"), shows="can"),
    Row("20h", "download, other dataset", _each("/dataset/fiche-open/resource/{rid}/download")),
    Row("21", "link redirect", _each("/dataset/{name}/resource/{rid}/download/"), None),
    Row(
        "24",
        "pages",
        _once(
            "/dataset/{name}",
            "/dataset/{id}",
            "/dataset/edit/{name}",
            "/dataset/resources/{name}",
            "/dataset/groups/{name}",
            "/dataset/followers/{name}",
            "/",
        ),
    ),
    Row(
        "24r",
        "resource pages",
        _each("/dataset/{name}/resource/{rid}"),
        shows="can",
    ),
    Row("24v", "view frames", _each("/dataset/{name}/resource/{rid}/view/{vid}")),
    Row(
        "24f",
        "forged view",
        _each('/dataset/{name}/resource/{rid}/view/?resource_view=%7B%22view_type%22%3A%22image_view%22%7D'),
    ),
    Row("24e", "resource forms", _each("/dataset/{name}/resource/{rid}/edit")),
    Row("24w", "resource views form", _each("/dataset/{name}/resource/{rid}/views")),
    Row(
        "25",
        "DCAT",
        _once(
            "/dataset/{name}.rdf",
            "/dataset/{name}.ttl",
            "/dataset/{name}.jsonld",
            "/dataset/{name}.xml",
            "/dataset/{name}.n3",
            "/dataset/{name}.ttl?profiles=euro_dcat_ap_3",
            "/dataset/{name}.jsonld?profiles=schemaorg",
            "/catalog.ttl",
            "/catalog.xml",
            "/catalog.jsonld",
            API + "/dcat_dataset_show?id={name}&format=ttl",
            API + "/dcat_catalog_show?format=ttl",
            API + "/dcat_catalog_search?format=ttl",
        ),
    ),
    Row(
        "28",
        "feeds",
        _once("/feeds/dataset.atom", "/feeds/custom.atom?q=fiche", "/feeds/tag/x.atom"),
    ),
    Row("37", "task status", _each(API + "/task_status_show?entity_id={rid}&task_type=x&key=x")),
    Row("39", "ISO record", _once("/dataset/{name}/iso19139.xml")),
    Row("d", "decision", _each(API + "/idgo_access_decision_show?id={rid}")),
)

#: An answer must not depend on whether a guess about something hidden is right.
ORACLES: tuple[tuple[str, str], ...] = (
    ("5", API + "/package_search?rows=0&q=res_url:*{guess}*"),
    ("5", API + "/package_search?rows=0&q=urls:*{guess}*"),
    ("5", API + "/package_search?rows=0&q=text:{guess}"),
    ("5", API + "/package_search?rows=0&q={guess}"),
    ("5", API + "/package_search?rows=0&fq=res_url:*{guess}*"),
    ("5", API + "/package_search?rows=0&q=res_extras_hash:{guess}"),
    ("5", API + "/package_search?rows=0&q=res_extras_columns:*{guess}*"),
    ("8", API + "/resource_search?query=url:{guess}"),
    ("8", API + "/resource_search?query=hash:{guess}"),
    ("8", API + "/resource_search?query=columns:{guess}"),
    ("8", API + "/resource_search?query=cache_url:{guess}"),
    ("8", API + "/resource_search?query=name:Fichier&order_by=url&q={guess}"),
)
