"""Who may deposit: whoever may create a dataset in at least one organisation (issue 3: contributor = CKAN
editor, referent = CKAN admin). That a deposit is one's own is checked where it is read: another's looks like
one that does not exist."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk


def may_deposit(context: Any, data_dict: dict[str, Any] | None = None) -> dict[str, Any]:
    if authz.has_user_permission_for_some_org(context.get("user"), "create_dataset"):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("To deposit data, your account must be a contributor of an organization."),
    }


NAMES = (
    "create",
    "show",
    "list",
    "update",
    "delete",
    "submit",
    "inspect",
    "attach",
    "undo",
    "changes",
    "sketch",
)


def functions() -> dict[str, Any]:
    """One auth function per action of the room; all ask the same question."""
    return {f"idgo_forms_deposit_{name}": may_deposit for name in NAMES}
