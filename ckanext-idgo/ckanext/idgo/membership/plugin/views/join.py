"""``/rejoindre``: three short steps after sign-up (terms, organisation, request). A page each, no script."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.membership.core import newcomers
from ckanext.idgo.membership.core.roles import ROLES
from ckanext.idgo.membership.plugin import describing, people, terms
from ckanext.idgo.membership.plugin.views import guard, search

blueprint = Blueprint("idgo_rejoindre", __name__, url_prefix="/rejoindre")
FIELDS = ("title", "siren", "website", "description")


@blueprint.before_request
def before() -> Any:
    """Whoever has no account yet reads what joining is."""
    if tk.current_user.is_anonymous and request.endpoint == "idgo_rejoindre.start":
        return None
    return guard.before()


@blueprint.route("", methods=["GET"])
def start() -> Any:
    """To the step where one is."""
    chosen = request.args.get("organisme", "")
    if tk.current_user.is_anonymous:
        return tk.render("idgo_membership/welcome.html", {"chosen": chosen})
    if terms.due(tk.current_user.id):
        return tk.redirect_to("idgo_rejoindre.conditions", **({"organisme": chosen} if chosen else {}))
    if chosen:
        return tk.redirect_to("idgo_rejoindre.ask", organisme=chosen)
    return tk.redirect_to("idgo_rejoindre.choose")


def _conditions(error: str = "", status: int = 200) -> Any:
    language = "en" if str(tk.h.lang()).startswith("en") else "fr"
    try:
        shown = guard.call("terms_show", lang=language)
    except tk.ObjectNotFound as missing:
        return tk.abort(404, str(missing))
    variables = {
        "terms": shown,
        "error": error,
        "came_from": guard.local(request.values.get("came_from")),
        "chosen": request.values.get("organisme", ""),
    }
    return tk.render("idgo_membership/terms.html", variables), status


@blueprint.route("/conditions", methods=["GET"])
def conditions() -> Any:
    return _conditions()


@blueprint.route("/conditions", methods=["POST"])
def accept() -> Any:
    if not request.form.get("accept"):
        return _conditions(tk._("Tick the box to accept the terms."), 400)
    try:
        guard.call("terms_accept", version=request.form.get("version", ""))
    except tk.ValidationError as error:
        return _conditions(" ".join(guard.sentences(error).values()), 409)
    back, chosen = guard.local(request.form.get("came_from")), request.form.get("organisme", "")
    if back:
        return tk.redirect_to(back)
    if chosen:
        return tk.redirect_to("idgo_rejoindre.ask", organisme=chosen)
    return tk.redirect_to("idgo_rejoindre.choose")


def _terms_first() -> Any:
    chosen = request.values.get("organisme", "")
    return tk.redirect_to("idgo_rejoindre.conditions", **({"organisme": chosen} if chosen else {}))


@blueprint.route("/organisme", methods=["GET"])
def choose() -> Any:
    """Find one's organisation by its name."""
    if terms.due(tk.current_user.id):
        return _terms_first()
    query = " ".join(request.args.get("q", "")[:200].split())
    held = {organization.id: role for organization, role in people.memberships(tk.current_user.id)}
    found = search.organizations(query)
    return tk.render(
        "idgo_membership/choose.html",
        {"q": query, "found": found[: search.SHOWN], "count": len(found), "held": held},
    )


def _ask_page(errors: dict[str, str] | None = None, status: int = 200, **more: Any) -> Any:
    """The request itself, for an organisation that exists or one to be created."""
    reference = request.values.get("organisme", "")
    organization = people.organization(reference) if reference else None
    if reference and (organization is None or people.is_guichet(organization)):
        return tk.abort(404, tk._("Organization not found"))
    held = people.role(tk.current_user.id, organization.id) if organization else None
    roles = [code for code in ROLES if organization or code != "member"]
    variables = {
        "organization": describing.organization(organization),
        "place": people.place(organization.id if organization else None),
        "held": held,
        "roles": [code for code in roles if newcomer_may(held, code)],
        "typed": {**request.args.to_dict(), **request.form.to_dict()},
        "errors": errors or {},
        **more,
    }
    return tk.render("idgo_membership/ask.html", variables), status


def newcomer_may(held: str | None, code: str) -> bool:
    """Whether a role is above the one held."""
    return held is None or ROLES.index(code) > ROLES.index(held)


@blueprint.route("/demande", methods=["GET"])
def ask() -> Any:
    return _terms_first() if terms.due(tk.current_user.id) else _ask_page()


@blueprint.route("/demande", methods=["POST"])
def send() -> Any:
    form = request.form
    data: dict[str, Any] = {"role": form.get("role"), "message": form.get("message")}
    if form.get("organisme"):
        data["organization"] = form["organisme"]
    else:
        data["new_organization"] = {field: form.get(field, "") for field in FIELDS}
        near = _near(data["new_organization"])
        if near and not form.get("distinct"):
            return _ask_page(near=near, status=409)
    try:
        guard.call("request_create", **data)
    except tk.ValidationError as error:
        return _ask_page(guard.sentences(error), 400)
    except tk.NotAuthorized:
        return _terms_first()
    tk.h.flash_success(tk._("Your request is sent. You are told as soon as it is decided."))
    return tk.redirect_to("idgo_mon_organisme.mine")


def _near(given: dict[str, str]) -> list[dict[str, str]]:
    """Organisations that may be the one described; none where the description cannot be read yet."""
    try:
        return describing.duplicates(newcomers.read_new(given).as_dict())
    except IdgoError:
        return []
