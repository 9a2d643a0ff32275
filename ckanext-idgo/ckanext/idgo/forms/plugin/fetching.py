"""A file given by its address, fetched by the guarded client: in the background, like the reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.plugin.http import GuardedClient
from ckanext.idgo.forms.core.deposit_tus import file_name
from ckanext.idgo.forms.plugin import config


def fetch(url: str, path: Path) -> dict[str, Any]:
    """Bring the file to ``path``; gives what is learnt of it, keys of the draft's file."""
    got = GuardedClient.from_config().download(url, path, max_bytes=config.max_bytes())
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise BadInput("file-empty", N_("The file is empty: there is nothing to publish."))
    learnt: dict[str, Any] = {"size": size_bytes, "received": size_bytes, "fetch": False}
    if getattr(got, "filename", None):
        learnt["filename"] = file_name(got.filename)
    return learnt
