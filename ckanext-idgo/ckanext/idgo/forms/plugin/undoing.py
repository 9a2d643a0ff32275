"""Putting back the file that a replacement took away (issue 3: “Edit, delete, undo”)."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.forms.core.deposit_derive import FACT_FIELDS
from ckanext.idgo.forms.plugin import store
from ckanext.idgo.forms.plugin.model import DISCARDED, Deposit


def undoable(resource_id: str) -> Deposit | None:
    """The replacement of this resource that can still be undone."""
    deposit = Deposit.last_replacement(resource_id)
    if deposit is None or not deposit.undo:
        return None
    return deposit if datetime.fromisoformat(deposit.undo["until"]) > datetime.utcnow() else None


def undo(context: Context, resource_id: str) -> dict[str, Any]:
    """The previous file and its facts, at the same address. Whoever may edit the dataset may undo."""
    deposit = undoable(resource_id)
    if deposit is None:
        raise BadInput("nothing-to-undo", N_("There is no replacement to undo for this file."))
    tk.check_access("package_update", tk.fresh_context(context), {"id": deposit.dataset_id})
    dataset = tk.get_action("package_show")(tk.fresh_context(context), {"id": deposit.dataset_id})
    before = deposit.undo["resource"]
    with ExitStack() as stack:
        resources = [
            _restored(r, before, deposit, stack) if r["id"] == resource_id else r
            for r in dataset["resources"]
        ]
        changed = {**dataset, **deposit.undo["dataset"], "resources": resources}
        published = tk.get_action("package_update")(tk.fresh_context(context), changed)
    store.remove_all(deposit.id)
    deposit.undo = {}
    deposit.state = DISCARDED
    deposit.touch()
    ckan_model.Session.commit()
    return published


def _restored(
    now: dict[str, Any], before: dict[str, Any], deposit: Deposit, stack: ExitStack
) -> dict[str, Any]:
    """What belongs to the file comes back, what people typed since stays."""
    kept = {k: v for k, v in now.items() if k not in FACT_FIELDS and k not in ("url", "url_type")}
    facts = {k: before[k] for k in (*FACT_FIELDS, "url_type") if k in before}
    resource = {**kept, **facts, "url": before["url"]}
    if deposit.undo.get("file"):
        stream = stack.enter_context(store.path_of(deposit.id, deposit.undo["file"]).open("rb"))
        name = str(before["url"]).rsplit("/", 1)[-1]
        resource["url"] = name
        resource["upload"] = FileStorage(stream=stream, filename=name)
    return resource
