"""Words of events (``common.core.events``): titles, dates, places; nothing of a locked resource's content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckan import model

from ckanext.idgo.access.core.requests import Item, items_from, last_day
from ckanext.idgo.access.plugin.journal import titles
from ckanext.idgo.access.plugin.model import AccessGrant, AccessRequest, aware
from ckanext.idgo.common.core.territories import Territories


def organization_title(organization_id: str | None) -> str:
    group = model.Group.get(organization_id) if organization_id else None
    return (group.title or group.name) if group else ""


def places(codes: Sequence[str]) -> str:
    table = Territories.load()
    named = [table.label(code) for code in codes]
    return ", ".join(named[:3]) + (", …" if len(named) > 3 else "")


def of_items(request: AccessRequest, items: Sequence[Item] | None = None) -> dict[str, str]:
    told = items if items is not None else items_from(request.items)
    return {
        "dataset": titles(item.package_id for item in told),
        "organization": organization_title(request.organization_id),
    }


def of_request(request: AccessRequest) -> dict[str, str]:
    """For those who decide."""
    person = model.User.get(request.requester_id)
    requester = organization_title(request.for_organization) or (person.display_name if person else "")
    facts = {**of_items(request), "requester": requester, "territory": places(request.codes)}
    if request.until:
        facts["until"] = request.until.isoformat()
    return facts


def of_terms(terms: Any) -> dict[str, str]:
    """``terms``: a ``granting.Terms``."""
    facts = {"territory": places(terms.codes)}
    if terms.until:
        facts["until"] = terms.until.isoformat()
    return facts


def of_grant(grant: AccessGrant) -> dict[str, str]:
    day = last_day(aware(grant.ends_at))
    facts = {
        "dataset": titles([grant.package_id]),
        "organization": organization_title(grant.organization_id),
        "territory": places(grant.codes),
    }
    if day:
        facts["until"] = day.isoformat()
    return facts
