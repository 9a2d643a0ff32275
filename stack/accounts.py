"""Where the instance's five accounts are kept; ``ckan idgo demo accounts`` makes them."""

from __future__ import annotations

import json
from pathlib import Path

from stack.layout import Layout


def path(layout: Layout) -> Path:
    """The file (mode 0600) that ``ckan idgo demo accounts --file`` reads and writes."""
    return layout.state / "accounts.json"


def load(layout: Layout) -> dict[str, dict[str, str]]:
    """Key → ``{name, password, token}``."""
    file = path(layout)
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}
