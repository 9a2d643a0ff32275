"""Contexts for ``tk.get_action`` and ``tk.check_access``, typed as CKAN types them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Context


def of_visitor() -> Context:
    """A fresh context of whoever sent the request being served."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
