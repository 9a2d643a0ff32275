"""Who may ask the catalogue: whoever may search it."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk


@tk.auth_allow_anonymous_access
def idgo_catalogue_suggest(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """As ``package_search``: a site that closes its search closes its suggestions."""
    return authz.is_authorized("package_search", context, data_dict)


@tk.auth_allow_anonymous_access
def idgo_catalogue_alternatives(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """As ``package_search``."""
    return authz.is_authorized("package_search", context, data_dict)
