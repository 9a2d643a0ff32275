"""The room's settings, one reader each (``config_declaration.yaml``)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def max_days() -> int:
    """How far away the last day of a grant may be, in days; 0: as far as one likes."""
    return int(tk.config["ckanext.idgo.access.max_days"])


def pending_per_user() -> int:
    """How many requests of one person may wait at a time."""
    return int(tk.config["ckanext.idgo.access.pending_per_user"])
