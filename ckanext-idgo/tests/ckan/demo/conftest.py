"""A CKAN with the plugins the demonstration fills, loaded once for this folder's modules."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins as p
import pytest
from ckan.common import config

PLUGINS = "activity harvest idgo_forms scheming_datasets idgo_demo idgo"


@pytest.fixture(scope="module")
def house(reset_db, migrate_db_for, tmp_path_factory) -> Iterator[dict[str, str]]:
    """CKAN's pytest plugin unloads every plugin before the first test: these are loaded for the module."""
    settings = {"ckan.plugins": PLUGINS, "ckan.storage_path": str(tmp_path_factory.mktemp("store"))}
    patch = pytest.MonkeyPatch()
    for key, value in settings.items():
        patch.setitem(config, key, value)
    p.load_all()
    reset_db()
    for name in ("activity", "harvest", "idgo_forms"):  # a purge looks into every table that was ever mapped
        migrate_db_for(name)
    try:
        yield settings
    finally:
        p.unload_all()
        patch.undo()


@pytest.fixture
def site(house: dict[str, str], clean_db: None, clean_index: None) -> None:
    """An empty site; the ini's settings are put back before each test, so ours are laid over them again."""
    config.update(house)
