"""Leaving an organisation, or being taken out of it; a successor may be appointed in the same step."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import N_, BadInput, Refused
from ckanext.idgo.membership.core.requests import Person, decides_for
from ckanext.idgo.membership.core.roles import ADMIN
from ckanext.idgo.membership.plugin import endings, people
from ckanext.idgo.membership.plugin.edge import flag, optional


def _target(data_dict: dict[str, Any], organization: Any, by: Person) -> Any:
    """Who leaves: oneself, or a member that one who decides for the organisation takes out."""
    reference = optional(data_dict, "user")
    user = model.User.get(reference or by.id)
    if user is not None and user.id != by.id and not decides_for(by, people.place(organization.id)):
        raise tk.ObjectNotFound()
    if user is None or people.role(user.id, organization.id) is None:
        raise tk.ObjectNotFound()
    return user


def _successor(data_dict: dict[str, Any], organization: Any, leaver: Any, by: Person) -> Any | None:
    """An active member of the organisation, named by somebody who may appoint referents in it."""
    reference = optional(data_dict, "successor")
    if reference is None:
        return None
    if not (by.sysadmin or by.id in people.referents(organization.id)):
        raise Refused("not-referent", N_("Only a referent appoints a successor."))
    wanted = model.User.get(reference)
    if wanted is None or wanted.id == leaver.id or wanted.id not in _active(organization.id):
        raise BadInput("successor", N_("The successor must be an active member of the organization."))
    return wanted


def _active(organization_id: str) -> set[str]:
    return {user.id for user, _ in people.members(organization_id)}


def leave(organization: Any, by: Person, by_name: str, data_dict: dict[str, Any]) -> Any:
    """Check and do it; gives the user who left. Commits."""
    people.lock(organization.id)
    user = _target(data_dict, organization, by)
    successor = _successor(data_dict, organization, user, by)
    without = flag(data_dict, "without_successor")
    if without and not by.sysadmin:
        raise Refused(
            "not-sysadmin", N_("Only an administrator of the site leaves an organization without referent.")
        )
    after = people.referents(organization.id) - {user.id} | ({successor.id} if successor else set())
    endings.check_change(organization.id, after, without_successor=without)
    if successor:
        appoint(organization.id, successor.id, by_name)
    # CKAN's own action, chained by ours: it ends what goes with the role, tells the referents, and commits.
    member = {"id": organization.id, "object": user.id, "object_type": "user"}
    context: Any = {"user": by_name, "ignore_auth": True}
    tk.get_action("member_delete")(context, member)
    return user


def appoint(organization_id: str, user_id: str, by_name: str) -> None:
    """Make somebody a referent, without committing."""
    member = {"id": organization_id, "object": user_id, "object_type": "user", "capacity": ADMIN}
    context: Any = {"user": by_name, "ignore_auth": True, "defer_commit": True}
    tk.get_action("member_create")(context, member)
