"""Resumable upload, tus 1.0.0, at ``/idgo/depot/envois``: core, creation, termination, checksum."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response, request

from ckanext.idgo.common.core.errors import N_, BadInput, IdgoError, NotThere, TooLarge
from ckanext.idgo.common.core.sizes import Size
from ckanext.idgo.forms.core import deposit_tus as protocol
from ckanext.idgo.forms.plugin import config, drafts, edge, store
from ckanext.idgo.forms.plugin.model import Deposit
from ckanext.idgo.forms.plugin.views import guard

blueprint = Blueprint("idgo_envois", __name__, url_prefix="/idgo/depot/envois")


@blueprint.before_request
def _before() -> Any:
    return None if request.method == "OPTIONS" else guard.before()


@blueprint.after_request
def _after(response: Any) -> Any:
    response.headers["Tus-Resumable"] = protocol.VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


def _tus(view: Callable[..., Any]) -> Callable[..., Any]:
    """The version is checked, and an error leaves in CKAN's envelope with its tus status."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        try:
            protocol.check_version(request.headers.get("Tus-Resumable"))
            return view(**arguments)
        except IdgoError as error:
            ckan_model.Session.rollback()
            return guard.refusal(edge.message(error), error.status, type(error).__name__, code=error.code)
        except tk.ObjectNotFound as error:
            return guard.refusal(str(error.message), 404, "Not Found Error")
        except tk.NotAuthorized as error:
            return guard.refusal(str(error), 403, "Authorization Error")
        except tk.ValidationError as error:
            return guard.refusal(" ".join(error.error_summary.values()), 409, "Validation Error")

    return wrapper


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
def capabilities() -> Any:
    response = make_response("", 204)
    response.headers["Tus-Version"] = protocol.VERSION
    response.headers["Tus-Extension"] = protocol.EXTENSIONS
    response.headers["Tus-Max-Size"] = str(config.max_bytes())
    response.headers["Tus-Checksum-Algorithm"] = ",".join(protocol.CHECKSUMS)
    return response


@blueprint.route("", methods=["POST"])
@_tus
def create() -> Any:
    """Metadata: ``filename``; ``deposit`` (open draft), ``resource`` (replace its file), else a new draft."""
    length = protocol.whole_number(request.headers.get("Upload-Length"), "Upload-Length")
    protocol.check_length(length, config.max_bytes())
    metadata = protocol.metadata(request.headers.get("Upload-Metadata"))
    deposit_id = metadata.get("deposit")
    if not deposit_id:
        about = {"resource_id": metadata["resource"]} if metadata.get("resource") else {}
        deposit_id = tk.get_action("idgo_forms_deposit_create")(guard.context(), about)["id"]
    deposit = drafts.own_open(deposit_id, tk.current_user.id)
    upload_id = drafts.announce_file(deposit, metadata.get("filename"), length)
    ckan_model.Session.commit()
    response = make_response("", 201)
    address = tk.url_for("idgo_envois.append", deposit_id=deposit_id, upload_id=upload_id, _external=False)
    response.headers["Location"] = address
    response.headers["Upload-Offset"] = "0"
    return response


def _upload(deposit_id: Any, upload_id: Any) -> tuple[Deposit, dict[str, Any]]:
    """The user's draft and its upload. Raises ``NotThere`` for another's, or one that was replaced."""
    deposit = drafts.own(str(deposit_id), tk.current_user.id)
    file = deposit.file()
    if not file or file.get("upload") != str(upload_id):
        raise NotThere("upload-unknown", N_("This upload does not exist."))
    return deposit, file


@blueprint.route("/<uuid:deposit_id>/<uuid:upload_id>", methods=["HEAD"])
@_tus
def offset(deposit_id: Any, upload_id: Any) -> Any:
    deposit, file = _upload(deposit_id, upload_id)
    response = make_response("", 200)
    response.headers["Upload-Offset"] = str(store.received_bytes(deposit.id, file["upload"]))
    response.headers["Upload-Length"] = str(file["size"])
    return response


@blueprint.route("/<uuid:deposit_id>/<uuid:upload_id>", methods=["PATCH"])
@_tus
def append(deposit_id: Any, upload_id: Any) -> Any:
    """Add bytes at the offset. The database is not held while they arrive."""
    if request.content_type != protocol.CONTENT_TYPE:
        raise protocol.TusTypeError("tus-type", N_("The body must be {type}."), type=protocol.CONTENT_TYPE)
    asked = protocol.whole_number(request.headers.get("Upload-Offset"), "Upload-Offset")
    deposit, file = _upload(deposit_id, upload_id)
    protocol.check_offset(asked, store.received_bytes(deposit.id, file["upload"]))
    room = file["size"] - asked
    if (request.content_length or 0) > room:
        raise TooLarge(
            "file-longer",
            N_("More bytes came than the {size} announced."),
            size=Size(file["size"]),
        )
    check = protocol.checksum(request.headers.get("Upload-Checksum"))
    ckan_model.Session.rollback()
    held = store.append(str(deposit_id), file["upload"], request.stream, asked, room, check)
    if held == file["size"]:
        _complete(str(deposit_id), file)
    response = make_response("", 204)
    response.headers["Upload-Offset"] = str(held)
    return response


def _complete(deposit_id: str, file: dict[str, Any]) -> None:
    deposit = drafts.own_open(deposit_id, tk.current_user.id)
    held = deposit.file() or {}
    if held.get("upload") == file["upload"] and held.get("state") == "receiving":
        drafts.file_received(deposit, file["upload"], file["filename"], file["size"])


@blueprint.route("/<uuid:deposit_id>/<uuid:upload_id>", methods=["DELETE"])
@_tus
def terminate(deposit_id: Any, upload_id: Any) -> Any:
    deposit = drafts.own_open(str(deposit_id), tk.current_user.id)
    file = deposit.file()
    if not file or file.get("upload") != str(upload_id):
        raise BadInput("upload-unknown", N_("This upload does not exist."))
    drafts.drop_file(deposit)
    deposit.touch()
    ckan_model.Session.commit()
    return make_response("", 204)
