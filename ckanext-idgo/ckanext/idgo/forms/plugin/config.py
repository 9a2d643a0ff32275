"""One named reader per option (``config_declaration.yaml``)."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk


def max_bytes() -> int:
    """``ckan.max_resource_size`` (MB), in bytes."""
    return int(tk.config["ckan.max_resource_size"]) * 1024 * 1024


def chunk_bytes() -> int:
    return int(tk.config["ckanext.idgo.deposit.chunk_bytes"])


def inspect_timeout_seconds() -> int:
    return int(tk.config["ckanext.idgo.deposit.inspect_timeout_seconds"])


def worker_wait_seconds() -> int:
    return int(tk.config["ckanext.idgo.deposit.worker_wait_seconds"])


def undo_days() -> int:
    return int(tk.config["ckanext.idgo.deposit.undo_days"])


def draft_days() -> int:
    return int(tk.config["ckanext.idgo.deposit.draft_days"])


def drafts_per_user() -> int:
    return int(tk.config["ckanext.idgo.deposit.drafts_per_user"])


def deposits_dir() -> Path:
    """``<ckan.storage_path>/idgo-deposits``."""
    return Path(str(tk.config["ckan.storage_path"])) / "idgo-deposits"
