"""The pages of who decides: ``/organisme/<name>/demandes``, ``…/acces``, ``…/journal``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request
from flask_wtf.csrf import CSRFError

from ckanext.idgo.access.core.requests import today_in_paris
from ckanext.idgo.access.plugin import auth, page_guard, page_queries, page_reading, page_rows
from ckanext.idgo.access.plugin.deciders import decides_for, organisation
from ckanext.idgo.common.plugin import contexts

blueprint = Blueprint("idgo_access_desk", __name__, url_prefix="/organisme/<name>")
blueprint.after_request(page_guard.to_dialog)
Dict = dict[str, Any]
DECIDED_SHOWN = 5


def _name() -> str:
    return str((request.view_args or {}).get("name"))


def _decides() -> bool:
    found = organisation(_name())
    return found is not None and decides_for(auth.current_viewer(), found.id)


def _too_old() -> Any:
    """A form older than the session: the decision shows again as typed; of other forms, nothing was done."""
    if request.endpoint == "idgo_access_desk.decide" and _decides():
        said = {"general": tk._("This page was too old to be sent. Send it again.")}
        return page(_name(), str((request.view_args or {})["request_id"]), said, 400)
    return page_guard.nothing_done("idgo_access_desk.queue", name=_name())


@blueprint.before_request
def before() -> Any:
    """Signed in, from our own form, and one of those who decide; for all others the page does not exist."""
    refused = page_guard.before(_too_old)
    if refused is not None:
        return refused
    return None if _decides() else tk.abort(404, tk._("This page does not exist."))


blueprint.register_error_handler(CSRFError, page_guard.too_old(_too_old))


def act(name: str, data: Dict) -> Any:
    return tk.get_action(name)(contexts.of_visitor(), data)


def now() -> datetime:
    return datetime.now(timezone.utc)


def desk(name: str, here: str) -> Dict:
    """What every page of the desk shows: the organisation, its figures, where we are."""
    found = organisation(name)
    return {
        "org": {"id": found.id, "name": found.name, "title": found.title or found.name},
        "figures": page_queries.figures(found.id),
        "here": here,
        "today": today_in_paris(now()).isoformat(),
    }


def _listed(name: str, state: str, limit: int, offset: int = 0) -> Dict:
    query = {"organization": name, "state": state, "limit": limit, "offset": offset}
    found = act("idgo_access_request_list", query)
    return {"count": found["count"], "rows": [page_rows.request(row, now()) for row in found["results"]]}


def _answered(name: str) -> list[Dict]:
    """The last answers given, the latest first."""
    rows = [row for state in ("granted", "refused") for row in _listed(name, state, DECIDED_SHOWN)["rows"]]
    return sorted(rows, key=lambda row: row["over_at"], reverse=True)[:DECIDED_SHOWN]


def page(name: str, request_id: str = "", errors: dict[str, str] | None = None, status: int = 200) -> Any:
    """The queue at left, one request at right: the one asked for, else the oldest that waits."""
    waiting = _listed(name, "pending", page_reading.PAGE_ROWS, page_reading.offset())
    wanted = request_id or (waiting["rows"][0]["id"] if waiting["rows"] else "")
    variables = {
        **desk(name, "queue"),
        "waiting": waiting,
        "pages": page_reading.pages(waiting["count"]),
        "shown": _shown(name, wanted) if wanted else None,
        "named": bool(request_id),
        "answered": _answered(name),
        "errors": errors or {},
        "typed": request.form if errors else None,
    }
    return tk.render("access/queue.html", variables), status


def _shown(name: str, request_id: str) -> Dict:
    try:
        found = act("idgo_access_request_show", {"id": request_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("This request does not exist."))
    if found["organization"]["name"] != name and found["organization_id"] != name:
        return tk.abort(404, tk._("This request does not exist."))
    whose = (found["organization_id"], found["requester_id"], found["for_organization"])
    return {
        **page_rows.request(found, now()),
        "history": [page_rows.history(line) for line in found["history"]],
        "own": found["requester_id"] == auth.current_viewer().id,
        "already": page_queries.held_before(*whose),
    }


@blueprint.route("/demandes", methods=["GET"])
def queue(name: str) -> Any:
    return page(name)


@blueprint.route("/demandes/<uuid:request_id>", methods=["GET"])
def show(name: str, request_id: Any) -> Any:
    return page(name, str(request_id))


@blueprint.route("/demandes/<uuid:request_id>", methods=["POST"])
def decide(name: str, request_id: Any) -> Any:
    """Grant or refuse. Somebody else may have been faster: the page says so, nothing is done twice."""
    errors: dict[str, str] = {}
    data = _decision(str(request_id), errors)
    if not errors:
        try:
            made = act("idgo_access_request_decide", data)
        except tk.ValidationError as error:
            errors = page_reading.refused(error)
        except tk.NotAuthorized as error:
            errors = {"general": str(error)}
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("This request does not exist."))
        else:
            return _decided(name, made)
    return page(name, str(request_id), errors, 409 if "already-decided" in errors else 400)


def _decision(request_id: str, errors: dict[str, str]) -> Dict:
    refusing = request.form.get("decision") == "refuse"
    data: Dict = {"id": request_id, "decision": request.form.get("decision", "")}
    data["reason"] = page_reading.text("reason")
    if refusing:
        return data
    data |= {"until": page_reading.text("until"), "territory": page_reading.territory(errors)}
    if request.form.get("grantee"):
        data["grantee"] = request.form["grantee"]
    if "choose" in request.form:
        chosen = request.form.getlist("resource")
        if not chosen:
            errors["resources"] = tk._("Choose at least one file.")
        data["resources"] = chosen
    return data


def _decided(name: str, made: Dict) -> Any:
    given = page_rows.request(made, now())
    whom = given["organization"] or given["who"]
    if made["state"] == "granted":
        tk.h.flash_success(tk._("Access granted to {whom}. It counts at once.").format(whom=whom))
    else:
        tk.h.flash_success(tk._("Request of {whom} refused. Your reason was sent.").format(whom=whom))
    return tk.redirect_to("idgo_access_desk.queue", name=name)


@blueprint.route("/journal", methods=["GET"])
def log(name: str) -> Any:
    query = {"organization": name, "limit": page_reading.PAGE_ROWS, "offset": page_reading.offset()}
    found = act("idgo_access_log_list", query)
    variables = {
        **desk(name, "log"),
        "count": found["count"],
        "rows": [page_rows.log_line(row) for row in found["results"]],
        "pages": page_reading.pages(found["count"]),
    }
    return tk.render("access/log.html", variables)
