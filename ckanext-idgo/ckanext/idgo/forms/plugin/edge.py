"""Errors of the cores, said in the reader's language and in CKAN's envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import IdgoError, NotThere, Refused


def message(error: IdgoError | dict[str, Any]) -> str:
    """The sentence of an error, or of one kept in a draft (``{"code", "template", "params"}``)."""
    if isinstance(error, IdgoError):
        return tk._(error.template).format(**_written(error.params))
    sentence = error["template"]
    return tk._(sentence).format(**_written(error.get("params", {})))


def _written(params: dict[str, Any]) -> dict[str, Any]:
    """Decimal figures as the reader writes them: ``1,5``, and ``1`` rather than ``1.0``."""
    return {
        key: tk.h.idgo_number(value, 1) if isinstance(value, float) else value
        for key, value in params.items()
    }


def kept(error: IdgoError) -> dict[str, Any]:
    """An error as plain data, to be said later in whatever language the reader has."""
    params = {
        key: value if isinstance(value, int | float) else str(value) for key, value in error.params.items()
    }
    return {"code": error.code, "template": error.template, "params": params}


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
