"""Shapes of what a program may give ``package_search``: JSON has numbers, lists and objects where CKAN 2.12
joins and splits text, and answers 500 (issue 3: API errors keep CKAN's envelope)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput

_TEXTS = ("q",)
_LISTS = ("fl", "fq_list")
_NUMBERS = ("rows", "start")
_SWITCHES = ("include_private", "include_drafts", "include_deleted", "use_default_schema")
_SWITCH_WORDS = frozenset(("", *["true", "yes", "on", "y", "t", "1", "false", "no", "off", "n", "f", "0"]))


def wrong_shape(params: Mapping[str, Any]) -> tuple[str, BadInput] | None:
    """The first parameter whose value cannot mean anything, with its error; None when all can be read.

    ``null`` is an absent parameter. What is not named here goes to CKAN's schema and to Solr as it is.
    """
    for name, value in params.items():
        if value is not None and not _fits(name, value):
            return name, BadInput("search-shape", N_("This value cannot be read here."))
    return None


def _fits(name: str, value: Any) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    if name in _LISTS or name.startswith("ext_"):
        return isinstance(value, str) or _texts(value)
    if name in _NUMBERS:
        return isinstance(value, int | float | str)
    if name in _SWITCHES:
        return isinstance(value, bool | int) or (isinstance(value, str) and _switch(value))
    return name != "extras" or (
        isinstance(value, Mapping)
        and wrong_shape({k: v for k, v in value.items() if k.startswith("ext_")}) is None
    )


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _switch(text: str) -> bool:
    return text.strip().lower() in _SWITCH_WORDS
