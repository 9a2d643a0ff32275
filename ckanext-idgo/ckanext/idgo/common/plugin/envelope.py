"""Errors of the cores, said in the reader's language and in CKAN's envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.common.core.errors import IdgoError, NotThere, Refused
from ckanext.idgo.common.core.sizes import Size


def size(size_bytes: int) -> str:
    """A number of bytes in the language of the page."""
    return Size(size_bytes).said(tk.h.lang() or "fr")


def message(error: IdgoError) -> str:
    """The sentence of an error."""
    return say(error.template, error.params)


def say(template: str, params: dict[str, Any]) -> str:
    """An English template and its values, in the language of the page."""
    return tk._(template).format(**{key: _worded(value) for key, value in params.items()})


def _worded(value: Any) -> Any:
    """Sizes in the reader's units, decimal figures as the reader writes them (``1,5``; ``1``, no ``1.0``)."""
    if isinstance(value, Size):
        return size(value)
    return tk.h.idgo_number(value, 1) if isinstance(value, float) else value


def as_ckan(error: IdgoError, field: str | None = None) -> Exception:
    """404, 403, or a 409 whose key is ``field``, where a form has one of that name, else the error's code."""
    if isinstance(error, NotThere):
        return tk.ObjectNotFound(message(error))
    if isinstance(error, Refused):
        return tk.NotAuthorized(message(error))
    return tk.ValidationError({field or error.code: [message(error)]})


def in_envelope(action: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of actions, chained ones too: what the core raises leaves as CKAN's own exceptions."""

    @wraps(action)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return action(*args, **kwargs)
        except IdgoError as error:
            raise as_ckan(error) from error

    return wrapper


def all_or_nothing(action: Callable[..., Any]) -> Callable[..., Any]:
    """As ``in_envelope``, and a refused change leaves no trace: undone, and its locks given back."""

    @wraps(action)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return action(*args, **kwargs)
        except IdgoError as error:
            model.Session.rollback()
            raise as_ckan(error) from error

    return wrapper
