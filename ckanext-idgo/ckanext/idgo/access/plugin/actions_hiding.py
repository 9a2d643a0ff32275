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


def actions() -> dict[str, Action]:
    """Chains on the actions above, each as free of effects as CKAN's own."""
    return {name: _as_absent(name, side_effect_free=name != "follow_dataset") for name in _OF_DATASETS}


def concerns(endpoint: str) -> bool:
    """Whether this view names a dataset that must look absent to who may not see it."""
    blueprint, _, view = endpoint.rpartition(".")
    return view in _VIEWS and (blueprint == "dataset" or blueprint.rpartition("_")[2] == "resource")
