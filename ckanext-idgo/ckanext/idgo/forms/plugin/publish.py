"""From a draft to the catalogue, through CKAN's own actions: new dataset, new file, or edited fields."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from ckan.types import Context, ErrorDict
from werkzeug.datastructures import FileStorage

from ckanext.idgo.common.core.errors import N_, BadInput, IdgoError
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core import deposit_derive as derive
from ckanext.idgo.forms.core.deposit_fields import conflicts, problems, values_of, with_typed
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.plugin import config, drafts, edge, store
from ckanext.idgo.forms.plugin.model import DONE, DRAFT, Deposit

log = logging.getLogger(__name__)


def submit(
    context: Context, deposit: Deposit, choices: dict[str, str], seen: str | None = None
) -> dict[str, Any]:
    """Check, claim the draft (a double click publishes once), publish; on failure it is a draft again."""
    dataset = _current(context, deposit)
    if deposit.kind == "edit" and dataset:
        _settle(deposit, dataset, choices if seen == dataset["metadata_modified"] else {})
    facts = _facts(deposit)
    _check(deposit, any(fact.extent for fact in facts) or bool(dataset and dataset.get("spatial")))
    if deposit.kind == "new" and "name" not in deposit.base:
        name = derive.dataset_name(
            deposit.fields["title"]["value"], lambda n: ckan_model.Package.get(n) is not None
        )
        deposit.base = {**deposit.base, "name": name}
    deposit.state = drafts.SENDING
    deposit.touch()
    ckan_model.Session.commit()
    deposit_id = deposit.id
    try:
        published = _publish(context, deposit, facts, dataset)
    except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound, IdgoError, OSError):
        ckan_model.Session.rollback()
        _back_to_draft(deposit_id)
        raise
    return published


def _current(context: Context, deposit: Deposit) -> dict[str, Any] | None:
    if not deposit.dataset_id:
        return None
    return tk.get_action("package_show")(tk.fresh_context(context), {"id": deposit.dataset_id})


def _check(deposit: Deposit, located: bool) -> None:
    errors: ErrorDict = {
        field: [edge.message(error)] for field, error in problems(deposit.fields, located).items()
    }
    if deposit.kind != "edit":
        file_error = _file_problem(deposit.file())
        if file_error:
            errors["file"] = [file_error]
    if errors:
        ckan_model.Session.commit()  # what was typed stays, whatever is missing
        raise tk.ValidationError(errors)


def _file_problem(file: dict[str, Any] | None) -> str | None:
    if not file:
        return tk._("Give a file or an address.")
    if file["state"] == "refused":
        return edge.message(file["error"])
    if file["state"] != "read":
        return tk._("The file is still being read: wait a moment, then send.")
    return None


def _facts(deposit: Deposit) -> list[FileFacts]:
    return [FileFacts.from_dict(file["facts"]) for file in deposit.files if file.get("facts")]


def _settle(deposit: Deposit, dataset: dict[str, Any], choices: dict[str, str]) -> None:
    """Somebody saved since this edit was opened: say it with both versions, or apply what was chosen.

    ``choices`` are those made on the version that is online now: a third save asks again.
    """
    if dataset["metadata_modified"] == deposit.base.get("metadata_modified"):
        return
    theirs = drafts.values_of_dataset(dataset)
    rows = conflicts(deposit.base["values"], values_of(deposit.fields), theirs)
    if rows and not all(choices.get(row["field"]) in ("mine", "theirs") for row in rows):
        ckan_model.Session.commit()
        raise tk.ValidationError(
            {
                "conflict": [
                    tk._("Somebody saved this dataset while you were editing it. Choose, field by field.")
                ],
                "conflict_fields": [*rows],
                "conflict_seen": [dataset["metadata_modified"]],
            }
        )
    taken = {row["field"]: row["theirs"] for row in rows if choices[row["field"]] == "theirs"}
    deposit.fields = with_typed(deposit.fields, taken)
    deposit.base = {**deposit.base, "metadata_modified": dataset["metadata_modified"], "values": theirs}


def _publish(
    context: Context, deposit: Deposit, facts: list[FileFacts], dataset: dict[str, Any] | None
) -> dict[str, Any]:
    fields = derive.dataset_from_fields(
        deposit.fields, facts, date.today().isoformat(), Territories.load(), dataset
    )
    with ExitStack() as stack:
        if dataset is None:
            published = _create(context, deposit, fields, facts[0], stack)
        elif deposit.kind == "replace":
            published = _replace(context, deposit, dataset, fields, facts[0], stack)
        else:
            published = _update(context, dataset, fields)
    _done(deposit, published["id"])
    return published


def _upload(deposit: Deposit, filename: str, stack: ExitStack) -> FileStorage:
    file = deposit.file() or {}
    stream = stack.enter_context(store.path_of(deposit.id, file["upload"]).open("rb"))
    return FileStorage(stream=stream, filename=filename)


def _resource(deposit: Deposit, facts: FileFacts, stack: ExitStack) -> dict[str, Any]:
    file = deposit.file() or {}
    resource = derive.resource_from_facts(facts)
    if file.get("url") and not file.get("copy"):
        return {**resource, "url": file["url"], "url_type": ""}
    upload = _upload(deposit, file["filename"], stack)
    return {**resource, "url": file["filename"], "url_type": "upload", "upload": upload}


def _create(
    context: Context, deposit: Deposit, fields: dict[str, Any], facts: FileFacts, stack: ExitStack
) -> dict[str, Any]:
    """Created hidden, shown once the file is in place: a reader never sees a dataset without its file."""
    name = deposit.base["name"]
    begun = ckan_model.Package.get(name)
    if begun is None:
        creating = tk.fresh_context(context)
        creating["allow_state_change"] = True  # type: ignore[typeddict-unknown-key]
        fields = {**fields, "name": name, "type": "dataset", "state": "draft"}
        draft = tk.get_action("package_create")(creating, fields)
    else:  # a previous attempt died here
        draft = tk.get_action("package_show")(tk.fresh_context(context), {"id": begun.id})
    if draft["state"] == "active":
        return draft
    patch = {"id": draft["id"], "state": "active", "resources": [_resource(deposit, facts, stack)]}
    try:
        return tk.get_action("package_patch")(tk.fresh_context(context), patch)
    except (tk.ValidationError, OSError):
        ckan_model.Session.rollback()
        purging = tk.fresh_context(context)
        purging["ignore_auth"] = True  # what was created above, by this very request
        tk.get_action("dataset_purge")(purging, {"id": draft["id"]})
        raise


def _replace(
    context: Context,
    deposit: Deposit,
    dataset: dict[str, Any],
    fields: dict[str, Any],
    facts: FileFacts,
    stack: ExitStack,
) -> dict[str, Any]:
    before = next((r for r in dataset["resources"] if r["id"] == deposit.resource_id), None)
    if before is None:
        raise BadInput("resource-gone", N_("This file is no longer part of the dataset."))
    kept = store.keep_copy(deposit.id, before)
    forgotten = {"last_modified", "upload", "url", "url_type"}
    typed = {k: v for k, v in before.items() if k not in derive.FACT_FIELDS and k not in forgotten}
    after = {**_resource(deposit, facts, stack), **typed}
    if after.get("upload") is not None:
        after["upload"].filename = _address(before, after["url"])
    resources = [after if r["id"] == before["id"] else r for r in dataset["resources"]]
    derived = ("lineage", "spatial", "dates", "data_family")
    changed = {**dataset, **{k: fields[k] for k in derived}, "resources": resources}
    published = tk.get_action("package_update")(tk.fresh_context(context), changed)
    until = datetime.utcnow() + timedelta(days=config.undo_days())
    deposit.undo = {
        "resource": before,
        "dataset": {k: dataset.get(k) for k in derived},
        "file": kept,
        "until": until.isoformat(timespec="seconds"),
    }
    return published


def _address(before: dict[str, Any], filename: str) -> str:
    """The old file name, so that the download address stays the same, unless the format changed."""
    old = str(before.get("url") or "").rsplit("/", 1)[-1]
    same = old.rpartition(".")[2].lower() == filename.rpartition(".")[2].lower()
    return old if before.get("url_type") == "upload" and same else filename


def _update(context: Context, dataset: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    merged = {**dataset, **fields}
    if drafts.values_of_dataset(merged) == drafts.values_of_dataset(dataset):
        return dataset
    _hold(context, dataset)
    return tk.get_action("package_update")(tk.fresh_context(context), merged)


def _hold(context: Context, dataset: dict[str, Any]) -> None:
    """Nobody else saves until this request commits; refused if somebody did since ``dataset`` was read."""
    package = ckan_model.Package
    ckan_model.Session.query(package.id).filter(package.id == dataset["id"]).with_for_update().one()
    ckan_model.Session.expire_all()
    now = tk.get_action("package_show")(tk.fresh_context(context), {"id": dataset["id"], "use_cache": False})
    if now["metadata_modified"] != dataset["metadata_modified"]:
        raise BadInput(
            "saved-meanwhile",
            N_("Somebody saved this dataset at the same moment. Send again: both versions will be shown."),
        )


def _done(deposit: Deposit, dataset_id: str) -> None:
    undo_file = deposit.undo.get("file")
    for file in deposit.files:
        if file.get("upload") and file["upload"] != undo_file:
            store.remove(deposit.id, file["upload"])
    deposit.dataset_id = dataset_id
    deposit.state = DONE
    deposit.touch()
    ckan_model.Session.commit()


def _back_to_draft(deposit_id: str) -> None:
    deposit = Deposit.locked(deposit_id)
    if deposit and deposit.state == drafts.SENDING:
        deposit.state = DRAFT
        deposit.touch()
    ckan_model.Session.commit()
