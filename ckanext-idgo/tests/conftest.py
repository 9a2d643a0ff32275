"""Shared by every suite: where the real data lies, and how many examples a property is tried with."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[2]

# A property names no number of examples: the suite does (`--hypothesis-profile`, docs/adr/0002-suites.md).
# The properties of `core` are tried with a few at every save, and with those of `files` by `make test-files`.
# A busy machine is no reason to fail: no deadline, and none for making the examples either.
PROFILES = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("core", PROFILES, max_examples=5, derandomize=True)
settings.register_profile("files", PROFILES, max_examples=60, derandomize=True)
settings.register_profile("soak", PROFILES, max_examples=10_000)
settings.load_profile("core")


# The collector would walk over what pytest has collected again and again: a sixth of the core suite's time.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.freeze()


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
