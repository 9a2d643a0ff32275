"""Errors of the cores, said in the reader's language and in CKAN's envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import IdgoError, NotThere, Refused


def as_ckan(error: IdgoError) -> Exception:
    """404, 403, or a 409 whose key is the error's code: the field, where a form has one of that name."""
    sentence = tk._(error.template).format(**error.params)
    if isinstance(error, NotThere):
        return tk.ObjectNotFound(sentence)
    if isinstance(error, Refused):
        return tk.NotAuthorized(sentence)
    return tk.ValidationError({error.code: [sentence]})


def in_envelope(action: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of actions: what the core raises leaves as CKAN's own exceptions."""

    @wraps(action)
    def wrapper(context: Any, data_dict: dict[str, Any]) -> Any:
        try:
            return action(context, data_dict)
        except IdgoError as error:
            raise as_ckan(error) from error

    return wrapper
