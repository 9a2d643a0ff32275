"""Who may call: anybody with an active account. What they may see or decide is judged where it is read: what
one may not see looks like what does not exist (ADR 0006)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model


def _user(context: Any) -> Any | None:
    user = context.get("auth_user_obj")
    if not isinstance(user, model.User):
        user = model.User.get(context.get("user")) if context.get("user") else None
    return user if user is not None and user.state == "active" else None


def signed_in(context: Any, data_dict: dict[str, Any] | None = None) -> dict[str, Any]:
    if _user(context) is None:
        return {"success": False, "msg": tk._("You must be logged in.")}
    return {"success": True}


@tk.auth_allow_anonymous_access
def anyone(context: Any, data_dict: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"success": True}


NAMES = (
    "terms_accept",
    "request_create",
    "request_list",
    "request_show",
    "request_decide",
    "request_withdraw",
    "leave",
    "referents_list",
)


def functions() -> dict[str, Any]:
    return {f"idgo_membership_{name}": signed_in for name in NAMES} | {"idgo_membership_terms_show": anyone}


def caller(context: Any, action: str, data_dict: dict[str, Any]) -> Any:
    """The active account that calls an action of ours; ``NotAuthorized`` without one."""
    tk.check_access(f"idgo_membership_{action}", context, data_dict)
    user = _user(context)
    if user is None:
        raise tk.NotAuthorized(tk._("You must be logged in."))
    return user


def visitor(context: Any) -> Any | None:
    """The active account that calls, None for anybody else."""
    return _user(context)


def is_internal(context: Any) -> bool:
    """Code of the server itself: it asked for no check, or acts as CKAN's own account. No request can."""
    return context.get("ignore_auth") is True or context.get("user") == str(tk.config.get("ckan.site_id"))
