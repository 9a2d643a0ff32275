"""One small catalogue for the pages: every tier, and a text field of each kind that holds markup."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

PLUGINS = "idgo idgo_access idgo_metadata idgo_forms idgo_catalogue idgo_viewer activity scheming_datasets"
STORAGE = "ckan.files.storage.default."
ADMIN = "administration-exemple"
MARKUP = '<script>alert(1)</script> "><img src=x onerror=alert(2)> 地図 خريطة Ελλάδα'
CANARY_FILE = b"zzcolonne;valeur\nzzcellule;1\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = str(tmp_path_factory.mktemp("store"))
    return {
        "ckan.plugins": PLUGINS,
        "ckan.storage_path": folder,
        "ckan.locale_default": "fr",
        "ckan.files.storage.default.type": "ckan:fs",
        "ckan.files.storage.default.path": folder,
        "ckan.files.storage.default.initialize": True,
    }


@pytest.fixture(scope="module")
def site(settings, reset_db, reset_index, reset_storages, migrate_db_for) -> Iterator[dict[str, Any]]:
    config.update(settings)
    p.load_all()
    reset_storages()
    reset_db()
    for plugin in ("activity", "idgo_access"):
        migrate_db_for(plugin)
    reset_index()
    app = helpers._get_test_app()
    try:
        config.update(settings)
        with app.flask_app.test_request_context():
            world = _build()
        yield {"app": app, **world}
    finally:
        p.unload_all()
        for key in [key for key in config if key in settings or key.startswith(STORAGE)]:
            config.pop(key, None)
        reset_storages()


@pytest.fixture
def pages(site, settings) -> dict[str, Any]:
    config.update(settings)
    return site


def _dataset(owner: str, name: str, **fields: Any) -> dict[str, Any]:
    made = {
        "name": name,
        "title": "Captages d’eau potable",
        "notes": "Points de captage d’eau.",
        "owner_org": owner,
        "theme": "environnement-et-climat",
        "territory": ["departement:84"],
        "frequency": "annually",
        "license_id": "lov2",
        "access_tier": "open",
        "data_family": "geographic",
        "tags": [{"name": "eau"}],
    }
    return helpers.call_action("package_create", context={"user": ADMIN}, **{**made, **fields})


def _file(package_id: str, name: str, content: bytes, **fields: Any) -> dict[str, Any]:
    upload = FileStorage(io.BytesIO(content), "zzfichier.csv")
    given = {
        "package_id": package_id,
        "name": name,
        "format": "CSV",
        "url": "zzfichier.csv",
        "url_type": "upload",
    }
    return helpers.call_action(
        "resource_create", context={"user": ADMIN}, upload=upload, **{**given, **fields}
    )


def _build() -> dict[str, Any]:
    factories.Sysadmin(name=ADMIN)
    member = factories.UserWithToken(name="membre-exemple")
    users = [{"name": member["name"], "capacity": "editor"}]
    org = factories.Organization(
        name="ville-exemple", title=f"Ville {MARKUP}", description=MARKUP, users=users, image_url=""
    )
    opened = _dataset(org["id"], "jeu-ouvert")
    shown = _file(opened["id"], "Table ouverte", b"commune;eau\nApt;12\n")
    locked = _dataset(
        org["id"], "jeu-ferme", title="Jeu réservé", access_tier="restricted", data_family="statistical"
    )
    columns = [{"name": "zzcolonne", "type": "string"}]
    hidden = _file(locked["id"], "Fichier réservé", CANARY_FILE, columns=columns)
    marked = _dataset(org["id"], "jeu-balise", title=MARKUP, notes=MARKUP, lineage=MARKUP)
    _file(marked["id"], MARKUP, b"a;b\n1;2\n", description=MARKUP)
    return {
        "member": member,
        "open": opened,
        "shown": shown,
        "locked": locked,
        "hidden": hidden,
        "marked": marked,
    }
