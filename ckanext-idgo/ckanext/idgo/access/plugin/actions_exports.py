"""Actions that make copies for other catalogues: the same for every caller, none with a closed address.

Their ``context`` carries the mark down to ``package_show`` and ``package_search``; no request can set it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.idgo.access.plugin import auth

Action = Callable[..., Any]


def _exporting(name: str, *, side_effect_free: bool) -> Action:
    @tk.chained_action
    def copy(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        return next_action(auth.as_export(context), data_dict)

    copy.__name__ = name
    # CKAN copies the attributes of the last of a chain: ``dcat_dataset_show`` has none (POST only).
    return tk.side_effect_free(copy) if side_effect_free else copy


def actions() -> dict[str, Action]:
    """Chains on the DCAT actions of the extensions that are loaded."""
    found: dict[str, Action] = {}
    if p.plugin_loaded("dcat"):
        found["dcat_dataset_show"] = _exporting("dcat_dataset_show", side_effect_free=False)
        for name in ("dcat_catalog_show", "dcat_catalog_search"):
            found[name] = _exporting(name, side_effect_free=True)
    if p.plugin_loaded("dcat_json_interface"):
        found["dcat_datasets_list"] = _exporting("dcat_datasets_list", side_effect_free=True)
    return found
