"""Loading and removing the demonstration through CKAN's own actions, as the site.

Called by the command line only: nothing here is published in the API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.demo.core import content, files
from ckanext.idgo.demo.core.made import Dataset, Made, Maker, Organization, Resource
from ckanext.idgo.demo.core.organizations import organizations

Say = Callable[[str], None]
JSON_FIELDS = ("columns", "layers", "extent")
MARK = {"key": "idgo_demo", "value": "true"}
"""What says that an organisation was made by the demonstration, and may be removed with it."""


def as_site(**more: Any) -> Any:
    """A context of the site itself: the command line has no user."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site["name"], "ignore_auth": True, **more}


def as_account(name: str) -> Any:
    """A context of one of the demonstration's accounts, with its own rights and no others."""
    return {"user": name, "auth_user_obj": model.User.get(name)}


def shown(kind: str, name: str) -> dict[str, Any] | None:
    """What ``package_show`` or ``organization_show`` gives, None when it is not there or was deleted."""
    try:
        found = tk.get_action(f"{kind}_show")(as_site(), {"id": name, "include_extras": True})
    except tk.ObjectNotFound:
        return None
    return found if found["state"] == "active" else None


def load(folder: Path, now: datetime, refresh: bool, say: Say) -> dict[str, int]:
    """Create what is missing; with ``refresh``, bring fields and files of what exists up to date.

    ``folder`` takes the files while they are made. Returns how many datasets were created, kept, refreshed.
    """
    territories = Territories.load()
    for organization in organizations():
        _ensure_organization(organization)
    makers = files.makers(territories, now)
    counts = {"created": 0, "kept": 0, "refreshed": 0}
    for dataset in content.datasets():
        outcome = _ensure_dataset(dataset, territories, makers, folder, refresh)
        counts[outcome] += 1
        say(f"{outcome:10} {dataset.name}")
    return counts


def remove(say: Say) -> None:
    """Purge the demonstration's datasets, then those of its organisations that hold nothing else.

    An organisation that already existed under one of the names was not made here and stays.
    """
    for dataset in content.datasets():
        found = shown("package", dataset.name)
        if found and found["organization"]["name"] == dataset.organization:
            tk.get_action("dataset_purge")(as_site(), {"id": found["id"]})
            say(f"removed    {dataset.name}")
    for organization in organizations():
        found = shown("organization", organization.name)
        if found is None or not _ours(found):
            continue
        if found["package_count"]:
            say(f"kept       {organization.name}: it holds other datasets")
            continue
        tk.get_action("organization_purge")(as_site(), {"id": found["id"]})
        say(f"removed    {organization.name}")


def _ours(organization: Mapping[str, Any]) -> bool:
    return any(
        e["key"] == MARK["key"] and e["value"] == MARK["value"] for e in organization.get("extras", ())
    )


def ensure_organization(name: str) -> None:
    """Create one of the demonstration's organisations, if it is not there."""
    for organization in organizations():
        if organization.name == name:
            _ensure_organization(organization)


def _ensure_organization(organization: Organization) -> None:
    if shown("organization", organization.name):
        return
    extras = [
        {"key": "email", "value": organization.email},
        {"key": "territory", "value": organization.territory},
        MARK,
    ]
    data = {"name": organization.name, "title": organization.title, "description": organization.description}
    create_organization({**data, "extras": extras})


def create_organization(data: dict[str, Any]) -> None:
    """Create an organisation that nobody belongs to yet: CKAN makes whoever creates it its administrator, and
    the site is no referent of anybody."""
    tk.get_action("organization_create")(as_site(), data)
    member = {"id": data["name"], "username": as_site()["user"]}
    tk.get_action("organization_member_delete")(as_site(), member)


def _ensure_dataset(
    dataset: Dataset, territories: Territories, makers: Mapping[str, Maker], folder: Path, refresh: bool
) -> str:
    found = shown("package", dataset.name)
    if found is None:
        tk.get_action("package_create")(as_site(), _fields(dataset, territories))
    elif refresh:
        tk.get_action("package_patch")(as_site(), {"id": found["id"], **_fields(dataset, territories)})
    existing = {r["name"]: r["id"] for r in found["resources"]} if found else {}
    for resource in dataset.resources:
        # A load that broke off is completed by the next: what is missing is created either way.
        if refresh or resource.name not in existing:
            _put(dataset, resource, makers[resource.file](folder), existing.get(resource.name))
    if found is None:
        return "created"
    return "refreshed" if refresh else "kept"


def _fields(dataset: Dataset, territories: Territories) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: getattr(dataset, name)
        for name in ("name", "title", "notes", "theme", "inspire_theme", "frequency", "license_id")
    }
    fields |= {"access_tier": dataset.access_tier, "data_family": dataset.data_family}
    fields |= {"owner_org": dataset.organization, "type": "dataset", "territory": list(dataset.territory)}
    fields["tags"] = [{"name": tag} for tag in dataset.tags]
    box = content.extent(dataset, territories)
    if box:
        west, south, east, north = box
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        fields["spatial"] = json.dumps({"type": "Polygon", "coordinates": [ring]})
    return fields


def _put(dataset: Dataset, resource: Resource, made: Made, resource_id: str | None) -> None:
    """Upload one file with its facts, new or in the place of ``resource_id``."""
    facts = made.facts()
    facts |= {name: json.dumps(facts[name]) for name in JSON_FIELDS if name in facts}
    with made.path.open("rb") as stream:
        upload = FileStorage(stream, filename=made.path.name, content_type=made.mimetype)
        data = {
            **facts,
            "package_id": dataset.name,
            "name": resource.name,
            "access_tier": resource.access_tier,
            "url": made.path.name,
            "url_type": "upload",
            "upload": upload,
        }
        if resource_id:
            tk.get_action("resource_update")(as_site(), {**data, "id": resource_id})
        else:
            tk.get_action("resource_create")(as_site(), data)
    made.path.unlink()
