"""``GET /dataset/<name>/iso19139.xml``: the record, as the caller may see it."""

from __future__ import annotations

import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

blueprint = Blueprint("idgo_metadata", __name__)


def iso19139(name: str) -> Any:
    """The XML, or 404: for what does not exist and for what the caller may not know of, as the dataset page.

    Anonymous answers may be kept by caches if they ask again (``ETag``); those of an account hold addresses
    that only it may have, and are never stored.
    """
    try:
        record = tk.get_action("idgo_metadata_record_show")({}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    answer = Response(record["xml"].encode("utf-8"), content_type="application/xml; charset=utf-8")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = f'inline; filename="{record["name"]}.xml"'
    answer.vary.update(("Cookie", "Authorization"))
    if tk.current_user.is_authenticated:
        tk.request.environ["__no_cache__"] = True  # else CKAN adds "public"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    answer.headers["Cache-Control"] = "no-cache"
    answer.last_modified = _instant(record["modified"])
    answer.add_etag()
    return answer.make_conditional(tk.request.environ)


def _instant(timestamp: str) -> datetime.datetime | None:
    """CKAN's timestamps are UTC without saying so."""
    try:
        return datetime.datetime.fromisoformat(timestamp).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return None


blueprint.add_url_rule("/dataset/<name>/iso19139.xml", view_func=iso19139)
