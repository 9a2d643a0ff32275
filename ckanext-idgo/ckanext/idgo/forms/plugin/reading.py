"""The door to ``forms.core.inspect``: limits of this site, one call."""

from __future__ import annotations

from pathlib import Path

from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect import Limits, inspect_safely
from ckanext.idgo.forms.plugin import config


def inspect(path: Path, filename: str) -> FileFacts:
    """What the file holds. Raises ``BadInput`` for what cannot be used, whatever the reader below did."""
    return inspect_safely(path, filename, Limits(max_bytes=config.max_bytes()))
