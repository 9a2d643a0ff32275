"""What may not be seen answers like what does not exist, where CKAN says 403 (issue 4).

A status or a body that differs would tell that a draft of this name is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.plugin import auth

Action = Callable[..., Any]

#: Actions of CKAN that name a dataset by ``id``.
_OF_DATASETS = (
    "am_following_dataset",
    "dataset_follower_count",
    "dataset_follower_list",
    "follow_dataset",
    "package_collaborator_list",
    "package_relationships_list",
)
#: Views of CKAN's dataset and resource blueprints that answer 403, or break, where others answer 404.
_VIEWS = frozenset({"resources", "edit", "views", "edit_view", "delete", "new"})


def hidden(context: Any, name: Any) -> bool:
    """There is such a dataset, and this caller may not see it."""
    package = model.Package.get(name) if isinstance(name, str) else None
    return package is not None and not auth.sees(context, package.id)


def nothing() -> str:
    """An identifier that nothing bears."""
    return str(uuid.uuid4())


def _as_absent(name: str, *, side_effect_free: bool) -> Action:
    """CKAN's own answer for an identifier that nothing bears."""

    @tk.chained_action
    def absent(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        if hidden(context, data_dict.get("id")):
            data_dict["id"] = nothing()
        return next_action(context, data_dict)

    absent.__name__ = name
    return tk.side_effect_free(absent) if side_effect_free else absent


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Where somebody belongs is for themselves and sysadmins: CKAN tells anybody. Others find nothing; a
    refusal would break CKAN's page of a person."""
    tk.check_access("organization_list_for_user", context, data_dict)
    caller, wanted = auth.caller_of(context), data_dict.get("id")
    if wanted and not (caller.internal or caller.viewer.sysadmin):
        person = model.User.get(wanted) if isinstance(wanted, str) else None
        if person is None or person.id != caller.viewer.id:
            return []
    return next_action(context, data_dict)


def actions() -> dict[str, Action]:
    """Chains on CKAN's actions, each as free of effects as its own."""
    absent = {name: _as_absent(name, side_effect_free=name != "follow_dataset") for name in _OF_DATASETS}
    return {**absent, "organization_list_for_user": organization_list_for_user}


def concerns(endpoint: str) -> bool:
    """Whether this view names a dataset that must look absent to who may not see it."""
    blueprint, _, view = endpoint.rpartition(".")
    return view in _VIEWS and (blueprint == "dataset" or blueprint.rpartition("_")[2] == "resource")
