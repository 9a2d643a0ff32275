"""What is decided upon, read from the database, never the index: one query for any number of resources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import bindparam, select

from ckanext.idgo.access.core.decide import ResourceFacts
from ckanext.idgo.access.plugin import remembering


@dataclass(frozen=True)
class Located:
    """A resource's facts, and the dataset it truly belongs to."""

    resource_id: str
    package_id: str
    package_name: str
    facts: ResourceFacts


def _tier(extras: Any) -> object:
    return extras.get("access_tier") if isinstance(extras, dict) else None


# Written once, on tables: putting an ORM query together at each request costs more than its answer.
_resource, _package, _group = model.resource_table, model.package_table, model.group_table
_FACTS = (
    select(
        _resource.c.id,
        _resource.c.extras,
        _resource.c.state,
        _package.c.id,
        _package.c.name,
        _package.c.extras,
        _package.c.state,
        _package.c.private,
        _package.c.owner_org,
        _package.c.creator_user_id,
        _group.c.state,
        _group.c.approval_status,
    )
    .join(_package, _package.c.id == _resource.c.package_id)
    .outerjoin(_group, _group.c.id == _package.c.owner_org)
)
_OF_RESOURCES = _FACTS.where(_resource.c.id.in_(bindparam("resource_ids", expanding=True)))
_one = _resource.alias("one")
_BESIDE = _FACTS.where(
    _resource.c.package_id.in_(select(_one.c.package_id).where(_one.c.id == bindparam("resource_id")))
)
_OF_DATASET = _FACTS.where(_resource.c.package_id == bindparam("dataset_id"))


def _rows(facts: Any, **given: Any) -> Sequence[Any]:
    return model.Session.execute(facts, given).all()


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
    known = remembering.facts()
    found = {rid: known[rid] for rid in wanted if rid in known} if known else {}
    left = list(wanted - found.keys())
    if left:
        found |= _noted(_rows(_OF_RESOURCES, resource_ids=left))
    return found


def _noted(rows: Sequence[Any]) -> dict[str, Located]:
    found = {row[0]: _located(row) for row in rows}
    known = remembering.facts()
    if known is not None:
        known.update(found)
    return found


def read_beside(resource_id: str) -> None:
    """Read the facts of all resources of this one's dataset: CKAN's page asks about each in turn."""
    known = remembering.facts()
    if known is not None and resource_id not in known:
        _noted(_rows(_BESIDE, resource_id=resource_id))


def locate_all(package_id: str) -> list[Located]:
    """Facts of every resource of a dataset, deleted ones included (their files may still lie there)."""
    return [_located(row) for row in _rows(_OF_DATASET, dataset_id=package_id)]
