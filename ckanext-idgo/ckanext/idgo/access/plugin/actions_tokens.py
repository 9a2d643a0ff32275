"""The list of a person's tokens, each with its scope and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.access.plugin import tokens

Action = Callable[..., Any]


@tk.chained_action
@tk.side_effect_free
def api_token_list(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """CKAN's list, with ``scope`` and ``expires_at`` (UTC) in each entry."""
    listed = next_action(context, data_dict)
    facts = tokens.facts_of_all([token["id"] for token in listed])
    return [{**token, **tokens.words(facts[token["id"]])} for token in listed if token["id"] in facts]


def actions() -> dict[str, Action]:
    return {"api_token_list": api_token_list}
