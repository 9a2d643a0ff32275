"""Where the files an operator may change are found (``schemas/`` and ``config/``)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


def _top(name: str, variable: str) -> Path:
    given = os.environ.get(variable)
    return Path(given) if given else _beside(name, variable)


@cache
def _beside(name: str, variable: str) -> Path:
    """The folder in the repository this file lies in: looked for once, it is asked for at every code list."""
    for parent in Path(__file__).resolve().parents:
        if (parent / name).is_dir() and (parent / "ckanext-idgo").is_dir():
            return parent / name
    raise FileNotFoundError(f"{name}/ not found beside ckanext-idgo/: set {variable}")


def schemas_dir() -> Path:
    """``schemas/`` of the repository, or the folder named by ``IDGO_SCHEMAS_DIR`` (images, packages)."""
    return _top("schemas", "IDGO_SCHEMAS_DIR")


def config_dir() -> Path:
    """``config/`` of the repository, or the folder named by ``IDGO_CONFIG_DIR``."""
    return _top("config", "IDGO_CONFIG_DIR")
