"""One world per module: building it costs seconds, asking it thousands of questions does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.plugins import core
from ckan.tests import helpers

sys.path.insert(0, str(Path(__file__).parent))

import tables
from access_world import World, build
from elsewhere import Proxied, Remembered
from fakes import FAKES

from ckanext.idgo.access.plugin import delivering, linked
from ckanext.idgo.access.plugin.bodies import Places
from ckanext.idgo.common.core.events import Event
from ckanext.idgo.common.plugin.signals import noted

STORAGE = "ckan.files.storage.default."
#: Beside those of the instance: content in more places, and a harvester whose sources can be made.
MORE = ("idgo_access", "idgo_forms", "scheming_datasets", "activity", "dcat", "harvest")
MORE = (*MORE, "structured_data", "image_view", "ckan_harvester")
#: For modules that say ``WHOLE = True``: every plugin of the installed packages with a route or an action
#: that gives content, and two that are not installed (``fakes``). Building their world takes longer.
WHOLE = ("datastore", "datatables_view", "resource_proxy", "text_view", "webpage_view", "audio_view")
WHOLE = (*WHOLE, "video_view", "croissant", "dcat_json_interface", "spatial_harvest_metadata_api", "stats")
WHOLE = (*WHOLE, "tabledesigner", "datapusher", *FAKES)


def settings_of(folder: str, *more: str) -> dict[str, object]:
    """``more``: plugins beside those of ``MORE``."""
    loaded = p.toolkit.aslist(config["ckan.plugins"])
    wanted = [*loaded, *(name for name in (*MORE, *more) if name not in loaded)]
    return {
        "ckan.plugins": " ".join(dict.fromkeys(wanted)),
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
def settings(request, tmp_path_factory) -> dict[str, object]:
    """CKAN's pytest plugin puts the ini's settings back before each test: these are laid over them again."""
    folder = str(tmp_path_factory.mktemp("store"))
    if not getattr(request.module, "WHOLE", False):
        return settings_of(folder)
    # No file is sent to the loader: only its routes and actions matter here.
    loader = {"ckan.datapusher.api_token": "none", "ckan.datapusher.formats": "none"}
    loader["ckan.datapusher.url"] = "http://127.0.0.1:9/"
    return {**tables.settings(config["sqlalchemy.url"]), **loader, **settings_of(folder, *WHOLE)}


@pytest.fixture(scope="module")
def faked() -> Iterator[None]:
    """CKAN finds the plugins of ``fakes`` by their names, as it would find those of an installed package."""
    real = core._get_service

    def service(name: str) -> object:
        return FAKES[name]() if name in FAKES else real(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "_get_service", service)
        yield


@pytest.fixture(scope="module")
def built(faked, settings, reset_db, reset_index, reset_storages, migrate_db_for) -> Iterator[World]:
    before = set(config)
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
            world = build(app, whole="ckan.datastore.write_url" in settings)
        # What the plugins declare is in the configuration now; CKAN's fixtures take it out before each test.
        world.config = {**dict(config), **settings}
        yield world
    finally:
        p.unload_all()
        for key in [key for key in config if key not in before or key.startswith(STORAGE)]:
            config.pop(key, None)
        reset_storages()


@pytest.fixture
def world(built, monkeypatch) -> World:
    config.update(built.config)
    monkeypatch.setattr(linked, "guarded_client", Remembered)
    # CKAN's test client closes no body, and a stream keeps its place until it is closed.
    monkeypatch.setattr(delivering, "places", Places())
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


@pytest.fixture
def elsewhere(monkeypatch) -> None:
    """CKAN's resource proxy reads its links from memory: nothing goes over the network."""
    from ckanext.resourceproxy import blueprint

    monkeypatch.setattr(blueprint.requests, "head", Proxied)
    monkeypatch.setattr(blueprint.requests, "get", Proxied)
