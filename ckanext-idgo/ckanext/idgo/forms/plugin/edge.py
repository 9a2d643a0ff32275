"""Errors of the cores, said in the reader's language and in CKAN's envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import IdgoError, NotThere, Refused
from ckanext.idgo.forms.core.sizes import Size


def size(size_bytes: int) -> str:
    """A number of bytes in the language of the page."""
    return Size(size_bytes).said(tk.h.lang() or "fr")


def message(error: IdgoError | dict[str, Any]) -> str:
    """The sentence of an error, or of one kept in a draft (``{"code", "template", "params"}``)."""
    if isinstance(error, IdgoError):
        return _said(error.template, error.params)
    return _said(error["template"], error.get("params", {}))


def _said(sentence: str, params: dict[str, Any]) -> str:
    return tk._(sentence).format(**{key: _worded(value) for key, value in params.items()})


def _worded(value: Any) -> Any:
    """Sizes in the reader's units, decimal figures as the reader writes them (``1,5``; ``1``, not ``1.0``)."""
    if _is_size(value):
        return size(_bytes(value))
    return tk.h.idgo_number(value, 1) if isinstance(value, float) else value


def _is_size(value: Any) -> bool:
    return isinstance(value, Size) or (isinstance(value, dict) and "bytes" in value)


def _bytes(value: Any) -> int:
    return int(value["bytes"]) if isinstance(value, dict) else int(value)


def kept(error: IdgoError) -> dict[str, Any]:
    """An error as plain data, to be said later in whatever language the reader has."""
    return {
        "code": error.code,
        "template": error.template,
        "params": {key: _plain(value) for key, value in error.params.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Size):
        return {"bytes": int(value)}
    return value if isinstance(value, int | float) else str(value)


def as_ckan(error: IdgoError, field: str | None = None) -> Exception:
    """The exception that CKAN's API turns into its own envelope; ``field`` is where a form shows it."""
    if isinstance(error, NotThere):
        return tk.ObjectNotFound(message(error))
    if isinstance(error, Refused):
        return tk.NotAuthorized(message(error))
    return tk.ValidationError({field or error.code: [message(error)]})


def in_envelope(action: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of actions: what the core raises leaves as CKAN's own exceptions."""

    @wraps(action)
    def wrapper(context: Any, data_dict: dict[str, Any]) -> Any:
        try:
            return action(context, data_dict)
        except IdgoError as error:
            raise as_ckan(error) from error

    return wrapper
