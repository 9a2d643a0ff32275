"""The demonstration's requests and grants, made by its accounts through the actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.demo.core.accesses import ASKED, GIVEN, Asking, Giving
from ckanext.idgo.demo.plugin.actions import as_account, shown

Say = Callable[[str], None]


def ensure(now: datetime, say: Say) -> None:
    """Ask, answer and give what was not yet; nothing where accounts, datasets or the access room are missing.

    What was asked once is not asked again, whatever became of it: a person may have decided it since.
    """
    if not p.plugin_loaded("idgo_access"):
        return
    for asking in ASKED:
        if _there(asking.dataset, asking.who, asking.by) and not _asked_before(asking):
            _ask(asking, now)
            say(f"asked      {asking.who}: {asking.dataset}")
    for giving in GIVEN:
        if _there(giving.dataset, giving.by) and not _given_before(giving):
            _give(giving, now)
            say(f"granted    {giving.organization}: {giving.dataset}")


def _there(dataset: str, *accounts: str) -> bool:
    """Somebody may since have removed the dataset or opened its files: there is then nothing to ask for."""
    return bool(_locked_files(dataset)) and all(model.User.get(name) for name in accounts if name)


def _locked_files(dataset: str) -> list[str]:
    """Ids of the dataset's restricted files."""
    found = shown("package", dataset) or {}
    tier = found.get("access_tier")
    return [r["id"] for r in found.get("resources", []) if (r.get("access_tier") or tier) == "restricted"]


def _list(account: str, action: str, **query: Any) -> list[dict[str, Any]]:
    found = tk.get_action(action)(as_account(account), {"limit": 200, **query})
    return found["results"]


def _asked_before(asking: Asking) -> bool:
    requests = _list(asking.who, "idgo_access_request_list")
    return any(item["package_name"] == asking.dataset for one in requests for item in one["items"])


def _given_before(giving: Giving) -> bool:
    package = shown("package", giving.dataset) or {}
    grants = _list(giving.by, "idgo_access_grant_list", organization=package["organization"]["name"])
    return any(
        one["package_name"] == giving.dataset and one["grantee"]["name"] == giving.organization
        for one in grants
    )


def _day(now: datetime, days: int | None) -> str:
    """The day in Europe/Paris that many days from now, ``YYYY-MM-DD``; empty: no end."""
    if days is None:
        return ""
    return (now.astimezone(ZoneInfo("Europe/Paris")).date() + timedelta(days=days)).isoformat()


def _ask(asking: Asking, now: datetime) -> None:
    request = tk.get_action("idgo_access_request_create")(
        as_account(asking.who),
        {
            "resources": _locked_files(asking.dataset),
            "purpose": asking.purpose,
            "message": asking.message,
            "accept_license": True,
            "for_organization": asking.organization,
            "territory": list(asking.territory),
            "until": _day(now, asking.days),
        },
    )
    if asking.answer:
        decision = {"id": request["id"], "decision": asking.answer, "reason": asking.reason}
        tk.get_action("idgo_access_request_decide")(as_account(asking.by), decision)


def _give(giving: Giving, now: datetime) -> None:
    data = {
        "resources": _locked_files(giving.dataset),
        "organization": giving.organization,
        "reason": giving.reason,
        "until": _day(now, giving.days),
    }
    tk.get_action("idgo_access_grant_create")(as_account(giving.by), data)
