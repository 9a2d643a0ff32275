"""What happened: a line in the log within the same transaction, and a signal once it is committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ckan import model

from ckanext.idgo.access.core.requests import Item
from ckanext.idgo.access.plugin.model import AccessGrant, AccessLog, AccessRequest
from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.plugin.signals import noted

#: Kinds of lines. ``ended``: by its date. ``closed``: by the system (purge, deletion, another owner).
KINDS = ("requested", "withdrawn", "granted", "refused", "revoked", "given-back", "ended", "closed", "moved")


@dataclass
class News:
    """Events kept until the transaction that caused them is committed."""

    events: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        if event.recipients:
            self.events.append(event)

    def commit_and_send(self) -> None:
        """Nobody is told of what did not happen."""
        model.Session.commit()
        for event in self.events:
            noted.send(event.kind, event=event)
        self.events.clear()


def write_request(kind: str, request: AccessRequest, actor_id: str | None, **detail: Any) -> None:
    """One line for each thing asked."""
    for entry in request.items:
        _add(
            kind,
            actor_id,
            organization_id=request.organization_id,
            package_id=entry["package_id"],
            resource_id=entry.get("resource_id"),
            grantee_type="organization" if request.for_organization else "user",
            grantee_id=request.for_organization or request.requester_id,
            request_id=request.id,
            detail={**_named(Item(entry["package_id"], entry.get("resource_id"))), **detail},
        )


def write_grant(kind: str, grant: AccessGrant, actor_id: str | None, **detail: Any) -> None:
    _add(
        kind,
        actor_id,
        organization_id=grant.organization_id,
        package_id=grant.package_id,
        resource_id=grant.resource_id,
        grantee_type=grant.grantee_type,
        grantee_id=grant.grantee_id,
        request_id=grant.request_id,
        detail={"grant": grant.id, **_named(Item(grant.package_id, grant.resource_id)), **detail},
    )


def _named(item: Item) -> dict[str, str]:
    """The titles of the day: the log outlives what it speaks of."""
    package = model.Package.get(item.package_id)
    resource = model.Resource.get(item.resource_id) if item.resource_id else None
    found = {"dataset": package.title or package.name if package else None}
    found["resource"] = resource.name if resource else None
    return {key: value for key, value in found.items() if value}


def _add(kind: str, actor_id: str | None, *, detail: dict[str, Any], **columns: Any) -> None:
    kept = {key: value for key, value in detail.items() if value not in (None, "", [])}
    model.Session.add(AccessLog(kind=kind, actor_id=actor_id, detail=kept, **columns))


def titles(package_ids: Iterable[str]) -> str:
    """Titles of published datasets, for a message; at most three."""
    ids = list(dict.fromkeys(package_ids))
    package = model.Package
    rows = model.Session.query(package.id, package.title, package.name).filter(
        package.id.in_(ids), package.state == "active", package.private.is_(False)
    )
    found = {row[0]: row[1] or row[2] for row in rows}
    named = [found[i] for i in ids if i in found]
    return ", ".join(named[:3]) + (", …" if len(named) > 3 else "")
