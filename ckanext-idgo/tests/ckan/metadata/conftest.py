"""One application for the module: CKAN's per-test fixtures copy a configuration that our storage locks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.tests import helpers


@pytest.fixture(scope="module")
def app(reset_db, reset_index, migrate_db_for, tmp_path_factory) -> Iterator[Any]:
    patch = pytest.MonkeyPatch()
    patch.setitem(config, "ckan.storage_path", str(tmp_path_factory.mktemp("store")))
    p.load_all()
    reset_db()
    for plugin in ("activity", "harvest", "idgo_access"):
        migrate_db_for(plugin)
    reset_index()
    try:
        yield helpers._get_test_app()
    finally:
        p.unload_all()
        patch.undo()
