"""Template helpers of the pages of access: the way into a locked resource, the menu, the sub-navigation."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import current_app, g

from ckanext.idgo.access.core.standing import Asked, Standing, Way, standing
from ckanext.idgo.access.plugin import auth, page_queries, page_rows, page_words
from ckanext.idgo.common.plugin import contexts

Dict = dict[str, Any]
ASKED_AT_MOST = 200


def _asked() -> list[Asked]:
    """What the person waits for, read once a page and only where something is locked."""
    if "idgo_access_asked" not in g:
        query = {"state": "pending", "limit": ASKED_AT_MOST}
        found = tk.get_action("idgo_access_request_list")(contexts.of_visitor(), query)
        g.idgo_access_asked = [
            Asked(one["id"], item["package_id"], item["resource_id"], one["created"])
            for one in found["results"]
            for item in one["items"]
        ]
    return g.idgo_access_asked


def _standing(res: Dict, pkg: Dict) -> Standing:
    tier = str(res.get("access_tier") or pkg.get("access_tier") or "")
    signed_in = auth.current_viewer().signed_in
    waiting = _asked() if signed_in and tier == "restricted" else []
    reason = str(res.get("idgo_reason") or "")
    return standing(res["id"], pkg["id"], tier, reason, bool(pkg.get("owner_org")), signed_in, waiting)


def idgo_access_way(res: Dict, pkg: Dict) -> Dict:
    """How to get a locked resource: ``{"way", "url", "since", "places"}``; ``way``: ``core.standing.Way``."""
    found = _standing(res, pkg)
    here = tk.request.path
    urls = {
        Way.LOGIN: tk.h.url_for("user.login", came_from=here),
        Way.PENDING: tk.h.url_for("idgo_access_pages.asked", request_id=found.request_id)
        if found.request_id
        else "",
    }
    ask = tk.h.url_for("idgo_access_pages.ask", dataset=pkg["name"], ressource=res["id"])
    return {
        "way": found.way.value,
        "url": urls.get(found.way, ask),
        "since": page_rows.day(found.since) if found.since else "",
        "places": _clip(res["id"]) if found.way is Way.EXTRACT else "",
    }


def _clip(resource_id: str) -> str:
    answer = tk.get_action("idgo_access_decision_show")(contexts.of_visitor(), {"id": resource_id})
    return page_words.places(answer.get("clip"))


def idgo_access_dataset_way(pkg: Dict) -> Dict:
    """The one button of a dataset's head: ask for what is locked, or sign in; ``way`` empty otherwise."""
    locked = [res for res in pkg.get("resources") or [] if res.get("idgo_locked")]
    ways = [_standing(res, pkg).way for res in locked]
    if Way.ASK in ways or Way.EXTRACT in ways:
        return {"way": "ask", "url": tk.h.url_for("idgo_access_pages.ask", dataset=pkg["name"])}
    if Way.PENDING in ways:
        return {"way": "pending", "url": tk.h.url_for("idgo_access_pages.mine")}
    return {"way": "login" if Way.LOGIN in ways else ""}


def idgo_access_answer_time(organization_id: str) -> str:
    """``3 jours``: the mean delay of that organisation's answers; empty while it has given none."""
    known = g.setdefault("idgo_access_delays", {})
    if organization_id not in known:
        known[organization_id] = page_queries.mean_answer_days(organization_id)
    mean = known[organization_id]
    return "" if mean is None else page_words.days(mean)


def idgo_access_days(mean: float | None) -> str:
    """A mean delay in words; a dash where nothing was answered yet."""
    return "—" if mean is None else page_words.days(mean)


def idgo_access_menu() -> Dict:
    """The account menu: ``{"decides": bool, "pending": count}``."""
    counts = page_queries.led_counts(auth.current_viewer())
    return {"decides": bool(counts) or auth.current_viewer().sysadmin, "pending": sum(counts.values())}


def idgo_access_has_page(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def functions() -> Dict:
    return {name: value for name, value in globals().items() if name.startswith("idgo_access_")}
