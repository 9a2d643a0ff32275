"""Who may: one's own notices and choices, whoever is signed in; words and outbox, system administrators."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def signed_in(context: Any, data_dict: dict[str, Any] | None = None) -> dict[str, Any]:
    """CKAN refuses anonymous callers before asking: no ``auth_allow_anonymous_access`` here."""
    return {"success": True}


def administrators(context: Any, data_dict: dict[str, Any] | None = None) -> dict[str, Any]:
    """System administrators never get here: CKAN lets them through before asking."""
    return {"success": False, "msg": tk._("Only system administrators may do this.")}


OWN = ("list", "mark_read", "choices_show", "choices_update")
ADMINISTRATORS = ("words_show", "words_update", "words_preview", "outbox_list", "outbox_retry")


def functions() -> dict[str, Any]:
    """One auth function per action of the room."""
    return {
        **{f"idgo_notices_{name}": signed_in for name in OWN},
        **{f"idgo_notices_{name}": administrators for name in ADMINISTRATORS},
    }
