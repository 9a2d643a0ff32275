"""``GET /idgo/suggest`` and the page for a search that cannot be run outside the search page."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.idgo.catalogue.plugin.search import SearchRefusedError

# Suggestions depend on who asks: a browser may keep them for the time of typing, a shared cache never.
_CACHE = "private, max-age=30"

blueprint = Blueprint("idgo_catalogue", __name__)


@blueprint.route("/idgo/suggest")
def suggest() -> tuple[Response, int]:
    """JSON of ``idgo_catalogue_suggest`` for ``q``, ``kind`` and ``limit``; 400 with ``{"errors"}`` when a
    parameter is wrong."""
    asked = {name: tk.request.args.get(name, "") for name in ("q", "kind", "limit")}
    context: Any = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        answer = jsonify(tk.get_action("idgo_catalogue_suggest")(context, asked))
    except tk.ValidationError as error:
        return jsonify({"errors": error.error_dict}), 400
    except tk.NotAuthorized:
        return jsonify({"errors": {"user": [tk._("You may not search this catalogue.")]}}), 403
    answer.headers["Cache-Control"] = _CACHE
    return answer, 200


@blueprint.app_errorhandler(SearchRefusedError)
def refused(error: SearchRefusedError) -> tuple[str, int]:
    """The Atom feeds run searches without catching their errors: a stray quote there was a 500."""
    shown = {"code": 400, "name": tk._("Search not understood"), "content": str(error)}
    return tk.render("error_document_template.html", shown), 400
