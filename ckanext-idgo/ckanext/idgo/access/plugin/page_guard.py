"""Who comes to the pages of access: signed in, and from our own forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, request

from ckanext.idgo.common.plugin import csrf


def login_first() -> Any:
    """The login page, which leads back to this page (a form that was posted: to the page it is on)."""
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    tk.h.flash_notice(tk._("Log in to go on: you come back to this page."))
    return tk.redirect_to("user.login", came_from=request.path + query)


def before(again: Callable[[], Any]) -> Any:
    """``before_request`` of the room's pages. ``again`` answers a form that was too old: nothing was done."""
    if tk.current_user.is_anonymous:
        return login_first()
    return again() if csrf.stale() else None


def too_old(again: Callable[[], Any]) -> Callable[[Exception], Any]:
    """A blueprint's answer to CKAN's own refusal of a form (``CSRFError``), which comes before ``before``."""
    return lambda error: login_first() if tk.current_user.is_anonymous else again()


def nothing_done(endpoint: str, **args: Any) -> Any:
    """Back to a page, for a form that was too old to be sent."""
    tk.h.flash_error(tk._("The page was too old to be sent: nothing was done. Send it again."))
    return tk.redirect_to(endpoint, **args)


def to_dialog(response: Response) -> Response:
    """``after_request``: a form sent from a dialog learns where to go; the page it goes to says the message.

    A redirection followed by the script would show the message to nobody.
    """
    if request.headers.get("X-Idgo-Dialog") and response.status_code in (301, 302, 303):
        place = response.headers.pop("Location")
        response.status_code = 204
        response.set_data(b"")
        response.headers["X-Idgo-Location"] = place
    request.environ["__no_cache__"] = True  # else CKAN adds "public" to what is no page (a table to export)
    response.headers["Cache-Control"] = "private, no-store"
    return response
