"""Template helpers of the deposit's pages; all names begin with ``idgo_forms_``."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core.deposit_fields import (
    FORM_FIELDS,
    empty,
    filled,
    filled_for_you,
    problems,
    value_of,
)
from ckanext.idgo.forms.plugin import drafts, undoing, words
from ckanext.idgo.metadata.core import codelists

_CODE = re.compile(r"(?:region|departement|epci|commune):\w+")


def idgo_forms_choices(name: str, current: str = "") -> list[dict[str, str]]:
    """Codes and labels of a list; of licences only those offered, and the one the dataset has."""
    lang = tk.h.lang() or "fr"
    return [
        {"value": entry.code, "text": entry.label(lang)}
        for entry in codelists.load(name)
        if name != "licenses" or entry.extra.get("offered") or entry.code == current
    ]


def idgo_forms_organizations() -> list[dict[str, str]]:
    """Organisations in which the reader may create datasets."""
    found = drafts.organizations_of(tk.current_user.id)
    return [{"value": o["id"], "text": o.get("title") or o["name"]} for o in found]


def idgo_forms_value(fields: dict[str, Any], name: str) -> Any:
    return value_of(fields, name)


def idgo_forms_origin(field: dict[str, Any] | None) -> dict[str, str]:
    """The origin mark of a field: kind, icon and words."""
    if not field or empty(field.get("value")):
        return words.to_fill()
    return words.origin(field.get("origin", "typed"), field.get("source", ""))


def idgo_forms_counts(fields: dict[str, Any], located: bool = False) -> dict[str, int]:
    """Fields of the page (the file counts), how many hold a value, how many of these came by themselves, how
    many still keep the deposit from being published."""
    return {
        "all": len(FORM_FIELDS) + 1,
        "filled": filled(fields),
        "for_you": filled_for_you(fields),
        "left": len(problems(fields, located)),
    }


def idgo_forms_territory_kind(kind: str) -> str:
    return codelists.load("territory_kinds").label(kind, tk.h.lang() or "fr")


def idgo_forms_territory_label(code: str) -> str:
    """``Arles (13004)``: the name and the official code, which tells homonyms apart."""
    table = Territories.load()
    territory = table.get(code)
    return f"{territory.name} ({territory.official_code})" if territory else code


def idgo_forms_territory_names(codes: list[str]) -> list[str]:
    return [idgo_forms_territory_label(code).replace(",", " ") for code in codes]


def idgo_forms_territory_codes_by_name(codes: list[str]) -> dict[str, str]:
    """What the chips' script needs: the code behind each name shown."""
    return dict(zip(idgo_forms_territory_names(codes), codes, strict=True))


def idgo_forms_territory_codes(text: str) -> str:
    """Codes from what the field holds: codes (chips), or names and official codes as a person types them.

    What is not found stays as it was typed, and is refused at the field rather than dropped.
    """
    table = Territories.load()
    found = []
    for part in filter(None, (p.strip() for p in text.replace(";", ",").split(","))):
        if _CODE.fullmatch(part):
            found.append(part)
            continue
        official = re.search(r"\((\w+)\)\s*$", part)
        matches = table.search(official.group(1) if official else part, limit=1)
        found.append(matches[0].code if matches else part)
    return ",".join(found)


def _local(iso: str) -> datetime:
    """A stored UTC time, where the site is read."""
    zone = tk.config.get("ckan.display_timezone") or "Europe/Paris"
    zone = "Europe/Paris" if zone in ("UTC", "server") else zone
    return datetime.fromisoformat(iso).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(str(zone)))


def idgo_forms_saved_at(iso: str) -> str:
    """“Draft saved at 14:32”, the day too when it is not today."""
    return words.saved_at(_local(iso), _local(datetime.utcnow().isoformat()))


def idgo_forms_time(iso: str) -> str:
    return words.moment(_local(iso), _local(datetime.utcnow().isoformat()))


def idgo_forms_field_name(name: str) -> str:
    return words.field_name(name)


def idgo_forms_is_field(name: str) -> bool:
    return name in FORM_FIELDS or name == "file"


def idgo_forms_shown(name: str, value: Any) -> str:
    """A field's value as a person reads it (conflict page)."""
    if name == "territory":
        return ", ".join(idgo_forms_territory_label(code) for code in value or [])
    if isinstance(value, list):
        return ", ".join(value)
    lists = {
        "theme": "themes",
        "frequency": "frequencies",
        "license_id": "licenses",
        "access_tier": "access_tiers",
    }
    if name in lists and value in codelists.load(lists[name]):
        return codelists.load(lists[name]).label(value, tk.h.lang() or "fr")
    if name == "owner_org":
        return next((o["text"] for o in idgo_forms_organizations() if o["value"] == value), str(value))
    return str(value or "")


def idgo_forms_undoable(resource_id: str) -> bool:
    """Whether the last replacement of this file can still be undone."""
    return undoing.undoable(resource_id) is not None
