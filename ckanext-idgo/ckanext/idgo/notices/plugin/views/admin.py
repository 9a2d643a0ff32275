"""``/ckan-admin/notifications``: the outbox and the words, for system administrators."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ckanext.idgo.common.plugin import contexts
from ckanext.idgo.notices.plugin.views import guard

blueprint = Blueprint("idgo_notices_admin", __name__, url_prefix="/ckan-admin/notifications")
blueprint.before_request(guard.before_admin)

ROWS = 50


def _act(action: str, data: dict[str, Any]) -> Any:
    return tk.get_action(f"idgo_notices_{action}")(contexts.of_visitor(), data)


@blueprint.route("", methods=["GET"])
def index() -> Any:
    number, state = guard.page_number(), request.args.get("state", "")
    try:
        found = _act("outbox_list", {"state": state, "offset": (number - 1) * ROWS, "limit": ROWS})
    except tk.ValidationError:
        return tk.abort(404)
    pages = max(1, -(-found["count"] // ROWS))
    variables = {"found": found, "state": state, "number": number, "pages": pages}
    return tk.render("idgo_notices/outbox.html", variables)


@blueprint.route("/renvoyer", methods=["POST"])
def retry() -> Any:
    one = request.form.get("id")
    try:
        count = _act("outbox_retry", {"id": one} if one else {"all": True})["count"]
    except tk.ObjectNotFound as error:
        tk.h.flash_error(str(error))
    else:
        said = tk.ungettext("{n} mail is due now.", "{n} mails are due now.", count)
        tk.h.flash_success(said.format(n=count))
    return tk.redirect_to("idgo_notices_admin.index")


@blueprint.route("/textes", methods=["GET"])
def texts() -> Any:
    return tk.render("idgo_notices/texts.html", {"rows": _act("words_show", {})})


@blueprint.route("/textes/<kind>/<language>", methods=["GET"])
def edit(kind: str, language: str) -> Any:
    row = _row(kind, language)
    return _editor(row, row["subject"], row["body"], {})


@blueprint.route("/textes/<kind>/<language>", methods=["POST"])
def change(kind: str, language: str) -> Any:
    """``act``: ``preview`` shows the mail, ``default`` takes the shipped words again, else they are kept."""
    row, act = _row(kind, language), request.form.get("act")
    subject, body = request.form.get("subject", ""), request.form.get("body", "")
    asked = {"kind": kind, "language": language, "subject": subject, "body": body}
    if act == "default":
        asked |= {"subject": "", "body": ""}
    try:
        if act == "preview":
            return _editor(row, subject, body, {}, _act("words_preview", asked))
        _act("words_update", asked)
    except tk.ValidationError as error:
        return _editor(row, subject, body, error.error_summary), 400
    tk.h.flash_success(tk._("The words are kept: the next mails use them."))
    return tk.redirect_to("idgo_notices_admin.texts")


def _row(kind: str, language: str) -> dict[str, Any]:
    try:
        rows = _act("words_show", {"kind": kind})
    except tk.ObjectNotFound:
        return tk.abort(404)
    return next((row for row in rows if row["language"] == language), None) or tk.abort(404)


def _editor(
    row: dict[str, Any], subject: str, body: str, errors: Any, preview: dict[str, str] | None = None
) -> Any:
    """The editor with what was typed; without a preview, that of the words as they are kept."""
    if preview is None and not errors:
        asked = {key: row[key] for key in ("kind", "language", "subject", "body")}
        preview = _act("words_preview", asked)
    variables = {"row": row, "subject": subject, "body": body, "errors": errors, "preview": preview}
    return tk.render("idgo_notices/editor.html", variables)
