"""One world per module: building it costs seconds, asking it thousands of questions does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.tests import helpers

sys.path.insert(0, str(Path(__file__).parent))

from access_world import World, build
from elsewhere import Remembered

from ckanext.idgo.access.plugin import linked
from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.plugin.signals import noted

STORAGE = "ckan.files.storage.default."
#: Beside those of the instance: content in more places, and a harvester whose sources can be made.
MORE = ("idgo_access", "idgo_forms", "scheming_datasets", "activity", "dcat", "harvest")
MORE = (*MORE, "structured_data", "image_view", "ckan_harvester")


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> dict[str, object]:
    """CKAN's pytest plugin puts the ini's settings back before each test: these are laid over them again."""
    loaded = p.toolkit.aslist(config["ckan.plugins"])
    folder = str(tmp_path_factory.mktemp("store"))
    return {
        "ckan.plugins": " ".join([*loaded, *(name for name in MORE if name not in loaded)]),
        "ckan.storage_path": folder,
        # The worst an operator can do: a storage that CKAN serves to anybody by its path (matrix, row 34).
        "ckan.files.storage.default.type": "ckan:fs",
        "ckan.files.storage.default.path": folder,
        "ckan.files.storage.default.initialize": True,
        "ckan.files.storage.default.public": True,
        "ckanext.idgo.guichet.organization": "guichet",
        "ckan.auth.create_user_via_web": True,
    }


@pytest.fixture(scope="module")
def built(settings, reset_db, reset_index, reset_storages, migrate_db_for) -> Iterator[World]:
    config.update(settings)
    p.load_all()
    reset_storages()
    reset_db()
    for plugin in ("activity", "harvest", "idgo_access", "idgo_membership", "idgo_notices"):
        migrate_db_for(plugin)
    reset_index()
    app = helpers._get_test_app()
    try:
        config.update(settings)
        with app.flask_app.test_request_context():
            world = build(app)
        yield world
    finally:
        p.unload_all()
        for key in [key for key in config if key in settings or key.startswith(STORAGE)]:
            config.pop(key, None)
        reset_storages()


@pytest.fixture
def world(built, settings, monkeypatch) -> World:
    config.update(settings)
    monkeypatch.setattr(linked, "guarded_client", Remembered)
    return built


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """What was sent upwards during the test."""
    heard: list[Event] = []

    def hear(_kind: str, event: Event) -> None:
        heard.append(event)

    noted.connect(hear)
    yield heard
    noted.disconnect(hear)
