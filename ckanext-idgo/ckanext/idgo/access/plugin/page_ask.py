"""``/demande-acces``: ask for locked resources of a dataset. A page that works without scripts; with them its
form also opens as a dialog (``idgo-dialog.js`` fetches this page and shows its form)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from flask import request
from werkzeug.datastructures import MultiDict

from ckanext.idgo.access.core.places import write_places
from ckanext.idgo.access.core.requests import today_in_paris
from ckanext.idgo.access.plugin import auth, page_queries, page_reading, page_words
from ckanext.idgo.access.plugin.page_helpers import idgo_access_way
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.common.plugin import contexts

Dict = dict[str, Any]


def _act(name: str, data: Dict) -> Any:
    return tk.get_action(name)(contexts.of_visitor(), data)


def _renewed() -> Dict | None:
    """The grant to renew, one of the person's own; 404 for any other."""
    wanted = request.args.get("renouveler")
    if not wanted:
        return None
    return page_reading.one_grant({}, wanted) or tk.abort(
        404, tk._("This access does not exist, or it is not yours.")
    )


def _dataset(renewed: Dict | None) -> Dict:
    wanted = renewed["package_id"] if renewed else request.args.get("dataset", "")
    try:
        return _act("package_show", {"id": wanted})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("This dataset does not exist any more."))


def _rows(pkg: Dict, renewed: Dict | None) -> list[Dict]:
    """What may be asked for: locked resources of the dataset, and those of the grant to renew."""
    rows = []
    for res in pkg.get("resources") or []:
        again = renewed is not None and renewed["resource_id"] in (None, res["id"])
        tier = res.get("access_tier") or pkg.get("access_tier")
        if tier != "restricted" or not (again or res.get("idgo_locked")):
            continue
        way = {"way": "ask"} if again else idgo_access_way(res, pkg)
        if way["way"] in ("ask", "extract", "pending"):
            rows.append({"res": res, "way": way["way"], "since": way.get("since", ""), "id": res["id"]})
    return rows


def _organizations(owner: str) -> list[Dict]:
    """Those the person is an active member of, the owner apart: its members need no grant."""
    ids = sorted({m.organisation_id for m in auth.current_viewer().memberships if m.state == "active"})
    found = page_queries.organizations(ids)
    return [one for one in found if one["id"] != owner]


def _first_values(rows: list[Dict], organizations: list[Dict], renewed: Dict | None) -> MultiDict[str, str]:
    """What a fresh form holds: the resource whose button was pressed (else all), the organisation first."""
    pressed = request.args.get("ressource")
    free = [row["id"] for row in rows if row["way"] != "pending"]
    chosen = [pressed] if pressed in free else free
    values: MultiDict[str, str] = MultiDict()
    values.setlist("resource", [str(one) for one in chosen])
    values["for"] = organizations[0]["id"] if organizations else "me"
    if renewed:
        values["for"] = renewed["grantee_id"] if renewed["grantee_type"] == "organization" else "me"
        values["territory"] = write_places(renewed["codes"], Territories.load())
        if renewed["resource_id"] is None:
            values.setlist("resource", ["whole"])
        values["purpose"] = _purpose_before(renewed)
    return values


def _purpose_before(renewed: Dict) -> str:
    if not renewed.get("request_id"):
        return ""
    try:
        return str(_act("idgo_access_request_show", {"id": renewed["request_id"]})["purpose"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return ""


def page(errors: dict[str, str] | None = None, status: int = 200) -> Any:
    """The form; with ``errors`` as it was sent, nothing typed lost."""
    renewed = _renewed()
    pkg = _dataset(renewed)
    rows = _rows(pkg, renewed)
    owner = str(pkg.get("owner_org") or "")
    organizations = _organizations(owner)
    values = request.form if errors is not None else _first_values(rows, organizations, renewed)
    variables = {
        "pkg": pkg,
        "rows": rows,
        "free": [row for row in rows if row["way"] != "pending"],
        "renewed": renewed,
        "organizations": organizations,
        "purposes": page_words.purposes(),
        "values": values,
        "errors": errors or {},
        "answer_time": tk.h.idgo_access_answer_time(owner) if owner else "",
        "today": today_in_paris(datetime.now(timezone.utc)).isoformat(),
    }
    return tk.render("access/ask.html", variables), status


def _missing() -> dict[str, str]:
    """What a request cannot do without, said all at once (the action stops at the first)."""
    return {
        "purpose": tk._("Choose what the data is for."),
        "message": tk._("Write what you will do with the data."),
        "accept_license": tk._("Accept the licence of the data to ask for it."),
    }


def _sent(pkg: Dict, renewed: Dict | None, errors: dict[str, str]) -> Dict:
    chosen = request.form.getlist("resource")
    data: Dict = {
        "purpose": page_reading.text("purpose"),
        "message": page_reading.text("message"),
        "accept_license": "licence" in request.form,
        "territory": page_reading.territory(errors),
        "until": page_reading.text("until"),
    }
    errors |= {field: said for field, said in _missing().items() if not data[field]}
    if renewed:
        data["renews"] = renewed["id"]
    elif "whole" in chosen:
        data["dataset"] = pkg["id"]
    elif chosen:
        data["resources"] = chosen
    else:
        errors["resources"] = tk._("Choose at least one file.")
    asked_for = page_reading.text("for")
    if asked_for and asked_for != "me":
        data["for_organization"] = asked_for
    return data


def send() -> Any:
    renewed = _renewed()
    pkg = _dataset(renewed)
    errors: dict[str, str] = {}
    data = _sent(pkg, renewed, errors)
    if not errors:
        try:
            made = _act("idgo_access_request_create", data)
        except tk.ValidationError as error:
            errors = page_reading.refused(error)
        except (tk.NotAuthorized, tk.ObjectNotFound) as error:
            errors = {"general": str(error)}
    if errors:
        return page(errors, 400)
    owner = (pkg.get("organization") or {}).get("title") or ""
    said = tk._("Your request was sent to {organization}. The answer comes here and by e-mail.")
    tk.h.flash_success(said.format(organization=owner))
    return tk.redirect_to("idgo_access_pages.asked", request_id=made["id"])
