"""Queues of those who decide: ``/organisme/<name>/adhesions`` (referents), ``/guichet/adhesions``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.membership.core.roles import ROLES, rank
from ckanext.idgo.membership.plugin import describing, people
from ckanext.idgo.membership.plugin.views import guard

blueprint = Blueprint("idgo_adhesions", __name__)
blueprint.before_request(guard.before)

SHOWN, PAST = 100, 20


def _lists(**where: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """(waiting, decided, how many wait); 404 for whoever does not decide here."""
    try:
        waiting = guard.call("request_list", state="pending", limit=SHOWN, **where)
        past = guard.call("request_list", limit=SHOWN, **where)["results"]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)  # type: ignore[return-value]
    decided = [row for row in past if row["state"] in ("accepted", "refused")][:PAST]
    return waiting["results"], decided, waiting["count"]


def _chosen(waiting: list[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    """The request that is open on the page: the one asked for, else the one that waits longest."""
    found = [row for row in waiting if row["id"] == wanted] or waiting[:1]
    return found[0] if found else None


def _roles(row: dict[str, Any] | None) -> list[str]:
    """The roles that may be given: above the one held, and never plain member of a new organisation."""
    if row is None:
        return []
    held = None
    if row["organization"] and row.get("requester"):
        held = people.role(row["requester"]["id"], row["organization"]["id"])
    lowest = 2 if row["new_organization"] else 1
    return [code for code in ROLES if rank(code) >= lowest and rank(code) > rank(held)]


def _render(organization: Any | None, chosen_id: str, error: str = "", status: int = 200) -> Any:
    where = {"organization": organization.id} if organization else {"guichet": True}
    waiting, decided, count = _lists(**where)
    chosen = _chosen(waiting, chosen_id)
    members = [
        {"name": user.name, "fullname": user.fullname or user.name, "role": role}
        for user, role in (people.members(organization.id) if organization else [])
    ]
    variables = {
        "organization": describing.organization(organization),
        "waiting": waiting,
        "decided": decided,
        "count": count,
        "chosen": chosen,
        "roles": _roles(chosen),
        "members": members,
        "orphans": people.orphans() if organization is None else 0,
        "error": error,
        "typed": request.form,
    }
    return tk.render("idgo_membership/desk.html", variables), status


def _led(name: str) -> Any:
    organization = people.organization(name)
    return organization if organization is not None else tk.abort(404)


@blueprint.route("/organisme/<name>/adhesions", methods=["GET"])
def queue(name: str) -> Any:
    return _render(_led(name), request.args.get("demande", ""))


@blueprint.route("/guichet/adhesions", methods=["GET"])
def guichet() -> Any:
    return _render(None, request.args.get("demande", ""))


def _decide(organization: Any | None, request_id: str) -> Any:
    form = request.form
    data = {"decision": form.get("decision"), "role": form.get("role"), "reason": form.get("reason")}
    try:
        decided = guard.call("request_decide", id=request_id, **data)
    except tk.ObjectNotFound:
        return tk.abort(404)
    except tk.NotAuthorized as error:
        return _render(organization, request_id, str(error), 403)
    except tk.ValidationError as error:
        return _render(organization, request_id, " ".join(guard.sentences(error).values()), 409)
    accepted = decided["state"] == "accepted"
    said = (
        tk._("Accepted: the role holds from now on.") if accepted else tk._("Refused: the person reads why.")
    )
    tk.h.flash_success(said)
    if organization is None:
        return tk.redirect_to("idgo_adhesions.guichet")
    return tk.redirect_to("idgo_adhesions.queue", name=organization.name)


@blueprint.route("/organisme/<name>/adhesions/<request_id>", methods=["POST"])
def decide(name: str, request_id: str) -> Any:
    return _decide(_led(name), request_id)


@blueprint.route("/guichet/adhesions/<request_id>", methods=["POST"])
def decide_at_guichet(request_id: str) -> Any:
    return _decide(None, request_id)
