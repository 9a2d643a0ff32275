"""Identifiers that a caller chooses for new resources (CKAN lets them).

A file lies at the place its resource's identifier says (``abc/def/rest``), and stays there when the resource
is deleted. CKAN refuses an identifier that is in use, and gives out again one that is not: whoever made a
resource with the identifier of a deleted one, which was public while it lived, got its file (seen).
"""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.plugin import stored

#: What CKAN takes for one (``resource_id_validator``), of a length that fits the table.
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{7,100}")


def taken(resources: object, package_id: str | None) -> dict[int, str]:
    """Position and identifier of those that were something else before: in another dataset, whatever its
    state, or of a resource that is gone and whose file is still there."""
    found: dict[int, str] = {}
    for position, resource in enumerate(resources if isinstance(resources, list) else ()):
        given = resource.get("id") if isinstance(resource, dict) else None
        if isinstance(given, str) and _IDENTIFIER.fullmatch(given) and _is_taken(given, package_id):
            found[position] = given
    return found


def _is_taken(resource_id: str, package_id: str | None) -> bool:
    row: Any = model.Session.get(model.Resource, resource_id)
    if row is not None:
        return row.package_id != package_id
    return stored.is_there(resource_id)


def error(positions: dict[int, str]) -> tk.ValidationError:
    """CKAN's own sentence for an identifier in use, at the resources that have one."""
    said = {"id": [tk._("Resource id already exists.")]}
    return tk.ValidationError(
        {"resources": [said if at in positions else {} for at in range(max(positions) + 1)]}
    )
