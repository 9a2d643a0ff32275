"""The shared plugin alone."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins as p
import pytest
from ckan.common import config


@pytest.fixture
def shared_plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Loads ``idgo``: its declared settings get their defaults."""
    monkeypatch.setitem(config, "ckan.plugins", "idgo")
    p.load_all()
    yield
    p.unload_all()
