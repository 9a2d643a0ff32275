"""The download route, after the verdict: uploads streamed or handed over, links redirected or fetched."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Response, g, redirect, request

from ckanext.idgo.access.core.tiers import Tier, read_tier
from ckanext.idgo.access.plugin import linked, stored
from ckanext.idgo.access.plugin.accounting import Account, account
from ckanext.idgo.access.plugin.bodies import Chunks
from ckanext.idgo.access.plugin.delivering import Failure
from ckanext.idgo.access.plugin.facts import Located, locate


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
        if resource.url_type and not _of_the_web(str(resource.url)):
            return None  # a table of the datastore: CKAN's view leads to its own dump, which is guarded too
        if read_tier(located.facts.tier, located.facts.dataset_tier) is Tier.OPEN:
            return _send_there(str(resource.url or ""), told)
        return linked.respond(resource, told)
    except Failure as failure:
        return _explained(failure, as_json)


def expect(resource_id: str, user_id: str | None) -> None:
    """CKAN's own view of tracked files may give this resource's bytes: ``count`` them if it does."""
    located = locate([resource_id]).get(resource_id)
    if located is not None:
        g.idgo_download = account(located, user_id)


def count(response: Any) -> None:
    """Tell of the bytes of ``response`` at its end, where ``expect`` announced them."""
    told: Account | None = g.get("idgo_download")
    if told is None or request.method != "GET" or response.status_code not in (200, 206):
        return
    source = response.response
    release = getattr(source, "close", lambda: None)
    told = told.on("range" if response.status_code == 206 else "file")
    response.direct_passthrough = False
    response.response = Chunks(iter(source), release, told.tell)


def _send_there(url: str, told: Account) -> Any:
    if not url:
        return tk.abort(404, tk._("No download is available"))
    if request.method == "GET":
        told.on("redirect").tell(0)
    # Anything but an address of the web is for CKAN's view to make sense of.
    return redirect(url) if _of_the_web(url) else None


def _of_the_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "ftp://"))


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
