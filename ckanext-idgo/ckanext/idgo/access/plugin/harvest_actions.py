"""Chains on the actions of ckanext-harvest, where it is loaded. ``context`` only passes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.plugin import auth, harvests

Action = Callable[..., Any]


@tk.chained_action
@tk.side_effect_free
def harvest_source_list(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    tk.check_access("harvest_source_list", context, data_dict)
    sources = next_action(context, data_dict)
    return [s if auth.runs_source(context, s["id"]) else harvests.without_secrets(s) for s in sources]


@tk.chained_action
@tk.side_effect_free
def harvest_source_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Finding a source by its address would tell whether a guess at the address is right."""
    caller = auth.caller_of(context)
    by_address = data_dict.get("url") and not data_dict.get("id")
    if by_address and not caller.internal and not caller.viewer.sysadmin:
        raise tk.ObjectNotFound
    shown = next_action(context, data_dict)
    tk.check_access("harvest_source_show", context, {"id": shown["id"]})
    return shown


@tk.chained_action
@tk.side_effect_free
def harvest_source_show_status(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    status = next_action(context, data_dict)
    return status if auth.runs_source(context, data_dict["id"]) else harvests.public_status(status)


@tk.chained_action
def harvest_source_reindex(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's harvester checks nothing here (``logic/action/update.py``), not even that it is a source."""
    source = model.Package.get(data_dict.get("id"))
    if source is None or source.type != harvests.SOURCE:
        raise tk.ObjectNotFound
    tk.check_access("harvest_source_update", context, data_dict)
    return next_action(context, data_dict)


def actions() -> dict[str, Any]:
    chained = (harvest_source_list, harvest_source_show, harvest_source_show_status, harvest_source_reindex)
    return {function.__name__: function for function in chained}
