"""One gate in front of ``/api/``: what no action could read is refused, every error leaves in an envelope."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from ckanext.idgo.common.core import parameters, payload
from ckanext.idgo.common.core.errors import N_, BadInput

blueprint = Blueprint("idgo_api_gate", __name__)

_ENVELOPE_KEYS = {"success", "error"}
_KINDS = {400: "Bad Request", 401: "Authorization Error", 403: "Authorization Error", 404: "Not Found Error"}


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _is_action() -> bool:
    return request.endpoint == "api.action"


def _help() -> str | None:
    name = (request.view_args or {}).get("logic_function")
    if not name:
        return None
    return str(tk.url_for("api.action", logic_function="help_show", ver=3, name=name, _external=True))


def envelope(status: int, error: dict[str, Any]) -> Response:
    """``{"help", "success": false, "error"}``, as CKAN's own API answers (``ckan/views/api.py``)."""
    body = {"help": _help(), "success": False, "error": error}
    return Response(json.dumps(body), status, content_type="application/json;charset=utf-8")


def _flat(values: MultiDict[str, str]) -> dict[str, Any]:
    """One value, or a list where a name comes several times."""
    return {
        name: found[0] if len(found) == 1 else found for name, found in values.to_dict(flat=False).items()
    }


def _sent() -> Iterator[dict[str, Any]]:
    """What the action is about to read, as ``ckan/views/api.py`` reads it. Files are not opened here."""
    if request.method not in ("POST", "PUT", "PATCH"):
        yield _flat(request.args)
        return
    form = request.form
    if not form:
        body = request.get_data()
        yield payload.parse_object(body) if body and _is_action() else {}
        return
    names, values = list(form.keys()), list(form.values())
    if _is_action() and len(values) == 1 and values[0] in ("", "1"):
        yield payload.parse_object(names[0])  # JSON sent without its content type: curl's -d
    else:
        yield _flat(form)


def refuse_unreadable() -> Response | None:
    """``before_app_request``: 400 where the body cannot be read at all, 409 for one value."""
    if not _is_api():
        return None
    name = str((request.view_args or {}).get("logic_function", ""))
    if name and not _is_known(name):
        return envelope(400, {"__type": "Bad Request", "message": tk._("There is no action of this name.")})
    try:
        payload.check(_flat(request.args))
        for part in _sent():
            payload.check(part)
            parameters.check(name, part)
    except payload.UnreadableBody as error:
        return envelope(400, {"__type": "Validation Error", "message": _said(error)})
    except BadInput as error:
        return envelope(409, {"__type": "Validation Error", error.params["field"]: [_said(error)]})
    return None


def _is_known(name: str) -> bool:
    """Whether ``name`` is an action: ckanext-harvest registers all that its modules hold, classes and helpers
    included (``plugin.py``), which cannot be called with ``(context, data_dict)``, and its auth functions too
    once they were loaded (one default argument for both)."""
    try:
        function: Callable[..., Any] = tk.get_action(name)
    except KeyError:
        return False
    # A link of a chain is a ``partial`` that has its first argument; CKAN copies onto it the attributes of
    # what it wraps, ``__wrapped__`` included, which leads to a function of three arguments.
    real = inspect.unwrap(function, stop=lambda found: isinstance(found, functools.partial))
    if inspect.isclass(real) or ".logic.auth" in str(getattr(real, "__module__", "")):
        return False
    try:
        inspect.signature(real, follow_wrapped=False).bind({}, {})
    except TypeError:
        return False
    return True


def _said(error: BadInput) -> str:
    return tk._(error.template).format(**error.params)


def enclose(response: Response) -> Response:
    """``after_app_request``: an error page or a bare sentence of the API becomes the envelope.

    CKAN answers HTML to an unknown path, to a content type it does not take, and to what breaks outside of an
    action (logged by its own handler); a sentence alone to an unknown action and to GET where POST is asked.
    """
    if not _is_api() or response.status_code < 400 or response.is_streamed:
        return response
    said = response.get_json(silent=True) if response.is_json else None
    if isinstance(said, dict) and set(said) >= _ENVELOPE_KEYS:
        return response
    kind = _KINDS.get(response.status_code, "Internal Server Error")
    if response.status_code < 500:
        kind = _KINDS.get(response.status_code, "Bad Request")
    message = said if isinstance(said, str) else _sentence(response.status_code)
    enclosed = envelope(response.status_code, {"__type": kind, "message": message})
    response.set_data(enclosed.get_data())
    response.content_type = enclosed.content_type
    return response


def keep_private(response: Response) -> Response:
    """``after_app_request``: what an account may read (requests, grants, who asked for what) is no proxy's.

    CKAN calls every answer of its API public."""
    if _is_api() and tk.current_user.is_authenticated:
        request.environ["__no_cache__"] = True
    return response


def _sentence(status: int) -> str:
    known = {
        404: N_("This address of the API does not exist."),
        405: N_("This address of the API does not take this method."),
        413: N_("The request is larger than this site accepts."),
        415: N_("Send the body as JSON, with the header Content-Type: application/json."),
    }
    refused = N_("The request cannot be read.")
    broken = N_("The request met an unforeseen error: it is in the site's log.")
    return tk._(known.get(status, refused if status < 500 else broken))


blueprint.before_app_request(refuse_unreadable)
blueprint.after_app_request(enclose)
blueprint.after_app_request(keep_private)
