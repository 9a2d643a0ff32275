"""Which unpublished datasets somebody sees: CKAN's own rule (``DefaultPermissionLabels``), at less cost.

CKAN finds a person's organisations by describing each of them whole, at every search and every dataset: half
of what a signed-in person's search takes. The same organisations are told by the memberships the decision
reads anyway, once per request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.authz as authz
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.model.group import HIERARCHY_DOWNWARDS_CTE
from sqlalchemy import text

from ckanext.idgo.access.plugin.viewers import memberships

_BELOW = text(HIERARCHY_DOWNWARDS_CTE)


def _below(organisation_ids: Iterable[str]) -> set[str]:
    """Organisations under these in CKAN's hierarchy, by CKAN's own query."""
    found: set[str] = set()
    for identifier in organisation_ids:
        given = {"id": identifier, "type": "organization"}
        found |= {row[0] for row in model.Session.execute(_BELOW, given)}
    return found


def _readable(user_id: str) -> set[str]:
    roles = authz.get_roles_with_permission("read")
    held = [row for row in memberships(user_id) if row.capacity in roles]
    cascading: Any = authz.check_config_permission("roles_that_cascade_to_sub_groups") or []
    return {row.group_id for row in held} | _below({r.group_id for r in held if r.capacity in cascading})


class Labels(DefaultPermissionLabels):
    """CKAN's labels; those of an active person from the memberships of the request."""

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        plain = isinstance(user_obj, model.User) and user_obj.state == "active" and not user_obj.sysadmin
        if not plain or authz.check_config_permission("allow_dataset_collaborators"):
            return super().get_user_dataset_labels(user_obj)
        organisations = sorted(_readable(user_obj.id))
        return ["public", f"creator-{user_obj.id}", *(f"member-{one}" for one in organisations)]
