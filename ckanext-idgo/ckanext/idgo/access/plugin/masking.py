"""Masks put on, and taken off for those who may see.

The index holds the public view only, so that no search parameter (``fl``, facets, ``q=res_url:…``) can name
what is not there; those who may see get the rest from the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.dictization import model_dictize
from ckan.logic.schema import default_show_package_schema
from flask import g, has_request_context
from sqlalchemy.orm import joinedload

from ckanext.idgo.access.core.decide import Reason, Verdict, Viewer
from ckanext.idgo.access.core.locators import for_export, is_lent, lend
from ckanext.idgo.access.core.masks import (
    hides_anything,
    is_masked,
    mask_dataset,
    mask_resource,
    reason_to_lock,
    restore_hidden,
    strip_marks,
)
from ckanext.idgo.access.plugin.verdicts import verdicts

#: Index fields that repeat the resources, and may: name, description and format are public.
_PUBLIC_INDEX_FIELDS = frozenset({"res_name", "res_description", "res_format"})


def mask_index(document: dict[str, Any]) -> dict[str, Any]:
    """The Solr document with the public view only: both stored dicts and every ``res_*`` field."""
    plain = json.loads(document["data_dict"])
    if not plain.get("resources"):
        return document
    locked = [reason_to_lock(r, plain) is not None for r in plain["resources"]]
    for key in ("data_dict", "validated_data_dict"):
        document[key] = json.dumps(mask_dataset(json.loads(document[key])))
    for key, values in document.items():
        if key.startswith("res_") and key not in _PUBLIC_INDEX_FIELDS and isinstance(values, list):
            aligned = len(values) == len(locked)
            document[key] = ["" if not aligned or locked[i] else value for i, value in enumerate(values)]
    return document


def _needs_judging(dataset: dict[str, Any]) -> bool:
    published = dataset.get("state") == "active" and dataset.get("private") is False
    resources = dataset.get("resources") or []
    return not published or hides_anything(dataset) or any(is_masked(r) for r in resources)


def stored_dataset(package_id: str, schema: Any = None) -> dict[str, Any]:
    """The whole dataset from the database, by CKAN's own road and the schema of the caller's."""
    context: Any = {"ignore_auth": True, "use_cache": False, "user": "", "auth_user_obj": None}
    if schema is not None:
        context["schema"] = schema
    return tk.get_action("package_show")(context, {"id": package_id})


def show(dataset: dict[str, Any], viewer: Viewer, *, internal: bool, schema: Any = None) -> None:
    """Finish a ``package_show`` in place: mask for this viewer, or bring back what the index has not."""
    resources = dataset.get("resources")
    if not resources or not _needs_judging(dataset):
        return
    if internal:
        allowed = {r["id"] for r in resources}
        answers = {}
    else:
        answers = verdicts(viewer, [r["id"] for r in resources])
        allowed = {rid for rid, answer in answers.items() if answer.allowed}
    stored: dict[str, Any] = {}
    if any(is_masked(r) and r["id"] in allowed for r in resources):
        stored = {r["id"]: r for r in stored_dataset(dataset["id"], schema)["resources"]}
    dataset["resources"] = [
        allowed_view(stored.get(r["id"], r), answers.get(r["id"]))
        if r["id"] in allowed
        else mask_resource(r, answers[r["id"]].reason)
        for r in resources
    ]
    if any(answer.allowed and answer.reason is not Reason.OPEN for answer in answers.values()):
        _keep_out_of_caches()


def allowed_view(resource: dict[str, Any], answer: Verdict | None) -> dict[str, Any]:
    """A resource whose content this viewer may have; ``answer`` is ``None`` for the server itself."""
    whole = strip_marks(resource)
    return lend(whole, answer.reason, str(tk.config["ckan.site_url"])) if answer else whole


def refused_view(resource: dict[str, Any], answer: Verdict) -> dict[str, Any]:
    return mask_resource(resource, answer.reason)


def _keep_out_of_caches() -> None:
    """An answer that carries what others may not see must not be kept by a proxy on the way."""
    if has_request_context():
        g.idgo_no_store = True


def mask_results(results: Iterable[Any]) -> list[Any]:
    """Search results as anybody may see them, even out of an index older than this plugin."""
    return [mask_dataset(r) if isinstance(r, dict) and "resources" in r else r for r in results]


def _validated(dataset_type: str, rows: list[Any], default_schema: bool) -> dict[str, dict[str, Any]]:
    """Rows of ``resource`` by id, as ``package_show`` would give them, without reading a dataset again. Those
    of all datasets of a type at once: a run through the schema costs more than the resources in it."""
    context: Any = {"model": model, "session": model.Session, "user": "", "ignore_auth": True}
    dicts = [model_dictize.resource_dictize(row, context) for row in rows]
    for item in p.PluginImplementations(p.IResourceController):
        for resource in dicts:
            item.before_resource_show(resource)
    if default_schema:
        part = {"resources": default_show_package_schema()["resources"]}
        shown = tk.navl_validate({"resources": dicts}, part, context)[0]
    else:
        plugin = lib_plugins.lookup_package_plugin(dataset_type)
        draft = {"id": "", "name": "", "type": dataset_type, "resources": dicts}
        schema = plugin.show_package_schema()
        shown = lib_plugins.plugin_validate(plugin, context, draft, schema, "package_show")[0]
    return {resource["id"]: resource for resource in shown["resources"]}


def export_results(results: Iterable[Any]) -> list[Any]:
    """Search results as a copy for other catalogues reads them."""
    site_url = str(tk.config["ckan.site_url"])
    return [for_export(r, site_url) if isinstance(r, dict) and "resources" in r else r for r in results]


def locked_ids(results: list[Any]) -> list[str]:
    """Ids of the masked resources of search results."""
    datasets = (r for r in results if isinstance(r, dict) and r.get("type"))
    return [r["id"] for d in datasets for r in d.get("resources") or () if is_masked(r)]


def _rows(resource_ids: list[str]) -> dict[str, Any]:
    """Resources with their datasets, which CKAN's dictization reads: one query."""
    if not resource_ids:
        return {}
    _keep_out_of_caches()
    resource = model.Resource
    query = model.Session.query(resource).options(joinedload(resource.package))
    return {row.id: row for row in query.filter(resource.id.in_(resource_ids))}


def unlock_results(results: list[Any], viewer: Viewer, *, default_schema: bool) -> None:
    """Bring back in place what this viewer may see: two queries, however many the results."""
    locked = locked_ids(results)
    if not locked or not viewer.signed_in:
        return
    answers = verdicts(viewer, locked)
    rows = _rows([rid for rid in locked if answers[rid].allowed])
    datasets = [r for r in results if isinstance(r, dict) and r.get("resources") and r.get("type")]
    back = _brought_back(datasets, rows, default_schema)
    for dataset in datasets:
        dataset["resources"] = [
            allowed_view(back[r["id"]], answers[r["id"]])
            if r["id"] in back
            else (mask_resource(r, answers[r["id"]].reason) if is_masked(r) else r)
            for r in dataset["resources"]
        ]


def _brought_back(
    datasets: list[dict[str, Any]], rows: dict[str, Any], default_schema: bool
) -> dict[str, dict[str, Any]]:
    """The masked resources of ``datasets`` that have a row, whole."""
    by_type: dict[str, list[Any]] = {}
    for dataset in datasets:
        mine = [rows[r["id"]] for r in dataset["resources"] if is_masked(r) and r["id"] in rows]
        by_type.setdefault(dataset["type"], []).extend(mine)
    back: dict[str, dict[str, Any]] = {}
    for dataset_type, some in by_type.items():
        back |= _validated(dataset_type, some, default_schema) if some else {}
    return back


def keep_hidden(incoming: dict[str, Any], package_id: str, viewer: Viewer, *, internal: bool) -> None:
    """Before an update: put back what the sender could not see, and take our marks off. In place.

    Hidden means: the resource dict carries our mark, or this viewer may not see that resource.
    """
    resources = [r for r in incoming.get("resources") or [] if isinstance(r, dict) and r.get("id")]
    answers = {} if internal else verdicts(viewer, [r["id"] for r in resources])
    lent = [r for r in resources if is_lent({**r, "package_id": package_id}, str(tk.config["ckan.site_url"]))]
    hidden = [r for r in resources if is_masked(r) or (r["id"] in answers and not answers[r["id"]].allowed)]
    if hidden or lent:
        stored = {r["id"]: r for r in stored_dataset(package_id)["resources"]}
        for resource in lent:
            resource["url"] = stored.get(resource["id"], resource)["url"]
        for resource in hidden:
            restore_hidden(resource, stored.get(resource["id"], {}))
    for resource in resources:
        strip_marks(resource)
