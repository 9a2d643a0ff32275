"""What the actions answer, as the templates read it: words, days and addresses; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.access.core import ledger
from ckanext.idgo.access.core.places import write_places
from ckanext.idgo.access.core.requests import PARIS, today_in_paris
from ckanext.idgo.access.plugin import page_words as words
from ckanext.idgo.common.core.territories import Territories

Row = dict[str, Any]


def day(value: object) -> str:
    """The day of an instant in Europe/Paris, in letters."""
    at = ledger.instant(value)
    return tk.h.idgo_date(today_in_paris(at).isoformat()) if at else ""


def _minute(value: object) -> str:
    at = ledger.instant(value)
    return f"{day(value)}, {at.astimezone(PARIS):%H:%M}" if at else ""


def thing(item: Mapping[str, Any]) -> Row:
    """A dataset or one of its resources: ``{"title", "resource", "whole", "url", "key"…}``. What may not be
    named says so, and has no address. ``key``: what a checkbox sends."""
    name = item.get("package_name")
    resource = item.get("resource_name") or ""
    if not name:
        title, url = tk._("Dataset no longer published"), ""
    else:
        title, url = str(item.get("package_title") or name), tk.h.url_for("dataset.read", id=name)
    if name and resource:
        url = tk.h.url_for("dataset_resource.read", id=name, resource_id=item["resource_id"])
    both = tk._("{dataset}: {file}").format(dataset=title, file=resource) if resource else title
    return {
        "title": title,
        "resource": resource,
        "both": both,
        "whole": not item.get("resource_id"),
        "url": url if item.get("available") else "",
        "name": name or "",
        "tier": item.get("tier") or "restricted",
        "key": item.get("resource_id") or item.get("package_id") or "",
    }


def _title(things: list[Row]) -> str:
    """The dataset asked about; and how many others, where there are."""
    titles = list(dict.fromkeys(one["title"] for one in things))
    if len(titles) < 2:
        return titles[0] if titles else ""
    more = len(titles) - 1
    return tk.ungettext("{name} and {n} other", "{name} and {n} others", more).format(name=titles[0], n=more)


def _files(things: list[Row]) -> str:
    """Names of the files asked for, three at most; or the whole dataset."""
    if any(one["whole"] for one in things):
        return tk._("whole dataset")
    names = [one["resource"] for one in things if one["resource"]]
    if len(names) <= 3:
        return ", ".join(names)
    return tk.ungettext("{n} file", "{n} files", len(things)).format(n=len(things))


def _titled(entry: Any) -> str:
    return str((entry or {}).get("title") or "")


def grant(row: Mapping[str, Any], now: datetime) -> Row:
    """One grant. ``sign``: ``current``, ``soon``, ``ended`` or ``revoked``; ``until``: its last day in
    letters, empty where there is none."""
    last = ledger.as_day(row.get("until"))
    today = today_in_paris(now)
    sign = str(row.get("state"))
    if sign == "current" and ledger.ends_soon(last, today):
        sign = "soon"
    return {
        **thing(row),
        "id": row["id"],
        "package_id": row["package_id"],
        "owner": _titled(row.get("organization")),
        "sign": sign,
        "until": tk.h.idgo_date(row["until"]) if last else "",
        "until_iso": row.get("until") or "",
        "days": ledger.days_left(last, today),
        "ending": words.ending(last, today),
        "places": words.places(row.get("codes")),
        "to_organization": row.get("grantee_type") == "organization",
        "grantee": _titled(row.get("grantee")) or tk._("Closed account"),
        "grantee_id": row.get("grantee_id"),
        "heading": row.get("resource_name") or thing(row)["title"],
        "since": day(row.get("starts_at")),
        "revoked": day(row.get("revoked_at")),
        "over_at": str(row.get("revoked_at") or row.get("ends_at") or ""),
        "revoke_reason": row.get("revoke_reason") or "",
        "reason": row.get("reason") or "",
    }


def _person(entry: Any) -> str:
    return str((entry or {}).get("display_name") or tk._("Closed account"))


def _bodies(entry: Any) -> list[str]:
    return [str(one["title"]) for one in (entry or {}).get("organizations") or []]


def request(row: Mapping[str, Any], now: datetime) -> Row:
    """One request, as its requester and its deciders read it."""
    created = ledger.instant(row.get("created"))
    label, icon, css = words.request_state(str(row.get("state")))
    things = [thing(item) for item in row.get("items") or []]
    until = str(row.get("until") or "")
    return {
        "id": row["id"],
        "things": things,
        "title": _title(things),
        "files": _files(things),
        "dataset": things[0]["name"] if things else "",
        "owner": _titled(row.get("organization")),
        "owner_id": row.get("organization_id"),
        "who": _person(row.get("requester")),
        "bodies": _bodies(row.get("requester")),
        "requester_id": row.get("requester_id"),
        "organization": row.get("for_organization_title") or "",
        "purpose": words.purposes().get(str(row.get("purpose")), str(row.get("purpose") or "")),
        "message": row.get("message") or "",
        "places": words.places(row.get("codes")),
        "places_typed": write_places(row.get("codes") or [], Territories.load()),
        "until": tk.h.idgo_date(until) if until else "",
        "until_iso": until,
        "licences": [tk.h.idgo_label("licenses", code) for code in row.get("license_ids") or [] if code],
        "licence_at": _minute(row.get("license_accepted_at")),
        "state": row.get("state"),
        "state_words": label,
        "icon": icon,
        "css": css,
        "created": day(row.get("created")),
        "waited": words.waited(created, now),
        "late": bool(created) and ledger.waited_hours(created, now) >= words.LATE_HOURS,
        "decided": day(row.get("decided_at")),
        "over_at": str(row.get("decided_at") or row.get("created") or ""),
        "decider": _person(row.get("decider")) if row.get("decider") else "",
        "reason": row.get("decision_reason") or "",
        "renews": row.get("renews") or "",
    }


def _detail(detail: Mapping[str, Any]) -> Row:
    until = str(detail.get("until") or "")
    return {
        "reason": detail.get("reason") or "",
        "until": tk.h.idgo_date(until) if until else "",
        "places": words.places(detail.get("codes")),
    }


def history(line: Mapping[str, Any]) -> Row:
    """A line of a request's history: ``by`` is a role."""
    icon, css = words.log_sign(str(line.get("kind")))
    return {
        "at": _minute(line.get("at")),
        "words": words.log_kind(str(line.get("kind"))),
        "by": words.by_role(str(line.get("by"))),
        "icon": icon,
        "css": css,
        **_detail(line.get("detail") or {}),
    }


def log_line(row: Mapping[str, Any]) -> Row:
    """A line of an organisation's log."""
    detail = row.get("detail") or {}
    icon, css = words.log_sign(str(row.get("kind")))
    return {
        "at": _minute(row.get("at")),
        "words": words.log_kind(str(row.get("kind"))),
        "icon": icon,
        "css": css,
        "actor": _person(row.get("actor")) if row.get("actor_id") else tk._("The system"),
        "grantee": _titled(row.get("grantee")),
        "dataset": detail.get("dataset") or "",
        "resource": detail.get("resource") or "",
        **_detail(detail),
    }
