"""A file given by its address, fetched by the guarded client: in the background, like the reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.plugin.client import guarded_client
from ckanext.idgo.forms.core.deposit_tus import file_name
from ckanext.idgo.forms.plugin import config


def fetch(url: str, path: Path) -> dict[str, Any]:
    """Bring the file to ``path``; gives what is learnt of it, keys of the draft's file."""
    got = guarded_client().download(url, path, max_bytes=config.max_bytes())
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise BadInput("file-empty", N_("The file is empty: there is nothing to publish."))
    return {
        "size": size_bytes,
        "received": size_bytes,
        "fetch": False,
        "filename": file_name(got.filename),
    }
