"""The pages of somebody who asks: ``/demande-acces``, ``/mes-acces``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request
from flask_wtf.csrf import CSRFError

from ckanext.idgo.access.plugin import auth, page_ask, page_guard, page_queries, page_reading, page_rows
from ckanext.idgo.common.plugin import contexts

blueprint = Blueprint("idgo_access_pages", __name__)
blueprint.after_request(page_guard.to_dialog)
Dict = dict[str, Any]
SHOWN = 100
ENDED_SHOWN = 10


def _too_old() -> Any:
    """A form older than the session: what was typed shows again; of a mere button, nothing was done."""
    if request.endpoint == "idgo_access_pages.send":
        return page_ask.page({"general": tk._("This page was too old to be sent. Send it again.")}, 400)
    return page_guard.nothing_done("idgo_access_pages.mine")


blueprint.before_request(lambda: page_guard.before(_too_old))
blueprint.register_error_handler(CSRFError, page_guard.too_old(_too_old))


def act(name: str, data: Dict) -> Any:
    return tk.get_action(name)(contexts.of_visitor(), data)


def _now() -> datetime:
    return datetime.now(timezone.utc)


@blueprint.route("/demande-acces", methods=["GET"])
def ask() -> Any:
    return page_ask.page()


@blueprint.route("/demande-acces", methods=["POST"])
def send() -> Any:
    return page_ask.send()


def _grants(state: str, limit: int, offset: int = 0) -> Dict:
    found = act("idgo_access_grant_list", {"state": state, "limit": limit, "offset": offset})
    return {"count": found["count"], "rows": [page_rows.grant(row, _now()) for row in found["results"]]}


def _requests(state: str, limit: int) -> Dict:
    found = act("idgo_access_request_list", {"state": state, "limit": limit})
    rows = found["results"]
    return {"count": found["count"], "rows": [page_rows.request(row, _now()) for row in rows]}


def _over(limit: int) -> Dict:
    """What is over, the latest first: accesses that ended, requests refused or withdrawn."""
    grants = [_grants(state, limit) for state in ("ended", "revoked")]
    asked = [_requests(state, limit) for state in ("refused", "withdrawn")]
    rows = [{"grant": row, "at": row["over_at"]} for part in grants for row in part["rows"]]
    rows += [{"request": row, "at": row["over_at"]} for part in asked for row in part["rows"]]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return {"count": sum(part["count"] for part in (*grants, *asked)), "rows": rows}


def _led() -> set[str]:
    """Organisations of which the person is a referent: they may give back what these hold."""
    held = auth.current_viewer().memberships
    return {m.organisation_id for m in held if m.capacity == "admin" and m.state == "active"}


@blueprint.route("/mes-acces", methods=["GET"])
def mine() -> Any:
    current = _grants("current", page_reading.PAGE_ROWS, page_reading.offset())
    current["rows"].sort(key=lambda row: row["until_iso"] or "9999")
    for row in current["rows"]:
        row["may_give_back"] = not row["to_organization"] or row["grantee_id"] in _led()
    over = _over(ENDED_SHOWN)
    over["rows"] = over["rows"][:ENDED_SHOWN]
    variables = {
        "current": current,
        "pending": _requests("pending", SHOWN),
        "over": over,
        "soon": [row for row in current["rows"] if row["sign"] == "soon" and row["url"]],
        "pages": page_reading.pages(current["count"]),
        "here": "mine",
    }
    return tk.render("access/mine.html", variables)


@blueprint.route("/mes-acces/termines", methods=["GET"])
def over() -> Any:
    start = page_reading.offset()
    found = _over(start + page_reading.PAGE_ROWS)
    rows = found["rows"][start : start + page_reading.PAGE_ROWS]
    variables = {"over": {**found, "rows": rows}, "pages": page_reading.pages(found["count"]), "here": "mine"}
    return tk.render("access/over.html", variables)


def _asked(request_id: Any) -> Dict:
    try:
        return act("idgo_access_request_show", {"id": str(request_id)})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("This request does not exist, or it is not yours."))


@blueprint.route("/demande-acces/<uuid:request_id>", methods=["GET"])
def asked(request_id: Any) -> Any:
    """One request: as who asked reads it; who decides is led to the queue (messages point here for both)."""
    found = _asked(request_id)
    if found["requester_id"] != auth.current_viewer().id:
        owner = found["organization"]["name"]
        return tk.redirect_to("idgo_access_desk.show", name=owner, request_id=request_id)
    variables = {
        "asked": page_rows.request(found, _now()),
        "history": [page_rows.history(line) for line in found["history"]],
        "grants": [page_rows.grant(row, _now()) for row in found.get("grants") or []],
        "answer_time": tk.h.idgo_access_answer_time(found["organization_id"]),
        "here": "mine",
    }
    return tk.render("access/asked.html", variables)


@blueprint.route("/demande-acces/<uuid:request_id>/retirer", methods=["POST"])
def withdraw(request_id: Any) -> Any:
    try:
        act("idgo_access_request_withdraw", {"id": str(request_id)})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("This request does not exist, or it is not yours."))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(page_reading.refused(error).values()))
    else:
        tk.h.flash_success(tk._("Your request is withdrawn."))
    return tk.redirect_to("idgo_access_pages.mine")


def _held(grant_id: Any) -> Dict:
    """A current grant that the person holds, or holds for an organisation they lead."""
    found = page_reading.one_grant({"state": "current"}, str(grant_id))
    return found or tk.abort(404, tk._("This access does not exist, or it is not yours."))


@blueprint.route("/mes-acces/<uuid:grant_id>/rendre", methods=["GET"])
def give_back(grant_id: Any) -> Any:
    variables = {"grant": page_rows.grant(_held(grant_id), _now()), "here": "mine"}
    return tk.render("access/give_back.html", variables)


@blueprint.route("/mes-acces/<uuid:grant_id>/rendre", methods=["POST"])
def given_back(grant_id: Any) -> Any:
    reason = page_reading.text("reason")
    try:
        act("idgo_access_grant_revoke", {"id": str(grant_id), "reason": reason})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("This access does not exist, or it is not yours."))
    except tk.NotAuthorized as error:
        tk.h.flash_error(str(error))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(page_reading.refused(error).values()))
    else:
        tk.h.flash_success(tk._("The access is given back: it is closed at once."))
    return tk.redirect_to("idgo_access_pages.mine")


@blueprint.route("/demandes-acces", methods=["GET"])
def queues() -> Any:
    """The queue of the organisation the person leads; a list where there are several."""
    viewer = auth.current_viewer()
    counts = dict(page_queries.led_counts(viewer))
    if viewer.sysadmin:
        counts = {**page_queries.all_pending(), **counts}
    led = page_queries.organizations(counts)
    if len(led) == 1:
        return tk.redirect_to("idgo_access_desk.queue", name=led[0]["name"])
    rows = [{**one, "count": counts.get(one["id"], 0)} for one in led]
    rows.sort(key=lambda row: -row["count"])
    return tk.render("access/queues.html", {"rows": rows, "here": "queues"})
