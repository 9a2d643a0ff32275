"""The guarded client as this site's configuration sets it (``ckanext.idgo.http.*``)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.addresses import Policy
from ckanext.idgo.common.plugin.http import GuardedClient, Limits


def guarded_client(total_seconds: int | None = None, max_bytes: int | None = None) -> GuardedClient:
    """A client for addresses that people, records or other systems give.

    ``total_seconds`` and ``max_bytes`` replace the site's limits where a caller has limits of its own.
    """
    total = tk.config["ckanext.idgo.http.total_seconds"] if total_seconds is None else total_seconds
    most = tk.config["ckanext.idgo.http.max_bytes"] if max_bytes is None else max_bytes
    return GuardedClient(
        policy=Policy.of(
            ports=[int(port) for port in tk.config["ckanext.idgo.http.ports"]],
            allow=tk.config["ckanext.idgo.http.allow"],
        ),
        limits=Limits(
            connect_seconds=tk.config["ckanext.idgo.http.connect_seconds"],
            read_seconds=tk.config["ckanext.idgo.http.read_seconds"],
            total_seconds=total,
            max_bytes=most,
        ),
        user_agent=tk.config["ckanext.idgo.http.user_agent"],
    )
