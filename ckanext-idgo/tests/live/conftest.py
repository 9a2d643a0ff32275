"""Live tests come in by HTTP, as anybody would; ``IDGO_INSTANCE`` names the running instance's
description."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deposit_window import FLAGS, Contributor
from playwright.sync_api import Browser, expect, sync_playwright


@pytest.fixture(scope="session")
def instance() -> dict[str, Any]:
    """``instance.json`` of the running instance (issue 3)."""
    path = os.environ.get("IDGO_INSTANCE")
    if not path:
        pytest.fail("IDGO_INSTANCE does not name an instance: run make test-live")
    return json.loads(Path(path).read_text("utf-8"))


# A busy machine is no failure: what a page owes within seconds is measured by `make bench`, not here.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def contributor(browser: Browser, instance: dict[str, Any]) -> Iterator[Contributor]:
    one = Contributor(browser, instance)
    one.log_in()
    yield one
    one.delete_drafts()
    one.context.close()
