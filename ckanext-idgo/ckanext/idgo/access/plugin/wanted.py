"""What somebody asks for or gives: names and ids of an API call, resolved to items of one owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.idgo.access.core.decide import REQUESTABLE, Purpose, Viewer
from ckanext.idgo.access.core.requests import MAX_ITEMS, Item
from ckanext.idgo.access.plugin.facts import Located, locate, locate_all
from ckanext.idgo.access.plugin.verdicts import judge
from ckanext.idgo.common.core.errors import N_, BadInput, NotThere


@dataclass(frozen=True)
class Wanted:
    """Items of published datasets of ``owner`` (an active organisation's id), and their licences."""

    items: tuple[Item, ...]
    owner: str
    license_ids: tuple[str, ...]

    @property
    def package_ids(self) -> list[str]:
        return [item.package_id for item in self.items]


def _absent() -> NotThere:
    return NotThere("unknown-item", N_("This dataset or resource does not exist."))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or "\x00" in value:
        raise _absent()
    return value


def resolve(dataset: object, resources: object) -> Wanted:
    """``dataset`` (name or id) or ``resources`` (ids). What is not published answers as if it did not exist.

    Raises ``NotThere``; ``BadInput`` for none or both, too many, several owners, no active owner.
    """
    if bool(dataset) == bool(resources):
        raise BadInput("dataset", N_("Name a dataset, or resources: one of the two."))
    found = _dataset(_text(dataset)) if dataset else _resources(resources)
    items = tuple(dict.fromkeys(item for item, _ in found))
    packages = {package.id: package for _, package in found}
    owners = {package.owner_org for package in packages.values()}
    if len(owners) > 1:
        raise BadInput("resources", N_("These resources have several owners: ask each of them."))
    owner = owners.pop()
    group = model.Group.get(owner) if owner else None
    if group is None or group.state != "active" or group.approval_status != "approved":
        raise BadInput("dataset", N_("No organization answers for this dataset any more."))
    licences = dict.fromkeys(package.license_id for package in packages.values() if package.license_id)
    return Wanted(items, group.id, tuple(licences))


def _published(package: Any) -> bool:
    return package is not None and package.state == "active" and package.private is False


def _dataset(name_or_id: str) -> list[tuple[Item, Any]]:
    package = model.Package.get(name_or_id)
    if package is None or not _published(package) or package.type == "harvest":
        raise _absent()
    return [(Item(package.id), package)]


def _resources(given: object) -> list[tuple[Item, Any]]:
    ids = [given] if isinstance(given, str) else given
    if not isinstance(ids, list) or not ids:
        raise BadInput("resources", N_("The resources are a list of identifiers."))
    if len(ids) > MAX_ITEMS:
        raise BadInput("resources", N_("At most {count} resources at a time."), count=MAX_ITEMS)
    resource: Any = model.Resource
    wanted = [_text(identifier) for identifier in ids]
    rows = (
        model.Session.query(resource, model.Package)
        .join(model.Package, model.Package.id == resource.package_id)
        .filter(resource.id.in_(wanted), resource.state == "active")
    )
    found = {row[0].id: (Item(row[1].id, row[0].id), row[1]) for row in rows if _published(row[1])}
    if set(wanted) - set(found):
        raise _absent()
    return [found[identifier] for identifier in wanted]


def _located(items: Sequence[Item]) -> list[Located]:
    single = locate([item.resource_id for item in items if item.resource_id])
    whole = [one for item in items if item.resource_id is None for one in locate_all(item.package_id)]
    return [one for one in [*single.values(), *whole] if one.facts.resource_state != "deleted"]


def must_be_worth_asking(viewer: Viewer, items: Sequence[Item]) -> None:
    """Raises ``BadInput`` where the viewer already has it all, or where no grant could open anything."""
    answers = [judge(viewer, one, Purpose.DOWNLOAD) for one in _located(items)]
    if any(answer.reason in REQUESTABLE for answer in answers):
        return
    if answers and all(answer.allowed for answer in answers):
        raise BadInput("already-held", N_("You already have access to all of this."))
    raise BadInput("not-requestable", N_("Nothing here can be opened by a request."))
