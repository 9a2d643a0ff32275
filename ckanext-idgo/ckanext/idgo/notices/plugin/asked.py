"""Reading what a caller sent: JSON may hold anything under any name."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import N_, BadInput, NotThere

_MOST = 100_000


def flag(data: dict[str, Any], name: str) -> bool:
    try:
        return tk.asbool(data.get(name) or False)
    except ValueError as error:
        raise BadInput(name, N_("“{name}” is true or false."), name=name) from error


def offset(data: dict[str, Any]) -> int:
    return _number(data, "offset", 0, _MOST)


def limit(data: dict[str, Any], otherwise: int, most: int) -> int:
    return min(most, _number(data, "limit", otherwise, _MOST))


def _number(data: dict[str, Any], name: str, otherwise: int, most: int) -> int:
    given = data.get(name)
    if given in (None, ""):
        return otherwise
    if not str(given).isascii() or not str(given).isdigit() or len(str(given)) > 9:
        raise BadInput(name, N_("“{name}” is a whole number."), name=name)
    return min(int(str(given)), most)


def text(data: dict[str, Any], name: str) -> str:
    given = data.get(name) or ""
    if not isinstance(given, str) or "\x00" in given or len(given) > _MOST:
        raise BadInput(name, N_("“{name}” is a text."), name=name)
    return given.encode("utf-8", "replace").decode("utf-8")


def identifier(data: dict[str, Any], name: str) -> str:
    """Raises ``NotThere`` for what cannot be one: it looks like one that does not exist."""
    given = data.get(name)
    if not isinstance(given, str) or not given or "\x00" in given or not given.isascii():
        raise NotThere(f"{name}-unknown", N_("This does not exist."))
    return given


def texts(data: dict[str, Any], name: str) -> list[str]:
    given = data.get(name) or []
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise BadInput(name, N_("“{name}” is a list of identifiers."), name=name)
    return [one for one in given if "\x00" not in one and one.isascii()]


def mapping(data: dict[str, Any], name: str) -> dict[str, Any]:
    given = data.get(name) or {}
    if not isinstance(given, dict):
        raise BadInput(name, N_("“{name}” is an object of names and values."), name=name)
    return given
