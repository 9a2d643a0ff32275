"""What ids stand for, read in a few queries for a whole list; and who may read the titles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ckan import model

from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.core.tiers import read_tier

Named = dict[str, Any]
#: What is said of a dataset that the reader may not name.
_HIDDEN: Named = {
    **dict.fromkeys(("package_name", "package_title", "resource_name", "format", "tier")),
    "available": False,
}


def _ids(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value})


def _rows(columns: tuple[Any, ...], key: Any, ids: Iterable[str | None]) -> dict[str, Any]:
    wanted = _ids(ids)
    return {row[0]: row for row in model.Session.query(*columns).filter(key.in_(wanted))} if wanted else {}


def _tier(extras: Any) -> object:
    return extras.get("access_tier") if isinstance(extras, dict) else None


@dataclass
class Names:
    """Rows by id. ``viewer``: titles of what is not published are for those whose organisation owns it."""

    viewer: Viewer
    packages: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    member_of: dict[str, list[str]] = field(default_factory=dict)

    def load(
        self,
        packages: Iterable[str | None] = (),
        resources: Iterable[str | None] = (),
        groups: Iterable[str | None] = (),
        users: Iterable[str | None] = (),
    ) -> Names:
        package, user, group = model.Package, model.User, model.Group
        resource: Any = model.Resource
        columns = (package.id, package.name, package.title, package.state, package.private)
        self.packages = _rows((*columns, package.owner_org, package.extras), package.id, packages)
        columns = (resource.id, resource.name, resource.format, resource.state, resource.extras)
        self.resources = _rows(columns, resource.id, resources)
        self.users = _rows((user.id, user.name, user.fullname, user.state), user.id, users)
        self._load_memberships()
        known = [*_ids(groups), *(g for many in self.member_of.values() for g in many)]
        self.groups = _rows((group.id, group.name, group.title, group.state), group.id, known)
        return self

    def _load_memberships(self) -> None:
        member = model.Member
        rows = model.Session.query(member.table_id, member.group_id).filter(
            member.table_name == "user", member.state == "active", member.table_id.in_(list(self.users))
        )
        for user_id, group_id in rows if self.users else ():
            self.member_of.setdefault(user_id, []).append(group_id)

    def _shown(self, row: Any) -> bool:
        inside = any(m.organisation_id == row.owner_org for m in self.viewer.memberships)
        return _published(row) or inside or self.viewer.sysadmin is True

    def item(self, package_id: str, resource_id: str | None) -> Named:
        """A thing asked or given. ``available``: it is there, published, and can be opened."""
        package = _row(self.packages, package_id)
        base = {"package_id": package_id, "resource_id": resource_id}
        if package is None or not self._shown(package):
            return {**base, **_HIDDEN}
        resource = _row(self.resources, resource_id)
        alive = _alive(resource)
        tier = read_tier(_tier(resource.extras) if resource else None, _tier(package.extras))
        return {
            **base,
            "package_name": package.name,
            "package_title": package.title or package.name,
            "resource_name": resource.name if alive else None,
            "format": resource.format if alive else None,
            "tier": tier.value if tier else None,
            "available": _published(package) and (resource_id is None or alive),
        }

    def group(self, group_id: str | None) -> Named | None:
        row = self.groups.get(group_id or "")
        if not group_id:
            return None
        title = (row.title or row.name) if row else None
        return {"id": group_id, "name": row.name if row else None, "title": title}

    def user(self, user_id: str | None) -> Named | None:
        """A person with the organisations they are an active member of."""
        row = _row(self.users, user_id)
        if not user_id:
            return None
        if row is None or row.state != "active":
            return {"id": user_id, "name": None, "display_name": None, "organizations": []}
        groups = [self.groups[g] for g in self.member_of.get(user_id, []) if g in self.groups]
        return {
            "id": user_id,
            "name": row.name,
            "display_name": row.fullname or row.name,
            "organizations": [
                {"id": g.id, "name": g.name, "title": g.title or g.name}
                for g in groups
                if g.state == "active"
            ],
        }

    def grantee(self, kind: str, identifier: str) -> Named:
        """``title``: of the organisation, or the person's name."""
        found = self.group(identifier) if kind == "organization" else self.user(identifier)
        found = found or {"id": identifier, "name": None}
        title = found.get("title") or found.get("display_name")
        return {"id": identifier, "name": found["name"], "title": title}


def _row(rows: dict[str, Any], identifier: str | None) -> Any:
    return rows.get(identifier or "")


def _published(package: Any) -> bool:
    return package.state == "active" and package.private is False


def _alive(resource: Any) -> bool:
    return resource is not None and resource.state == "active"
