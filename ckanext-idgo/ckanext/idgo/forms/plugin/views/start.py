"""``/depot``: drop a file, give an address, take up a draft."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, request

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.plugin import config
from ckanext.idgo.forms.plugin.views import guard

blueprint = Blueprint("idgo_forms", __name__, url_prefix="/depot")
blueprint.before_request(guard.before)

MAX_SUGGESTIONS = 8


def page(errors: dict[str, str] | None = None, status: int = 200, **more: Any) -> Any:
    drafts = tk.get_action("idgo_forms_deposit_list")(guard.context(), {})
    variables = {
        "drafts": [draft for draft in drafts if draft["id"] != more.get("current")],
        "errors": errors or {},
        "chunk_bytes": config.chunk_bytes(),
        "max_bytes": config.max_bytes(),
        **more,
    }
    return tk.render("idgo_forms/start.html", variables), status


@blueprint.route("", methods=["GET"])
def deposit() -> Any:
    return page()


@blueprint.route("", methods=["POST"])
def receive() -> Any:
    """The form without JavaScript: a file in one piece, or an address. Also from a resource's page."""
    about = {"resource_id": request.form["resource_id"]} if request.form.get("resource_id") else {}
    try:
        deposit = tk.get_action("idgo_forms_deposit_create")(guard.context(), about)
    except tk.ValidationError as error:
        return page({"file": " ".join(error.error_summary.values())}, 400)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    refused = attach(deposit["id"])
    if not refused:
        return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit["id"])
    if about:
        tk.h.flash_error(refused)
        return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit["id"])
    # A refused file leaves no empty draft behind.
    tk.get_action("idgo_forms_deposit_delete")(guard.context(), {"id": deposit["id"]})
    url = request.form.get("url")
    return page({"url" if url else "file": refused}, 400, url=url)


def attach(deposit_id: str) -> str | None:
    """Give the draft the posted file or address; the sentence that says why it is refused, or None."""
    given = {
        "id": deposit_id,
        "upload": request.files.get("upload"),
        "url": request.form.get("url"),
        "copy": request.form.get("copy"),
    }
    try:
        tk.get_action("idgo_forms_deposit_attach")(guard.context(), given)
    except tk.ValidationError as error:
        return " ".join(error.error_summary.values())
    return None


@blueprint.route("/territoires", methods=["GET"])
def territories() -> Any:
    """Suggestions of the territory field: ``[{"code", "label", "kind"}]``."""
    table = Territories.load()
    found = table.search(request.args.get("q", "")[:80], limit=MAX_SUGGESTIONS)
    return jsonify(
        [
            {"code": t.code, "label": table.label(t.code), "kind": tk.h.idgo_forms_territory_kind(t.kind)}
            for t in found
        ]
    )
