"""Shared by every suite: where the real data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "realdata: reads the real data folder (make test DATA=PATH)")
    config.addinivalue_line("markers", "soak: long run, part of `make soak` only")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data: ``IDGO_DATA``, else ``../shared/data`` beside the repository."""
    folder = Path(os.environ.get("IDGO_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (folder / "README.md").is_file():
        message = f"real data not found at {folder}: say where with make test DATA=PATH"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder.resolve()
