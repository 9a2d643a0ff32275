"""From a dataset's page: edit it, replace a file, undo that, remove it, put it back."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.idgo.forms.plugin.views import guard, start

blueprint = Blueprint("idgo_depot_jeu", __name__, url_prefix="/depot")
blueprint.before_request(guard.before)
ckan_address = Blueprint("idgo_depot_ckan", __name__)


def _dataset(name: str) -> dict[str, Any]:
    """A dataset that the user may edit; any other is not found."""
    try:
        tk.check_access("package_update", guard.context(), {"id": name})
        return tk.get_action("package_show")(guard.context(), {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)


@blueprint.route("/modifier/<name>", methods=["GET"])
def edit(name: str) -> Any:
    """Opens (or takes up) one's own draft of the edit: private to the user, so a plain link may do it."""
    dataset = _dataset(name)
    given = {"dataset_id": dataset["id"]}
    try:
        deposit = tk.get_action("idgo_forms_deposit_create")(guard.context(), given)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(error.error_summary.values()))
        return tk.redirect_to("idgo_forms.deposit")
    return tk.redirect_to("idgo_depot_form.show", deposit_id=deposit["id"])


@ckan_address.route("/dataset/edit/<name>", methods=["GET"])
def ckan_edit(name: str) -> Any:
    """CKAN's own edit address opens the ten fields."""
    return tk.redirect_to("idgo_depot_jeu.edit", name=name)


@blueprint.route("/remplacer/<uuid:resource_id>", methods=["GET"])
def replace(resource_id: Any) -> Any:
    """The drop zone, for this file."""
    try:
        resource = tk.get_action("resource_show")(guard.context(), {"id": str(resource_id)})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    dataset = _dataset(resource["package_id"])
    return start.page(resource=resource, dataset=dataset)


@blueprint.route("/annuler/<uuid:resource_id>", methods=["POST"])
def undo(resource_id: Any) -> Any:
    given = {"resource_id": str(resource_id)}
    try:
        dataset = tk.get_action("idgo_forms_deposit_undo")(guard.context(), given)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(error.error_summary.values()))
        return tk.redirect_to("idgo_forms.deposit")
    tk.h.flash_success(tk._("The previous file is back, at the same address."))
    return tk.redirect_to("dataset.read", id=dataset["name"])


@blueprint.route("/retirer/<name>", methods=["GET"])
def confirm_delete(name: str) -> Any:
    return tk.render("idgo_forms/delete.html", {"dataset": _dataset(name)})


@blueprint.route("/retirer/<name>", methods=["POST"])
def delete(name: str) -> Any:
    dataset = _dataset(name)
    tk.get_action("package_delete")(guard.context(), {"id": dataset["id"]})
    return tk.render("idgo_forms/deleted.html", {"dataset": dataset})


@blueprint.route("/retablir/<name>", methods=["POST"])
def restore(name: str) -> Any:
    dataset = _dataset(name)
    patch = {"id": dataset["id"], "state": "active"}
    tk.get_action("package_patch")(guard.context(), patch)
    tk.h.flash_success(tk._("The dataset is back, at the same address."))
    return tk.redirect_to("dataset.read", id=dataset["name"])
