"""Who comes in: signed in, from our own pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import request

from ckanext.idgo.common.core.addresses import is_own_path
from ckanext.idgo.common.plugin import contexts, csrf


def context() -> Context:
    """A fresh context of the current user, for ``tk.get_action``."""
    return contexts.of_visitor()


def call(action: str, /, **data: Any) -> Any:
    """One of the room's actions, as the person looking at the page."""
    return tk.get_action(f"idgo_membership_{action}")(context(), data)


def login_first() -> Any:
    """The login page, which leads back here."""
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return tk.redirect_to("user.login", came_from=back)


def before() -> Any:
    """``before_request`` of the room's blueprints."""
    if tk.current_user.is_anonymous:
        return login_first()
    return refuse_stale()


def refuse_stale() -> Any:
    return tk.abort(400, tk._("This page is too old: reload it, nothing was done.")) if csrf.stale() else None


def sentences(error: tk.ValidationError) -> dict[str, str]:
    """Field → what is wrong with it."""
    found: dict[str, str] = {}
    for field, messages in error.error_dict.items():
        found[str(field)] = " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
    return found


def local(address: str | None) -> str:
    """An address of this site to go on to; empty for anything else."""
    return address if address and is_own_path(address) else ""
