"""One small catalogue per session of this folder: asking it is cheap, filling it is not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.tests import factories, helpers

sys.path.insert(0, str(Path(__file__).parent))

from catalogue_world import DATASETS, PLUGINS, add


@pytest.fixture(scope="module")
def app(reset_db, reset_index, migrate_db_for, tmp_path_factory) -> Iterator[Any]:
    patch = pytest.MonkeyPatch()
    patch.setitem(config, "ckan.plugins", PLUGINS)
    patch.setitem(config, "ckan.storage_path", str(tmp_path_factory.mktemp("store")))
    p.load_all()
    reset_db()
    for plugin in ("activity", "idgo_access"):
        migrate_db_for(plugin)
    reset_index()
    try:
        yield helpers._get_test_app()
    finally:
        p.unload_all()
        patch.undo()


@pytest.fixture(scope="module")
def catalogue(app) -> dict[str, Any]:
    """The datasets above, a private one and a draft, in two organisations."""
    with app.flask_app.test_request_context():
        factories.Sysadmin(name="administration-exemple")
        member = factories.User(name="membre-exemple")
        crige = factories.Organization(name="crige-paca", title="CRIGE Provence-Alpes-Côte d’Azur")
        users = [{"name": member["name"], "capacity": "editor"}]
        commune = factories.Organization(name="ville-exemple", title="Ville d’Exemple", users=users)
        for name, fields in DATASETS.items():
            add(crige["id"], name, fields)
        add(commune["id"], "prive", {"title": "Eau confidentielle zzsecret", "tags": ["zztag"]}, private=True)
        add(commune["id"], "brouillon", {"title": "Eau en brouillon zzdraft"}, state="draft")
    return {"member": member["name"], "organizations": (crige, commune)}


@pytest.fixture
def search(app, catalogue) -> Callable[..., list[str]]:
    """Names found by ``package_search``, best first."""

    def names(q: str = "", **params: Any) -> list[str]:
        with app.flask_app.test_request_context():
            found = helpers.call_action("package_search", q=q, rows=100, **params)
        return [dataset["name"] for dataset in found["results"]]

    return names
