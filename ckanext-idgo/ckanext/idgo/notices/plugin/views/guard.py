"""Who comes in: signed in, from our own pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import request

from ckanext.idgo.common.plugin import csrf


def before() -> Any:
    """``before_request`` of the room's pages: the login page leads back here."""
    if tk.current_user.is_anonymous:
        back = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return tk.redirect_to("user.login", came_from=back)
    return _csrf()


def before_admin() -> Any:
    """The same, then system administrators only."""
    refused = before()
    if refused is None and not getattr(tk.current_user, "sysadmin", False):
        return tk.abort(403, tk._("Only system administrators may do this."))
    return refused


def _csrf() -> Any:
    if not csrf.stale():
        return None
    tk.h.flash_error(tk._("The page was too old to be sent. Nothing was changed: send it again."))
    return tk.redirect_to("idgo_notices.index")


def page_number() -> int:
    """The page asked for, from 1; what is no number is the first."""
    given = request.args.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1
