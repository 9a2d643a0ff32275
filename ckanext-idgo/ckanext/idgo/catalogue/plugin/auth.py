"""Who may ask the catalogue: whoever may search it."""

from __future__ import annotations

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def idgo_catalogue_suggest(context: Context, data_dict: DataDict) -> AuthResult:
    """As ``package_search``: a site that closes its search closes its suggestions."""
    return authz.is_authorized("package_search", context, data_dict)


@tk.auth_allow_anonymous_access
def idgo_catalogue_alternatives(context: Context, data_dict: DataDict) -> AuthResult:
    """As ``package_search``."""
    return authz.is_authorized("package_search", context, data_dict)
