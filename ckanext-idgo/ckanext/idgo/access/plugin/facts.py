"""What is decided upon, read from the database, never the index: one query for any number of resources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.idgo.access.core.decide import ResourceFacts


@dataclass(frozen=True)
class Located:
    """A resource's facts, and the dataset it truly belongs to."""

    resource_id: str
    package_id: str
    package_name: str
    facts: ResourceFacts


def _tier(extras: Any) -> object:
    return extras.get("access_tier") if isinstance(extras, dict) else None


def _rows(condition: Any) -> list[Any]:
    resource: Any = model.Resource
    package, group = model.Package, model.Group
    return (
        model.Session.query(
            resource.id,
            resource.extras,
            resource.state,
            package.id,
            package.name,
            package.extras,
            package.state,
            package.private,
            package.owner_org,
            package.creator_user_id,
            group.state,
            group.approval_status,
        )
        .join(package, package.id == resource.package_id)
        .outerjoin(group, group.id == package.owner_org)
        .filter(condition)
        .all()
    )


def _located(row: Any) -> Located:
    return Located(
        resource_id=row[0],
        package_id=row[3],
        package_name=row[4],
        facts=ResourceFacts(
            tier=_tier(row[1]),
            dataset_tier=_tier(row[5]),
            owner_org=row[8] or None,
            owner_org_state=row[10],
            owner_org_approved=row[11] == "approved",
            dataset_state=row[6],
            dataset_private=row[7] is not False,
            resource_state=row[2],
            creator_id=row[9],
            package_id=row[3],
            resource_id=row[0],
        ),
    )


def locate(resource_ids: Iterable[str]) -> dict[str, Located]:
    """Facts by resource id; an id that is no resource is absent."""
    wanted = {rid for rid in resource_ids if isinstance(rid, str) and rid}
    if not wanted:
        return {}
    return {row[0]: _located(row) for row in _rows(model.Resource.id.in_(wanted))}


def locate_all(package_id: str) -> list[Located]:
    """Facts of every resource of a dataset, deleted ones included (their files may still lie there)."""
    return [_located(row) for row in _rows(model.Resource.package_id == package_id)]
