"""Who may read a record: whoever may read the dataset."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def idgo_metadata_record_show(context: Any, data_dict: dict[str, Any]) -> Any:
    """As ``package_show``: what is written of locked resources is decided by the access room's mask."""
    return authz.is_authorized("package_show", context, data_dict)
