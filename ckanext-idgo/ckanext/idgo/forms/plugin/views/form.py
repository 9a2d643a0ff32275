"""``/depot/<id>``: the ten fields."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, make_response, request

from ckanext.idgo.forms.core.deposit_fields import FORM_FIELDS, LIST_FIELDS
from ckanext.idgo.forms.plugin import config
from ckanext.idgo.forms.plugin.views import guard, start

blueprint = Blueprint("idgo_depot_form", __name__, url_prefix="/depot/<uuid:deposit_id>")
blueprint.before_request(guard.before)


def _deposit(deposit_id: Any) -> dict[str, Any]:
    try:
        return tk.get_action("idgo_forms_deposit_show")(guard.context(), {"id": str(deposit_id)})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("This deposit does not exist, or it is not yours."))


def _page(
    deposit: dict[str, Any], errors: dict[str, Any] | None = None, status: int = 200, **more: Any
) -> Any:
    if deposit["state"] == "done":
        return tk.redirect_to("dataset.read", id=deposit["dataset_id"])
    dataset = None
    if deposit["dataset_id"]:
        try:
            dataset = tk.get_action("package_show")(guard.context(), {"id": deposit["dataset_id"]})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            return tk.abort(404, tk._("This dataset does not exist any more."))
    changes = []
    if deposit["kind"] == "replace":
        changes = tk.get_action("idgo_forms_deposit_changes")(guard.context(), {"id": deposit["id"]})
    variables = {
        "deposit": deposit,
        "file": deposit["files"][0] if deposit["files"] else None,
        "dataset": dataset,
        "changes": changes,
        "errors": errors or {},
        "chunk_bytes": config.chunk_bytes(),
        "max_bytes": config.max_bytes(),
        **more,
    }
    return tk.render("idgo_forms/form.html", variables), status


@blueprint.route("", methods=["GET"])
def show(deposit_id: Any) -> Any:
    return _page(_deposit(deposit_id))


def _sent() -> dict[str, Any]:
    """The form's fields; a list is one text input, or one input per chip that the script made."""
    fields: dict[str, Any] = {}
    for name in FORM_FIELDS:
        if name not in request.form:
            continue
        values = request.form.getlist(name)
        fields[name] = ",".join(values) if name in LIST_FIELDS else values[-1]
    if "territory" in fields:
        fields["territory"] = tk.h.idgo_forms_territory_codes(fields["territory"])
    return fields


@blueprint.route("", methods=["POST"])
def send(deposit_id: Any) -> Any:
    """Save, or save and publish. Without JavaScript, everything comes here."""
    deposit = _deposit(deposit_id)
    given = {"id": deposit["id"], "fields": _sent(), "version": request.form.get("version")}
    every = request.form.get("every")
    choices = {name: every or request.form.get(f"choice-{name}", "") for name in FORM_FIELDS}
    publish = request.form.get("act") != "save"
    action = "idgo_forms_deposit_submit" if publish else "idgo_forms_deposit_update"
    try:
        done = tk.get_action(action)(
            guard.context(), {**given, "choices": choices, "seen": request.form.get("seen")}
        )
    except tk.ValidationError as error:
        return _refused(deposit, given["fields"], error.error_dict)
    except tk.NotAuthorized as error:
        return _refused(deposit, given["fields"], {"owner_org": [str(error)]})
    if not publish:
        tk.h.flash_success(tk._("Draft saved."))
        return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit_id)
    tk.h.flash_success(_said(deposit))
    return tk.redirect_to("dataset.read", id=done["name"])


def _said(deposit: dict[str, Any]) -> str:
    sentences = {
        "new": tk._("The dataset is online. Next month, replace its file at the same address."),
        "replace": tk._("The file is replaced, at the same address. “Replace the file” also undoes it."),
        "edit": tk._("The changes are online."),
    }
    return sentences[deposit["kind"]]


def _refused(deposit: dict[str, Any], typed: dict[str, Any], errors: dict[str, Any]) -> Any:
    """The page again with its errors, and what was typed even where it could not be kept."""
    if "deposit-closed" in errors:
        return tk.redirect_to("idgo_forms.deposit")
    fresh = _deposit(deposit["id"])
    if "draft-version" in errors:
        fields = dict(fresh["fields"])
        fields.update({name: {"value": value, "origin": "typed"} for name, value in typed.items()})
        fresh = {**fresh, "fields": fields}
    rows = errors.pop("conflict_fields", [])
    seen = "".join(errors.pop("conflict_seen", []))
    said = {name: _sentence(value) for name, value in errors.items()}
    return _page(fresh, said, 409 if rows or "draft-version" in errors else 400, conflict=rows, seen=seen)


def _sentence(value: Any) -> str:
    """CKAN's nested lists of messages, as one sentence."""
    if isinstance(value, dict):
        return " ".join(_sentence(item) for item in value.values())
    if isinstance(value, list | tuple):
        return " ".join(filter(None, (_sentence(item) for item in value)))
    return str(value)


@blueprint.route("/champs", methods=["POST"])
def autosave(deposit_id: Any) -> Any:
    """``{"fields": {…}, "version": n}`` → ``{"version", "saved", "marks"}``; 409 if another window wrote."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        return guard.refusal(tk._("The fields are an object of names and values."), 400, "Bad Request")
    try:
        saved = tk.get_action("idgo_forms_deposit_update")(guard.context(), {**given, "id": str(deposit_id)})
    except tk.ObjectNotFound as error:
        return guard.refusal(str(error.message), 404, "Not Found Error")
    except tk.ValidationError as error:
        return guard.refusal(_sentence(error.error_dict), 409, "Validation Error", **error.error_dict)
    return jsonify(
        {
            "version": saved["version"],
            "saved": tk.h.idgo_forms_saved_at(saved["modified"]),
            "marks": {name: tk.h.idgo_forms_origin(saved["fields"].get(name)) for name in FORM_FIELDS},
        }
    )


@blueprint.route("/etat", methods=["GET"])
def state(deposit_id: Any) -> Any:
    """What the page polls while the file is read."""
    deposit = _deposit(deposit_id)
    file = deposit["files"][0] if deposit["files"] else {}
    return jsonify({"state": file.get("state"), "words": tk.h.idgo_forms_file_state(file)})


@blueprint.route("/carte.svg", methods=["GET"])
def sketch(deposit_id: Any) -> Any:
    """The drawing of the facts card. ``?v=`` names the file, so that the browser may keep it for a day."""
    try:
        svg = tk.get_action("idgo_forms_deposit_sketch")(guard.context(), {"id": str(deposit_id)})["svg"]
    except tk.ObjectNotFound:
        return tk.abort(404)
    if svg is None:
        return tk.abort(404)
    request.environ["__no_cache__"] = True  # else CKAN adds "public"
    answer = make_response(svg)
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.route("/fichier", methods=["POST"])
def file(deposit_id: Any) -> Any:
    """Another file for this draft, in one piece, or an address; a refused one leaves the draft as it was."""
    deposit = _deposit(deposit_id)
    refused = start.attach(deposit["id"])
    if refused:
        return _page(deposit, {"file": refused}, 400, url=request.form.get("url"))
    return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit_id)


@blueprint.route("/relire", methods=["POST"])
def inspect(deposit_id: Any) -> Any:
    try:
        tk.get_action("idgo_forms_deposit_inspect")(guard.context(), {"id": str(deposit_id)})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(_sentence(error.error_dict))
    return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit_id)


@blueprint.route("/supprimer", methods=["POST"])
def discard(deposit_id: Any) -> Any:
    try:
        tk.get_action("idgo_forms_deposit_delete")(guard.context(), {"id": str(deposit_id)})
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(_sentence(error.error_dict))
    else:
        tk.h.flash_success(tk._("The draft is removed."))
    return tk.redirect_to("idgo_forms.deposit")
