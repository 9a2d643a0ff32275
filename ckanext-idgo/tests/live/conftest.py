"""Live tests come in by HTTP, as anybody would; ``IDGO_INSTANCE`` names the running instance's
description."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="session")
def instance() -> dict[str, Any]:
    """``instance.json`` of the running instance (issue 3)."""
    path = os.environ.get("IDGO_INSTANCE")
    if not path:
        pytest.fail("IDGO_INSTANCE does not name an instance: run make test-live")
    return json.loads(Path(path).read_text("utf-8"))


# A busy machine is no failure: what a page owes within seconds is measured by `make bench`, not here.
expect.set_options(timeout=30_000)
