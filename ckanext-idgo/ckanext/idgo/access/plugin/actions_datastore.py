"""Tables of the datastore: the list of all of them, and the names that may not be guessed (rows 14 to 18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from sqlalchemy.exc import DataError

from ckanext.idgo.access.plugin import auth
from ckanext.idgo.access.plugin.facts import locate

Action = Callable[..., Any]


def _table_asked(next_action: Action, context: Any, data_dict: dict[str, Any], absent: str) -> Any:
    """A refused table that was not named by its resource's (public) id answers like one that is not there: a
    name such as an alias cannot be guessed."""
    name = data_dict.get("resource_id") or data_dict.get("id")
    try:
        return next_action(context, data_dict)
    except tk.NotAuthorized as error:
        if isinstance(name, str) and locate([name]):
            raise
        raise tk.ObjectNotFound(tk._(absent.format(name))) from error


@tk.chained_action
@tk.side_effect_free
def datastore_search(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN leaves the list of all tables to anybody, without a check."""
    caller = auth.caller_of(context)
    if data_dict.get("resource_id") == "_table_metadata":
        if not (caller.internal or caller.viewer.sysadmin):
            raise tk.NotAuthorized
        tk.check_access("datastore_search", context, data_dict)  # CKAN does not, and counts that as a fault
    return _table_asked(next_action, context, data_dict, 'Resource "{0}" was not found.')


@tk.chained_action
@tk.side_effect_free
def datastore_info(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """The columns of a table."""
    return _table_asked(next_action, context, data_dict, 'Resource/Alias "{0}" was not found.')


@tk.chained_action
@tk.side_effect_free
def datastore_search_sql(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A statement that breaks on a value (a cast, a division) is the caller's fault: CKAN answers 500."""
    try:
        return next_action(context, data_dict)
    except DataError as error:
        raise tk.ValidationError(
            {"query": [tk._("This statement cannot be computed on these values.")]}
        ) from error


def actions() -> dict[str, Action]:
    """Chains on the actions of ckanext-datastore."""
    found = {"datastore_search": datastore_search, "datastore_info": datastore_info}
    return {**found, "datastore_search_sql": datastore_search_sql} if _runs_sql() else found


def _runs_sql() -> bool:
    return tk.asbool(tk.config.get("ckan.datastore.sqlsearch.enabled"))
