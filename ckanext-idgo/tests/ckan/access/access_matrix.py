"""The surfaces, as data: each row of the design's matrix with the requests that try it.

A row builds requests for one dataset (``Sheet``); the tests send each as every actor, for every tier, and
look for canaries in every byte and header that comes back. ``shows`` says where an allowed actor must find
one, so that a row that answers nothing at all cannot pass for a closed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any
from urllib.parse import quote

from access_world import Sheet

API = "/api/3/action"


@dataclass(frozen=True)
class Ask:
    """A request that is more than a path to get."""

    path: str
    method: str = "POST"
    json: Any = None
    form: dict[str, str] = made(default_factory=dict)
    headers: dict[str, str] = made(default_factory=dict)


Build = Callable[[Sheet], Iterator["str | Ask"]]


@dataclass(frozen=True)
class Row:
    """``shows``: where an allowed actor must find a canary; ``light``: a whole page or many requests, tried
    as those whose rights differ (the others in ``make soak``)."""

    number: str
    name: str
    build: Build
    shows: str | None = None
    light: bool = False


def _each(*templates: str) -> Build:
    """One request per resource; ``{id} {name} {rid} {vid} {file} {act}`` are filled in."""

    def build(sheet: Sheet) -> Iterator[str]:
        for kind, rid in sheet.everything.items():
            view = sheet.views.get(kind) or next(iter(sheet.table_views.values()), "none")
            known = {"id": sheet.id, "name": sheet.name, "act": sheet.activity}
            for template in templates:
                yield template.format(rid=rid, vid=view, **known)

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
    stored = ("data_dict", "validated_data_dict", "*", "text", "urls", "extras_*")
    for field in ("res_url", "res_extras_hash", *stored):
        yield f"{API}/package_search?q={only}&fl={quote(field)}"


def _facets(sheet: Sheet) -> Iterator[str]:
    extras = ("res_extras_hash", "res_extras_columns")
    for field in ("res_url", "urls", "text", "res_description", "res_name", *extras):
        yield f"{API}/package_search?rows=0&facet.field=" + quote(f'["{field}"]')
        yield f"{API}/package_search?rows=0&facet.limit=-1&facet.field=" + quote(f'["{field}"]')


def _owned(*templates: str) -> Build:
    """One request per tracked file (``{file}``), with the resource or dataset that owns it."""

    def build(sheet: Sheet) -> Iterator[str]:
        for owner, file in sheet.files.items():
            owner_id = sheet.resources["upload"] if owner == "resource" else sheet.id
            for template in templates:
                yield template.format(file=file, owner=owner, owner_id=owner_id)

    return build


def _files(owner: str) -> Build:
    def build(sheet: Sheet) -> Iterator[str]:
        if owner in sheet.files:
            yield f"/file/download/{sheet.files[owner]}"

    return build


def _public(sheet: Sheet) -> Iterator[str]:
    if "upload" in sheet.resources:
        rid = sheet.resources["upload"]
        yield f"/file/public-download/resources/{rid[:3]}/{rid[3:6]}/{rid[6:]}"
        yield f"/file/public-download/default/resources/{rid[:3]}/{rid[3:6]}/{rid[6:]}"
        yield f"/file/public-download/default/{rid[:3]}/{rid[3:6]}/{rid[6:]}"
    for owner in sheet.files:
        yield f"/file/public-download/default/{owner}-{sheet.tier}.csv"


def _trusted(sheet: Sheet) -> Iterator[str]:
    from ckan.lib.api_token import encode_token

    for owner, file in sheet.files.items():
        yield "/file/trusted-download/" + encode_token({"aud": "trusted_download", "sub": file})
        where = {"location": f"{owner}-{sheet.tier}.csv", "storage": "default"}
        yield "/file/trusted-download/" + encode_token({"aud": "trusted_download", **where})


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
    Row("3", "package_search fl", _fields, light=True),
    Row("4", "package_search facets", _facets, light=True),
    Row(
        "6",
        "current_package_list_with_resources",
        _once(API + "/current_package_list_with_resources?limit=100"),
    ),
    Row("7", "resource_show", _each(API + "/resource_show?id={rid}"), shows="can"),
    Row("8", "resource_search", _once(API + "/resource_search?query=name:Fichier"), shows="canurl"),
    Row(
        "9",
        "datasets within organisations and users",
        _once(
            API + "/organization_list?all_fields=true&include_extras=true",
            API + "/organization_show?id=producteur&include_datasets=true",
            API + "/user_show?id=deposante&include_datasets=true",
            API + "/user_activity_list?id=deposante&limit=100",
            API + "/organization_activity_list?id=producteur&limit=100",
            "/organization/producteur",
            "/organization/activity/producteur",
            "/user/deposante",
            "/user/activity/deposante",
            API + "/package_autocomplete?q=fiche",
            API + "/dataset_followee_list?id=nobody",
        ),
        light=True,
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
            "/dataset/changes_multiple?new_id={act}&old_id={act}&current_new_id={act}",
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
        light=True,
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
        _each("/dataset/{name}/resource/{rid}/view/?resource_view=%7B%22view_type%22%3A%22image_view%22%7D"),
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
        light=True,
    ),
    Row(
        "28",
        "feeds",
        _once("/feeds/dataset.atom", "/feeds/custom.atom?q=fiche", "/feeds/tag/x.atom"),
    ),
    Row("32", "tracked files of a resource", _files("resource"), shows="canbytes"),
    Row("33", "tracked files of a dataset", _files("package"), shows="canbytes"),
    Row("34", "storage that is public", _public, shows="canbytes"),
    Row("35", "trusted links", _trusted, shows="canbytes"),
    Row(
        "36",
        "file_show, file_owner_scan",
        _owned(
            API + "/file_show?id={file}",
            API + "/file_owner_scan?owner_type={owner}&owner_id={owner_id}",
        ),
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
