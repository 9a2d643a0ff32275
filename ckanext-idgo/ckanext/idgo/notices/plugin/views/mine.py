"""``/notifications``: what I was told, and how I want to be told."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.common.plugin import contexts
from ckanext.idgo.notices.core.facts import clean_path
from ckanext.idgo.notices.core.kinds import GROUPS, LANGUAGES
from ckanext.idgo.notices.plugin.views import guard

blueprint = Blueprint("idgo_notices", __name__, url_prefix="/notifications")
blueprint.before_request(guard.before)

ROWS = 20


@blueprint.route("", methods=["GET"])
def index() -> Any:
    number = guard.page_number()
    asked = {"offset": (number - 1) * ROWS, "limit": ROWS}
    found = tk.get_action("idgo_notices_list")(contexts.of_visitor(), asked)
    pages = max(1, -(-found["count"] // ROWS))
    return tk.render("idgo_notices/list.html", {"found": found, "number": number, "pages": pages})


@blueprint.route("/lues", methods=["POST"])
def mark() -> Any:
    """Mark one (``id``) or all as read; with ``path``, go to where it is dealt with."""
    one, path = request.form.get("id"), request.form.get("path")
    asked = {"ids": [one]} if one else {"all": True}
    tk.get_action("idgo_notices_mark_read")(contexts.of_visitor(), asked)
    if path:
        return tk.redirect_to(tk.h.idgo_notices_link(clean_path(path)))
    return tk.redirect_to("idgo_notices.index")


@blueprint.route("/reglages", methods=["GET"])
def settings() -> Any:
    chosen = tk.get_action("idgo_notices_choices_show")(contexts.of_visitor(), {})
    names = {"fr": "Français", "en": "English"}
    variables = {"chosen": chosen, "groups": list(GROUPS), "languages": [(c, names[c]) for c in LANGUAGES]}
    return tk.render("idgo_notices/settings.html", variables)


@blueprint.route("/reglages", methods=["POST"])
def choose() -> Any:
    channels = {group: request.form[group] for group in GROUPS if group in request.form}
    asked = {"channels": channels, "language": request.form.get("language", "")}
    try:
        tk.get_action("idgo_notices_choices_update")(contexts.of_visitor(), asked)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(error.error_summary.values()))
    else:
        tk.h.flash_success(tk._("Your choices are kept."))
    return tk.redirect_to("idgo_notices.settings")
