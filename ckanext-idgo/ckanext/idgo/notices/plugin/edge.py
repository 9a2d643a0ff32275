"""Errors of the core, in the reader's language and in CKAN's envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import IdgoError, NotThere


def message(error: IdgoError) -> str:
    return tk._(error.template).format(**error.params)


def in_envelope(action: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of actions: what the core raises leaves as CKAN's own exceptions."""

    @wraps(action)
    def wrapper(context: Any, data_dict: dict[str, Any]) -> Any:
        try:
            return action(context, data_dict)
        except NotThere as error:
            raise tk.ObjectNotFound(message(error)) from error
        except IdgoError as error:
            raise tk.ValidationError({error.code: [message(error)]}) from error

    return wrapper
