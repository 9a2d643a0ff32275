"""The check that a form was sent from our own page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import g, request
from flask_wtf.csrf import CSRFError, validate_csrf

_SAFE = ("GET", "HEAD", "OPTIONS")


def stale() -> bool:
    """Was this sent without the token of our own page (too old, or another site's)?

    CKAN checks too, but exempts a view for the whole process once anyone called it by a token
    (``ckan/config/middleware/flask_app.py``, ``csrf.exempt(dest)``): here the check is always made. A call
    by API token carries no cookie that another site could ride on.
    """
    if request.method in _SAFE or g.get("login_via_auth_header"):
        return False
    if not tk.config.get("WTF_CSRF_ENABLED", True):
        return False
    token = request.headers.get("X-CSRFToken") or request.form.get(tk.config["WTF_CSRF_FIELD_NAME"])
    try:
        validate_csrf(token)
    except (CSRFError, ValueError):
        return True
    return False
