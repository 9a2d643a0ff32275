"""What callers of the actions send, read."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import N_, BadInput


def identifier(data_dict: dict[str, Any], key: str) -> str:
    """A required identifier: JSON may hold a number or a list there, which PostgreSQL refuses to compare."""
    given = tk.get_or_bust(data_dict, key)
    if not isinstance(given, str) or not given or "\x00" in given:
        raise tk.ObjectNotFound()
    return given


def optional(data_dict: dict[str, Any], key: str) -> str | None:
    """An identifier that may be left out."""
    return identifier(data_dict, key) if data_dict.get(key) not in (None, "") else None


def flag(data_dict: dict[str, Any], key: str) -> bool:
    try:
        return tk.asbool(data_dict.get(key) or False)
    except ValueError as error:
        raise BadInput(key, N_("This is true or false.")) from error


def page(data_dict: dict[str, Any], longest: int = 100) -> tuple[int, int]:
    """``offset`` (0) and ``limit`` (20, ``longest`` at most)."""
    numbers = []
    for key, usual in (("offset", 0), ("limit", 20)):
        given = data_dict.get(key, usual)
        if isinstance(given, bool) or not str(given).isdecimal() or len(str(given)) > 9:
            raise BadInput(key, N_("This is a whole number, zero or more."))
        numbers.append(int(str(given)))
    return numbers[0], min(numbers[1], longest)
