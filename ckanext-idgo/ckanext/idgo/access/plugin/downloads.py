"""The download route, after the verdict: an upload is streamed or handed over, a link redirected or fetched."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Response, redirect, request

from ckanext.idgo.access.core.tiers import Tier, read_tier
from ckanext.idgo.access.plugin import linked, stored
from ckanext.idgo.access.plugin.accounting import account
from ckanext.idgo.access.plugin.delivering import Failure
from ckanext.idgo.access.plugin.facts import Located


def is_download(endpoint: str) -> bool:
    """CKAN's own view, whatever the dataset type (``dataset_resource``, ``<type>_resource``)."""
    blueprint, _, view = endpoint.rpartition(".")
    return blueprint.rpartition("_")[2] == "resource" and view == "download"


def give(located: Located, user_id: str | None, *, as_json: bool) -> Any:
    """The answer for somebody who may have the content of ``located``.

    Issue 4: an open link is a redirect; any other is fetched by this server, and its address stays here.
    """
    resource = model.Session.get(model.Resource, located.resource_id)
    if resource is None:
        return tk.abort(404, tk._("Resource not found"))
    told = account(located, user_id)
    try:
        if resource.url_type == "upload":
            return stored.respond(resource, told)
        if read_tier(located.facts.tier, located.facts.dataset_tier) is Tier.OPEN:
            return _send_there(str(resource.url or ""), told)
        return linked.respond(resource, told)
    except Failure as failure:
        return _explained(failure, as_json)


def _send_there(url: str, told: Any) -> Any:
    if not url:
        return tk.abort(404, tk._("No download is available"))
    if request.method == "GET":
        told.on("redirect").tell(0)
    # Anything but an address of the web is for CKAN's view to make sense of.
    return redirect(url) if url.lower().startswith(("http://", "https://", "ftp://")) else None


def _explained(failure: Failure, as_json: bool) -> Response:
    """The failure in words: never where the data lies, nor what the other server said."""
    if as_json:
        error = {"__type": "Download Error", "message": failure.sentence, "reason": failure.code}
        body = json.dumps({"help": None, "success": False, "error": error})
        response = Response(body, failure.status, content_type="application/json;charset=utf-8")
    else:
        page = tk.render("access/failed.html", {"sentence": failure.sentence, "reason": failure.code})
        response = Response(page, failure.status, content_type="text/html; charset=utf-8")
    if failure.retry_seconds:
        response.headers["Retry-After"] = str(failure.retry_seconds)
    return response
