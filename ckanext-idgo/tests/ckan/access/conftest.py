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

from access_world import World, build  # noqa: E402

PLUGINS = "activity idgo_access idgo_forms scheming_datasets dcat structured_data image_view idgo"


@pytest.fixture(scope="module")
def world(reset_db, reset_index, migrate_db_for, tmp_path_factory) -> Iterator[World]:
    patch = pytest.MonkeyPatch()
    patch.setitem(config, "ckan.plugins", PLUGINS)
    patch.setitem(config, "ckan.storage_path", str(tmp_path_factory.mktemp("store")))
    patch.setitem(config, "ckanext.idgo.guichet.organization", "guichet")
    p.load_all()
    reset_db()
    migrate_db_for("activity")
    reset_index()
    app = helpers._get_test_app()
    try:
        with app.flask_app.test_request_context():
            built = build(app)
        yield built
    finally:
        p.unload_all()
        patch.undo()
