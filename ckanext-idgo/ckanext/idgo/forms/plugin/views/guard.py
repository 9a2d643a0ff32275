"""Who comes in: logged in, from our own pages, entitled to deposit."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import jsonify, request

from ckanext.idgo.common.plugin import contexts, csrf


def context() -> Context:
    """A fresh context of the current user, for ``tk.get_action``."""
    return contexts.of_visitor()


def wants_json() -> bool:
    """Asked by our scripts or by a program, not by a person following a link."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def login_first() -> Any:
    """The login page, which leads back here; a program gets 403 in CKAN's envelope.

    After a form was posted without a session the way back is the page of the form, where the draft is.
    """
    if wants_json() or "/envois" in request.path:
        return refusal(tk._("You must be logged in."), 403, "Authorization Error")
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    tk.h.flash_notice(tk._("Log in to go on: your draft is kept."))
    return tk.redirect_to("user.login", came_from=back)


def refusal(message: str, status: int, kind: str, **more: Any) -> Any:
    """An error in CKAN's envelope."""
    body = {"success": False, "error": {"__type": kind, "message": message, **more}}
    return jsonify(body), status


def before() -> Any:
    """``before_request`` of the room's blueprints."""
    if tk.current_user.is_anonymous:
        return login_first()
    refused = _csrf()
    if refused is not None:
        return refused
    try:
        tk.check_access("idgo_forms_deposit_list", context(), {})
    except tk.NotAuthorized as error:
        if wants_json() or "/envois" in request.path:
            return refusal(str(error), 403, "Authorization Error")
        return tk.render("idgo_forms/not_entitled.html", {"message": str(error)}), 403
    return None


def _csrf() -> Any:
    if not csrf.stale():
        return None
    if wants_json() or "/envois" in request.path:
        return refusal(tk._("This page is too old: reload it."), 400, "CSRF Error")
    tk.h.flash_error(tk._("The page was too old to be sent. What was saved is here: send it again."))
    return tk.redirect_to(request.path)
