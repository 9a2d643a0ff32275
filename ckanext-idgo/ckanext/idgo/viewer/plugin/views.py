"""``GET /dataset/<id>/resource/<resource_id>/apercu.json``: what a page draws of one resource."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify

viewer = Blueprint("idgo_viewer", __name__)


def _no_store(answer: Response, status: int) -> tuple[Response, int]:
    # Depends on who asks, and closes as soon as access does.
    tk.request.environ["__no_cache__"] = True  # else CKAN adds "public"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer, status


def preview(id: str, resource_id: str) -> tuple[Response, int]:
    """JSON of ``idgo_viewer_preview``; 403 closed, 404 not there or not of ``id``, 422 undrawable."""
    try:
        shown = tk.get_action("idgo_viewer_preview")({}, {"id": resource_id, "dataset": id})
    except tk.ObjectNotFound:
        return _no_store(jsonify({"error": tk._("Not found")}), 404)
    except tk.NotAuthorized:
        return _no_store(jsonify({"error": tk._("Preview not shown")}), 403)
    except tk.ValidationError as error:
        return _no_store(jsonify({"error": " ".join(error.error_summary.values())}), 422)
    return _no_store(jsonify(shown), 200)


viewer.add_url_rule("/dataset/<id>/resource/<resource_id>/apercu.json", view_func=preview)
