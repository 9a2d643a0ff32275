"""CKAN's own actions that change who is in an organisation: the last referent stays until there is another,
and leaving by any way ends everything at once.

All ways lead through these: ``organization_member_*`` and ``group_member_*`` call ``member_*``, patches call
updates. One of the modules that touch ``context``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import N_, Refused
from ckanext.idgo.common.plugin.envelope import all_or_nothing
from ckanext.idgo.membership.core.roles import ADMIN
from ckanext.idgo.membership.plugin import auth, endings, people

Action = Callable[..., Any]
_chained: Any = tk.chained_action


def _place_and_user(data_dict: dict[str, Any]) -> tuple[Any | None, Any | None]:
    """The organisation and the user of a ``member_*`` call; (None, None) where it is about something else."""
    if data_dict.get("object_type") != "user":
        return None, None
    group, user = model.Group.get(data_dict.get("id")), model.User.get(data_dict.get("object"))
    return (group, user) if group is not None and group.is_organization and user else (None, None)


def _by(context: Any) -> str:
    user = auth.visitor(context)
    return user.id if user else ""


def _counts(user: Any) -> bool:
    """Whether a user can be a referent at all: an active account that is not CKAN's own."""
    return user.state == "active" and not people.is_site(user)


@_chained
@all_or_nothing
def member_create(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A role given or changed: demoting the last referent is refused."""
    organization, user = _place_and_user(data_dict)
    if organization is not None and user is not None and not auth.is_internal(context):
        tk.check_access("member_create", context, data_dict)
        people.lock(organization.id)  # before counting: two referents may take each other's role at once
        stays = {user.id} if data_dict.get("capacity") == ADMIN and _counts(user) else set()
        endings.check_change(organization.id, people.referents(organization.id) - {user.id} | stays)
    return next_action(context, data_dict)


@_chained
@all_or_nothing
def member_delete(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Somebody leaves or is taken out: never the last referent; what went with the role ends with it."""
    organization, user = _place_and_user(data_dict)
    if organization is None or user is None or people.role(user.id, organization.id) is None:
        return next_action(context, data_dict)
    tk.check_access("member_delete", context, data_dict)
    people.lock(organization.id)
    if not auth.is_internal(context):
        endings.check_change(organization.id, people.referents(organization.id) - {user.id})
    by = _by(context)
    endings.end(user.id, [organization.id], by or user.id)
    result = next_action(context, data_dict)
    endings.tell_left(user.id, [organization], by)
    return result


def _referents_given(entries: list[Any]) -> set[str]:
    """Ids of those whom a list of users, as ``organization_update`` takes it, makes referents."""
    named = [
        e.get("id") or e.get("name") for e in entries if isinstance(e, dict) and e.get("capacity") == ADMIN
    ]
    users = [model.User.get(reference) for reference in named if isinstance(reference, str)]
    return {user.id for user in users if user is not None and _counts(user)}


def _users_given(entries: list[Any]) -> set[str]:
    named = [e.get("id") or e.get("name") for e in entries if isinstance(e, dict)]
    users = [model.User.get(reference) for reference in named if isinstance(reference, str)]
    return {user.id for user in users if user is not None}


def _check_standing(organization: Any, context: Any, data_dict: dict[str, Any]) -> None:
    """CKAN lets an organisation's administrator write ``state`` and ``approval_status`` (seen): that would be
    a referent's way to close it under its members, or to open again what the site closed."""
    user = auth.visitor(context)
    if auth.is_internal(context) or (user is not None and user.sysadmin is True):
        return
    for field in ("state", "approval_status"):
        if data_dict.get(field, getattr(organization, field)) != getattr(organization, field):
            raise Refused(
                "not-sysadmin",
                N_("Only an administrator of the site closes an organization, or opens it again."),
            )


def _rewriting(name: str) -> Action:
    @_chained
    @all_or_nothing
    def update(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        """An update may hold the whole list of users: the same rules as one by one."""
        organization = model.Group.get(data_dict.get("id"))
        entries = data_dict.get("users")
        if organization is None or not organization.is_organization:
            return next_action(context, data_dict)
        tk.check_access(name, context, data_dict)
        _check_standing(organization, context, data_dict)
        if not isinstance(entries, list):
            return next_action(context, data_dict)
        people.lock(organization.id)
        if not auth.is_internal(context):
            endings.check_change(organization.id, _referents_given(entries))
        gone = {user.id for user, _ in people.members(organization.id)} - _users_given(entries)
        by = _by(context)
        for user_id in gone:
            endings.end(user_id, [organization.id], by or user_id)
        result = next_action(context, data_dict)
        for user_id in gone:
            endings.tell_left(user_id, [organization], by)
        return result

    update.__name__ = name
    return update


@_chained
@all_or_nothing
def user_delete(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """An account is closed (sysadmins): its organisations hear of it, its requests are taken back.

    Closing an account is explicit enough to leave an organisation without referent: the guichet team is then
    in charge of it, and hears of it.
    """
    tk.check_access("user_delete", context, data_dict)
    user = model.User.get(data_dict.get("id"))
    if user is None:
        return next_action(context, data_dict)
    by, left = _by(context), [organization for organization, _ in people.memberships(user.id)]
    endings.end_all(user.id, by or user.id)
    user_id = user.id
    result = next_action(context, data_dict)
    endings.tell_left(user_id, left, by)
    return result


def functions() -> dict[str, Action]:
    """Our links of the chains, by the name of CKAN's action."""
    return {
        "member_create": member_create,
        "member_delete": member_delete,
        "organization_update": _rewriting("organization_update"),
        "group_update": _rewriting("group_update"),
        "user_delete": user_delete,
    }
