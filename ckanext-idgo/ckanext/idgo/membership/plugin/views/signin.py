"""After sign-up and sign-in: the terms, when those in force were not accepted. Reading stays open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.common.core.addresses import is_own_path
from ckanext.idgo.membership.plugin import terms

blueprint = Blueprint("idgo_membership_signin", __name__)


def before() -> Any:
    """``before_app_request``: where to go after signing in or out is a page of this site, or nothing is said.

    CKAN follows what browsers take for another host (``/<tab>/host``, ``/\\host``), and breaks on others.
    """
    if request.endpoint not in ("user.login", "user.logout"):
        return None
    given = [value for name in ("next", "came_from") for value in request.args.getlist(name)]
    root = str(tk.config["ckan.site_url"]).rstrip("/")
    if all(not value or is_own_path(value.removeprefix(root) or "/") for value in given):
        return None
    return tk.redirect_to(request.endpoint)


def _signed_in(response: Any) -> bool:
    entered = request.method == "POST" and request.endpoint in ("user.login", "user.register")
    return entered and response.status_code in (302, 303) and tk.current_user.is_authenticated


def after(response: Any) -> Any:
    """``after_app_request``: whoever just signed in is led through the terms, then where they were going."""
    if not _signed_in(response) or not terms.due(tk.current_user.id):
        return response
    parts = urlsplit(response.headers.get("Location", ""))
    going = f"{parts.path}?{parts.query}" if parts.query else parts.path
    joining = request.endpoint == "user.register"
    back = {} if joining or not going.startswith("/") else {"came_from": going}
    response.headers["Location"] = tk.h.url_for("idgo_rejoindre.conditions", **back)
    return response


blueprint.before_app_request(before)
blueprint.after_app_request(after)
