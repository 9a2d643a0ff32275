"""Guards of the routes that give bytes, addresses, rows or past versions, before any view of CKAN's runs."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import api_token
from flask import Blueprint, Response, g, request

from ckanext.idgo.access.core.decide import Purpose, Reason, Verdict
from ckanext.idgo.access.core.tiers import Tier, read_tier
from ckanext.idgo.access.plugin import actions_hiding, auth, downloads, token_gate, tokens
from ckanext.idgo.access.plugin.facts import Located, locate
from ckanext.idgo.access.plugin.refusals import way_in
from ckanext.idgo.access.plugin.surface import Gives, gives
from ckanext.idgo.access.plugin.verdicts import judge
from ckanext.idgo.access.plugin.words import refusal_sentence

blueprint = Blueprint("idgo_access", __name__)


def _context() -> Any:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _may(action: str, package_id: str) -> bool:
    try:
        tk.check_access(action, _context(), {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _visible(dataset: str) -> bool:
    package = model.Package.get(dataset)
    return package is not None and _may("package_show", package.id)


def _absent() -> Any:
    return tk.abort(404, tk._("Resource not found"))


def _wants_json() -> bool:
    token = request.headers.get(tk.config.get("apitoken_header_name") or "Authorization")
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return bool(token) or request.path.startswith("/api/") or best == "application/json"


def refusal(answer: Verdict, dataset: str | None = None) -> Response:
    """403 with the reason: CKAN's envelope for programs, a page with the way in for people. Never cached."""
    sentence, way = refusal_sentence(answer.reason), way_in(answer, dataset)
    if _wants_json():
        error = {"__type": "Authorization Error", "message": sentence, "reason": answer.reason.value, **way}
        body = json.dumps({"help": None, "success": False, "error": error})
        response = Response(body, 403, content_type="application/json;charset=utf-8")
    else:
        page = tk.render("access/refused.html", {"sentence": sentence, "reason": answer.reason.value, **way})
        response = Response(page, 403, content_type="text/html; charset=utf-8")
    g.idgo_no_store = True
    return response


def _content(resource_id: str, dataset: str | None, purpose: Purpose) -> Any:
    located = locate([resource_id]).get(resource_id)
    if located is None or (dataset is not None and dataset not in (located.package_id, located.package_name)):
        return _absent()
    gone = located.facts.resource_state == "deleted"
    if gone or not _may("package_show", located.package_id):
        return _absent()
    viewer = auth.current_viewer()
    answer = judge(viewer, located, purpose)
    if not answer.allowed:
        told = Verdict(False, Reason.TOKEN_SCOPE) if tokens.sees_no_content() else answer
        return refusal(told, located.package_name)
    _mark(located, purpose)
    if purpose is Purpose.DOWNLOAD and downloads.is_download(request.endpoint or ""):
        return downloads.give(located, viewer.id, as_json=_wants_json())
    return None


def _table(name: str) -> str:
    """The resource that is meant: the datastore gives its tables under other names too (aliases)."""
    if not str(request.endpoint).startswith("datastore.") or locate([name]):
        return name
    from ckanext.datastore.backend import DatastoreBackend

    _exists, real_id = DatastoreBackend.get_active_backend().resource_id_from_alias(name)
    return real_id or name


def _named(args: dict[str, str], purpose: Purpose) -> Any:
    """A refused table that was not named by its resource's (public) id answers like one that is not there: an
    alias cannot be guessed."""
    resource_id = _table(args["resource_id"])
    refused = _content(resource_id, args.get("id"), purpose)
    if refused is None or resource_id == args["resource_id"]:
        return refused
    g.pop("idgo_no_store", None)  # as where nothing was refused: headers tell too
    return _absent()


def _mark(located: Located, purpose: Purpose) -> None:
    """Tell ``after``: whether these are bytes to save (not a page), and whether a proxy may keep a copy."""
    g.idgo_bytes = purpose is Purpose.DOWNLOAD
    published = located.facts.dataset_state == "active" and located.facts.dataset_private is False
    tier = read_tier(located.facts.tier, located.facts.dataset_tier)
    g.idgo_no_store = tier is not Tier.OPEN or not published


def _past_of(args: dict[str, Any]) -> str | None:
    """The dataset whose past is asked: named by the URL, or by the activities that URL names."""
    if "activity_id" in args:
        return args.get("id")
    from ckanext.activity.model import Activity

    named = [args["id"]] if "id" in args else [request.args.get("new_id"), request.args.get("old_id")]
    found = [model.Session.get(Activity, name) if name else None for name in named]
    datasets = {activity.object_id if activity else None for activity in found}
    return datasets.pop() if len(datasets) == 1 else None


def _history(args: dict[str, Any]) -> Any:
    """Editors only; what they read is redacted by ``activity_show``, or needs a verdict where it is not."""
    if "resource_id" in args:
        refused = _content(args["resource_id"], args.get("id"), Purpose.DESCRIBE)
        if refused is not None:
            return refused
        g.pop("idgo_bytes", None)
    package = model.Package.get(_past_of(args) or "")
    if package is None or not _may("package_show", package.id):
        return _absent()
    if not _may("package_update", package.id):
        return refusal(Verdict(False, Reason.EDITORS_ONLY))
    return None


def _file_of(args: dict[str, Any]) -> Any:
    """The tracked file behind one of the three routes of ``ckan/views/file.py``."""
    if "id" in args:
        return model.Session.get(model.File, args["id"])
    if "storage_name" in args:
        return model.Session.scalar(model.File.by_location(args["location"], args["storage_name"]))
    try:
        claims = api_token.decode_token(args["token"], audience="trusted_download")
    except api_token.jwt.InvalidTokenError:
        return None
    if "sub" in claims:
        return model.Session.get(model.File, claims["sub"])
    if "location" in claims and "storage" in claims:
        return model.Session.scalar(model.File.by_location(claims["location"], claims["storage"]))
    return None


def _stored_resource(args: dict[str, Any]) -> str | None:
    """The resource whose upload lies at this place: CKAN stores it at ``abc/def/rest-of-its-id``.

    The end of the path tells, whatever the storage: one may contain another (``resources`` lies inside
    ``default``), and be public.
    """
    parts = str(args.get("location", "")).split("/")
    candidate = "".join(parts[-3:])
    at_home = args.get("storage_name") == tk.config.get("ckan.files.default_storages.resource")
    return candidate if at_home or locate([candidate]) else None


def _file(args: dict[str, Any]) -> Any:
    resource_id = _stored_resource(args)
    if resource_id is not None:
        downloads.expect(resource_id, auth.current_viewer().id)
        return _content(resource_id, None, Purpose.DOWNLOAD)
    found = _file_of(args)
    owner = found.owner if found else None
    if owner and owner.owner_type == "resource":
        downloads.expect(owner.owner_id, auth.current_viewer().id)
    if owner and auth.file_allows(_context(), owner.owner_type, owner.owner_id) is False:
        return tk.abort(404)
    if owner and owner.owner_type in ("resource", "package"):
        g.idgo_bytes = True
        g.idgo_no_store = True
    return None


def _harvested(args: dict[str, Any]) -> Any:
    return None if _may("harvest_object_show", args.get("id", "")) else tk.abort(404)


def _rows(args: dict[str, Any]) -> Any:
    """CKAN's view would break on the refusal of the action it calls."""
    view = model.ResourceView.get(args.get("resource_view_id", ""))
    return _absent() if view is None else _content(view.resource_id, None, Purpose.ROWS)


def before() -> Any:
    """``before_app_request``: a response here means that CKAN's view never runs."""
    if request.endpoint is None or request.url_rule is None:
        return None
    if token_gate.refuses():
        return refusal(Verdict(False, Reason.TOKEN_SCOPE))
    # A route's converter may give a UUID, a number: identifiers are compared as text.
    args = {name: str(value) for name, value in (request.view_args or {}).items()}
    if "id" in args and actions_hiding.concerns(request.endpoint) and not _visible(args["id"]):
        return _absent()
    kind = gives(request.endpoint, frozenset(args))
    if kind is Gives.CONTENT:
        preview = request.endpoint.endswith((".view", ".preview"))
        purpose = Purpose.PREVIEW if preview else Purpose.DOWNLOAD
        return _named(args, purpose)
    if kind is Gives.ROWS:
        return _rows(args)
    if kind is Gives.HISTORY:
        return _history(args)
    if kind is Gives.FILE:
        return _file(args)
    return _harvested(args) if kind is Gives.HARVESTED else None


def _explain(response: Any) -> None:
    """Add ``reason`` and the way in inside CKAN's ``error``, where one of our checks refused."""
    refused = g.get("idgo_refusal")
    if not refused or response.status_code != 403 or not response.is_json:
        return
    body = response.get_json(silent=True)
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body["error"] = {**refused, **body["error"]}
        response.set_data(json.dumps(body))


def after(response: Any) -> Any:
    """``after_app_request``: bytes are attachments, never sniffed; no proxy keeps what is not open."""
    _explain(response)
    downloads.count(response)
    if g.get("idgo_bytes") and response.status_code in (200, 206):
        if not response.headers.get("Content-Disposition", "").startswith("attachment"):  # CKAN's own views
            name = request.view_args.get("filename") if request.view_args else None
            response.headers.pop("Content-Disposition", None)
            response.headers.set("Content-Disposition", "attachment", **({"filename": name} if name else {}))
        response.headers["X-Content-Type-Options"] = "nosniff"
    if g.get("idgo_no_store"):
        request.environ["__no_cache__"] = True
        response.cache_control.no_store = True
        response.cache_control.private = True
    return response


blueprint.before_app_request(before)
blueprint.after_app_request(after)
