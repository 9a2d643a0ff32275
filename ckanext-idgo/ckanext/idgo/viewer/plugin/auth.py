"""Who may look at the content of a resource: whoever the access room lets have it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def idgo_viewer_preview(context: Context, data_dict: DataDict) -> AuthResult:
    """Seeing the record is not enough: the content must be open to the caller (``decide``, fail-closed)."""
    tk.check_access("resource_show", context.copy(), {"id": data_dict["id"]})
    verdict = tk.get_action("idgo_access_decision_show")(
        context.copy(), {"id": data_dict["id"], "purpose": "preview"}
    )
    if verdict.get("allowed") is True:
        return {"success": True}
    return {"success": False, "msg": tk._("The content of this resource is not open to you")}


@tk.auth_sysadmins_check
def idgo_viewer_sketch(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody: the action opens a path. Rooms call it themselves after their own check."""
    return {"success": False, "msg": tk._("This drawing is made by the site itself")}
