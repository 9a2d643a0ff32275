"""``/organisme/<name>/acces``: grants given, taken back, exported; on the desk's blueprint."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, request

from ckanext.idgo.access.core.ledger import as_csv
from ckanext.idgo.access.plugin import page_queries, page_reading, page_rows
from ckanext.idgo.access.plugin.page_desk import Dict, act, blueprint, desk, now

STATES = ("current", "ended", "revoked")


def _filters() -> Dict:
    """``?etat=&jeu=``: a state, a dataset's name; anything else is no filter."""
    state = request.args.get("etat", "current")
    return {"state": state if state in STATES else "", "dataset": request.args.get("jeu", "")}


def _listed(name: str, filters: Dict, limit: int, offset: int) -> Dict:
    query = {"organization": name, "limit": limit, "offset": offset}
    query |= {key: value for key, value in filters.items() if value}
    try:
        return act("idgo_access_grant_list", query)
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("This dataset does not exist any more."))


@blueprint.route("/acces", methods=["GET"])
def grants(name: str) -> Any:
    filters = _filters()
    found = _listed(name, filters, page_reading.PAGE_ROWS, page_reading.offset())
    here = desk(name, "grants")
    variables = {
        **here,
        "rows": [page_rows.grant(row, now()) for row in found["results"]],
        "count": found["count"],
        "filters": filters,
        "datasets": page_queries.datasets_granted(here["org"]["id"]),
        "pages": page_reading.pages(found["count"]),
    }
    return tk.render("access/grants.html", variables)


@blueprint.route("/acces.csv", methods=["GET"])
def export(name: str) -> Any:
    """The list under its filters, whole, for a spreadsheet."""
    rows: list[Dict] = []
    while True:
        found = _listed(name, _filters(), page_reading.AT_ONCE, len(rows))
        rows += found["results"]
        if not found["results"] or len(rows) >= found["count"]:
            break
    header = [
        tk._("To whom"),
        tk._("Person or organization"),
        tk._("Dataset"),
        tk._("File"),
        tk._("Territory"),
        tk._("Since"),
        tk._("Until"),
        tk._("State"),
        tk._("Taken back on"),
        tk._("Reason"),
        tk._("Identifier"),
    ]
    response = Response(as_csv(header, [_line(row) for row in rows]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="acces-{name}.csv"'
    return response


def _line(row: Dict) -> list[object]:
    shown = page_rows.grant(row, now())
    states = {"ended": tk._("Ended"), "revoked": tk._("Taken back")}
    kind = tk._("organization") if shown["to_organization"] else tk._("person")
    return [
        shown["grantee"],
        kind,
        shown["title"],
        shown["resource"] or tk._("whole dataset"),
        " ".join(row.get("codes") or []),
        str(row.get("starts_at") or "")[:10],
        shown["until_iso"],
        states.get(shown["sign"], tk._("Current")),
        str(row.get("revoked_at") or "")[:10],
        shown["revoke_reason"] or shown["reason"],
        shown["id"],
    ]


def _grant(name: str, grant_id: Any) -> Dict:
    """One current grant of this organisation; 404 for any other."""
    found = page_reading.one_grant({"organization": name, "state": "current"}, str(grant_id))
    if found is None:
        return tk.abort(404, tk._("This access does not exist, or it is already over."))
    return page_rows.grant(found, now())


def _revoke_page(name: str, grant_id: Any, errors: dict[str, str], status: int) -> Any:
    variables = {**desk(name, "grants"), "grant": _grant(name, grant_id), "errors": errors}
    variables["reason"] = page_reading.text("reason")
    return tk.render("access/revoke.html", variables), status


@blueprint.route("/acces/<uuid:grant_id>/retirer", methods=["GET"])
def revoke(name: str, grant_id: Any) -> Any:
    return _revoke_page(name, grant_id, {}, 200)


@blueprint.route("/acces/<uuid:grant_id>/retirer", methods=["POST"])
def revoked(name: str, grant_id: Any) -> Any:
    try:
        act("idgo_access_grant_revoke", {"id": str(grant_id), "reason": page_reading.text("reason")})
    except tk.ValidationError as error:
        errors = page_reading.refused(error)
        if "already-over" in errors:
            tk.h.flash_error(errors["already-over"])
            return tk.redirect_to("idgo_access_desk.grants", name=name)
        return _revoke_page(name, grant_id, errors, 400)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("This access does not exist, or it is already over."))
    tk.h.flash_success(tk._("The access is taken back: the very next click is refused."))
    return tk.redirect_to("idgo_access_desk.grants", name=name)


def _give_page(name: str, errors: dict[str, str] | None = None, status: int = 200) -> Any:
    here = desk(name, "grants")
    chosen = request.values.get("jeu", "")
    datasets = page_queries.restricted_files(here["org"]["id"])
    pkg = next((one for one in datasets if one["name"] == chosen), None)
    variables = {
        **here,
        "datasets": datasets,
        "pkg": pkg,
        "organizations": page_queries.other_organizations(here["org"]["id"]),
        "values": request.form,
        "errors": errors or {},
    }
    return tk.render("access/give.html", variables), status


@blueprint.route("/acces/accorder", methods=["GET"])
def give(name: str) -> Any:
    return _give_page(name)


@blueprint.route("/acces/accorder", methods=["POST"])
def given(name: str) -> Any:
    errors: dict[str, str] = {}
    data: Dict = {"until": page_reading.text("until"), "reason": page_reading.text("reason")}
    data["territory"] = page_reading.territory(errors)
    chosen = request.form.getlist("resource")
    if "whole" in chosen:
        data["dataset"] = page_reading.text("jeu")
    else:
        data["resources"] = chosen
    kind = "organization" if request.form.get("kind") == "organization" else "user"
    data[kind] = page_reading.text(kind)
    if not chosen:
        errors["resources"] = tk._("Choose at least one file.")
    if not data[kind]:
        errors[kind] = tk._("Say to whom.")
    if not errors:
        errors = _create(data)
    if errors:
        return _give_page(name, errors, 400)
    tk.h.flash_success(tk._("The access is granted. It counts at once."))
    return tk.redirect_to("idgo_access_desk.grants", name=name)


def _create(data: Dict) -> dict[str, str]:
    """Grant; what is refused, beside its field."""
    try:
        act("idgo_access_grant_create", data)
    except tk.ValidationError as error:
        return page_reading.refused(error)
    except tk.NotAuthorized as error:
        return {"general": str(error)}
    except tk.ObjectNotFound as error:
        return {"resources": str(error)}
    return {}
