"""A session's cookie is never enough to change something: the token of our own form is asked, always.

CKAN asks it too, but exempts a view for the whole process as soon as anybody called it by API token
(``ckan/config/middleware/flask_app.py``, ``csrf.exempt(dest)``): one call to ``/api/3/action/…`` opened every
action, and one to ``/organization/edit/…`` that page, to forms that another site makes a signed-in browser
send (seen: a grant given). Views of ours check in their own guards, where what was typed is kept.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app, request
from flask_wtf.csrf import CSRFError

from ckanext.idgo.common.plugin import csrf

blueprint = Blueprint("idgo_csrf_gate", __name__)


def ask_again() -> None:
    """``before_app_request``: raises flask-wtf's ``CSRFError``, which CKAN answers with a 400."""
    view = current_app.view_functions.get(request.endpoint or "")
    theirs = view is not None and view.__module__.startswith("ckan.")
    if theirs and tk.current_user.is_authenticated and csrf.stale():
        raise CSRFError


blueprint.before_app_request(ask_again)
