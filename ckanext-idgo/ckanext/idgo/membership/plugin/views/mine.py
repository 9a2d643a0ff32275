"""``/mon-organisme``: my roles, my requests, leaving and appointing a successor."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.membership.core.roles import orphans
from ckanext.idgo.membership.plugin import describing, people, terms
from ckanext.idgo.membership.plugin.views import guard

blueprint = Blueprint("idgo_mon_organisme", __name__, url_prefix="/mon-organisme")
blueprint.before_request(guard.before)


def _row(organization: Any, role: str) -> dict[str, Any]:
    referents = people.referents(organization.id)
    return {
        **(describing.organization(organization) or {}),
        "role": role,
        "referents": len(referents),
        "last": orphans(referents, referents - {tk.current_user.id}),
        "guichet": people.is_guichet(organization),
        "deposits": role in ("editor", "admin"),
    }


@blueprint.route("", methods=["GET"])
def mine() -> Any:
    held = [_row(organization, role) for organization, role in people.memberships(tk.current_user.id)]
    asked = guard.call("request_list", limit=50)["results"]
    return tk.render(
        "idgo_membership/mine.html",
        {
            "held": held,
            "pending": [row for row in asked if row["state"] == "pending"],
            "past": [row for row in asked if row["state"] != "pending"],
            "terms_due": terms.due(tk.current_user.id),
        },
    )


@blueprint.route("/demande/<request_id>/retirer", methods=["POST"])
def withdraw(request_id: str) -> Any:
    try:
        guard.call("request_withdraw", id=request_id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(guard.sentences(error).values()))
        return tk.redirect_to("idgo_mon_organisme.mine")
    tk.h.flash_success(tk._("Your request is taken back."))
    return tk.redirect_to("idgo_mon_organisme.mine")


def _mine(name: str) -> tuple[Any, str]:
    """An organisation one belongs to, and the role; 404 for any other."""
    organization = people.organization(name)
    role = people.role(tk.current_user.id, organization.id) if organization else None
    if organization is None or role is None:
        tk.abort(404, tk._("Organization not found"))
    return organization, str(role)


def _leave_page(name: str, error: str = "", status: int = 200) -> Any:
    organization, role = _mine(name)
    others = [
        {"name": user.name, "fullname": user.fullname or user.name, "role": held}
        for user, held in people.members(organization.id)
        if user.id != tk.current_user.id
    ]
    row = _row(organization, role)
    variables = {"organization": row, "others": others, "error": error}
    return tk.render("idgo_membership/leave.html", variables), status


@blueprint.route("/<name>/quitter", methods=["GET"])
def confirm(name: str) -> Any:
    return _leave_page(name)


@blueprint.route("/<name>/quitter", methods=["POST"])
def leave(name: str) -> Any:
    organization, _ = _mine(name)
    successor = request.form.get("successor", "")
    title = organization.title or organization.name
    try:
        guard.call("leave", organization=organization.id, successor=successor)
    except tk.ValidationError as error:
        return _leave_page(name, " ".join(guard.sentences(error).values()), 400)
    except tk.NotAuthorized as error:
        return _leave_page(name, str(error), 403)
    tk.h.flash_success(tk._("You have left “{title}”. Its datasets stay with it.").format(title=title))
    return tk.redirect_to("idgo_mon_organisme.mine")


@blueprint.route("/<name>/successeur", methods=["POST"])
def appoint(name: str) -> Any:
    """Make a member a referent, and stay."""
    organization, _ = _mine(name)
    member = {"id": organization.id, "username": request.form.get("successor", ""), "role": "admin"}
    if member["username"] not in {user.name for user, _ in people.members(organization.id)}:
        return _leave_page(name, tk._("Choose a member of the organization."), 400)
    try:
        tk.get_action("organization_member_create")(guard.context(), member)
    except tk.NotAuthorized:
        return _leave_page(name, tk._("Only a referent appoints a successor."), 403)
    tk.h.flash_success(tk._("A new referent is appointed."))
    return tk.redirect_to("idgo_mon_organisme.mine")
