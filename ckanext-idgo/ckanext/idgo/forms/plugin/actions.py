"""Actions ``idgo_forms_deposit_*``: the simple deposit for scripts and its own pages (``docs/api.md``)."""

from __future__ import annotations

from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from ckan.plugins import plugin_loaded
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.plugin.envelope import in_envelope
from ckanext.idgo.forms.core import deposit_changes
from ckanext.idgo.forms.core.deposit_derive import resource_from_facts
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.plugin import drafts, jobs, publish, store, undoing
from ckanext.idgo.forms.plugin.model import Deposit

_PREFIX = "idgo_forms_deposit_"


def _user_id(context: Context, action: str, data_dict: dict[str, Any]) -> str:
    tk.check_access(_PREFIX + action, context, data_dict)
    user = context.get("auth_user_obj") or ckan_model.User.get(context.get("user"))
    if user is None or getattr(user, "is_anonymous", False):
        raise tk.NotAuthorized(tk._("You must be logged in."))
    return str(user.id)


def _given(data_dict: dict[str, Any], key: str) -> str:
    return str(tk.get_or_bust(data_dict, key))


def _identifier(data_dict: dict[str, Any], key: str) -> str | None:
    """An optional identifier: JSON may hold a number or a list there, which PostgreSQL refuses to compare."""
    given = data_dict.get(key) or None
    if given is not None and (not isinstance(given, str) or "\x00" in given):
        raise tk.ObjectNotFound()
    return given


def _fields(data_dict: dict[str, Any]) -> dict[str, Any]:
    sent = data_dict.get("fields") or {}
    if not isinstance(sent, dict):
        raise BadInput("fields-shape", N_("The fields are an object of names and values."))
    return sent


def _copy(data_dict: dict[str, Any]) -> bool:
    try:
        return tk.asbool(data_dict.get("copy") or False)
    except ValueError as error:
        raise BadInput("copy", N_("“copy” is true or false.")) from error


def _version(data_dict: dict[str, Any]) -> int | None:
    given = data_dict.get("version")
    if given in (None, ""):
        return None
    if not str(given).isdigit():
        raise BadInput("version-shape", N_("The version is a whole number."))
    return int(str(given))


@in_envelope
def idgo_forms_deposit_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Open a draft. ``dataset_id`` alone: to edit it; with ``resource_id``: to replace that file.

    An open draft about the same thing is given back instead of a second one. ``fields``: as in ``update``.
    """
    user_id = _user_id(context, "create", data_dict)
    sent = _fields(data_dict)
    dataset, resource_id, kind = _about(context, data_dict)
    deposit = Deposit.open_for(user_id, dataset["id"], kind, resource_id) if dataset else None
    if not deposit:
        deposit = drafts.create(user_id, kind, dataset, resource_id)
    if sent:
        drafts.type_in(deposit, sent, None)
        ckan_model.Session.commit()
    return deposit.dictize()


def _about(context: Context, data_dict: dict[str, Any]) -> tuple[dict[str, Any] | None, str | None, str]:
    resource_id = _identifier(data_dict, "resource_id")
    dataset_id = _identifier(data_dict, "dataset_id")
    if resource_id:
        resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": resource_id})
        dataset_id = resource["package_id"]
    if not dataset_id:
        return None, None, "new"
    tk.check_access("package_update", tk.fresh_context(context), {"id": dataset_id})
    dataset = tk.get_action("package_show")(tk.fresh_context(context), {"id": dataset_id})
    return dataset, resource_id, "replace" if resource_id else "edit"


@tk.side_effect_free
@in_envelope
def idgo_forms_deposit_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One of one's own deposits. Reading a file that no worker reads goes on from here."""
    user_id = _user_id(context, "show", data_dict)
    return jobs.follow(drafts.own(_given(data_dict, "id"), user_id)).dictize()


@tk.side_effect_free
@in_envelope
def idgo_forms_deposit_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """One's own open drafts, the last touched first."""
    user_id = _user_id(context, "list", data_dict)
    return [deposit.dictize() for deposit in Deposit.drafts_of(user_id)]


@in_envelope
def idgo_forms_deposit_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write some ``fields`` (``{name: value}``); with ``version``, refused if another window wrote since."""
    user_id = _user_id(context, "update", data_dict)
    deposit = drafts.own_open(_given(data_dict, "id"), user_id)
    drafts.type_in(deposit, _fields(data_dict), _version(data_dict))
    ckan_model.Session.commit()
    return deposit.dictize()


@in_envelope
def idgo_forms_deposit_attach(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give the draft its file: ``upload`` (multipart), or ``url`` (``copy``: keep a copy, not the link)."""
    user_id = _user_id(context, "attach", data_dict)
    deposit = drafts.own_open(_given(data_dict, "id"), user_id)
    upload, url = data_dict.get("upload"), str(data_dict.get("url") or "").strip()
    if isinstance(upload, FileStorage) and upload.filename:
        drafts.attach(deposit, upload)
    elif url:
        drafts.attach_url(deposit, url, _copy(data_dict))
    else:
        raise BadInput("upload", N_("Give a file or an address."))
    return deposit.dictize()


@in_envelope
def idgo_forms_deposit_inspect(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Read the file again (after “refused”, or when the reader learnt something new)."""
    user_id = _user_id(context, "inspect", data_dict)
    deposit = drafts.own_open(_given(data_dict, "id"), user_id)
    file = deposit.file()
    if not file or file.get("state") == "receiving":
        raise BadInput("file-missing", N_("This deposit has no complete file yet."))
    deposit.set_file(attempts=0)
    jobs.ask(deposit)
    return deposit.dictize()


@in_envelope
def idgo_forms_deposit_delete(context: Context, data_dict: dict[str, Any]) -> None:
    """Throw a draft and its file away."""
    user_id = _user_id(context, "delete", data_dict)
    drafts.discard(drafts.own_open(_given(data_dict, "id"), user_id))
    ckan_model.Session.commit()


@tk.side_effect_free
@in_envelope
def idgo_forms_deposit_changes(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """What replacing the file would change: rows of ``forms.core.deposit_changes.changes``."""
    user_id = _user_id(context, "changes", data_dict)
    deposit = drafts.own(_given(data_dict, "id"), user_id)
    file = deposit.file() or {}
    if deposit.kind != "replace" or not file.get("facts"):
        return []
    resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": deposit.resource_id})
    return deposit_changes.changes(resource, resource_from_facts(FileFacts.from_dict(file["facts"])))


@tk.side_effect_free
@in_envelope
def idgo_forms_deposit_sketch(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """``{"svg": text}``: where the features of the draft's file lie, layer by layer.

    ``svg`` is None where the file has no place, is not read yet, or the viewer room is not enabled."""
    user_id = _user_id(context, "sketch", data_dict)
    deposit = drafts.own(_given(data_dict, "id"), user_id)
    file = deposit.file() or {}
    if not file.get("facts") or not plugin_loaded("idgo_viewer"):
        return {"svg": None}
    path = store.path_of(deposit.id, file["upload"])
    if not path.is_file():  # published, and its bytes given to the catalogue
        return {"svg": None}
    inside = tk.fresh_context(context)
    inside["ignore_auth"] = True  # one's own draft, checked above; the action itself is closed to everybody
    given = {"path": str(path), "filename": file["filename"], "facts": file["facts"]}
    return tk.get_action("idgo_viewer_sketch")(inside, given)


@in_envelope
def idgo_forms_deposit_submit(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Publish: create the dataset, replace the file, or save the edit. Gives the dataset.

    ``choices`` (``{field: "mine" | "theirs"}``) answers an edit refused because somebody saved meanwhile
    (error key ``conflict``); ``seen`` is the version they were made on (error key ``conflict_seen``), so that
    a third save is not overwritten unseen.
    """
    user_id = _user_id(context, "submit", data_dict)
    deposit = drafts.own_open(_given(data_dict, "id"), user_id)
    if data_dict.get("fields"):
        drafts.type_in(deposit, data_dict["fields"], _version(data_dict))
    return publish.submit(context, deposit, data_dict.get("choices") or {}, data_dict.get("seen"))


@in_envelope
def idgo_forms_deposit_undo(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Put back the file that the last replacement of ``resource_id`` took away. Gives the dataset."""
    _user_id(context, "undo", data_dict)
    tk.get_or_bust(data_dict, "resource_id")
    return undoing.undo(context, _identifier(data_dict, "resource_id") or "")


def functions() -> dict[str, Any]:
    """The room's actions by name, for ``IActions``."""
    return {name: function for name, function in globals().items() if name.startswith(_PREFIX)}
