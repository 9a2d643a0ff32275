"""A contributor, a colleague, somebody of another organisation; files are read in the same process."""

from __future__ import annotations

import io
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

CSV = b"nom;commune;longitude;latitude\nFontaine;Arles;4.63;43.68\nLavoir;Arles;4.62;43.67\n"
PLUGINS = "idgo idgo_access idgo_forms idgo_viewer scheming_datasets"


@pytest.fixture
def forms(
    monkeypatch: Any,
    ckan_config: Any,
    tmp_path: Any,
    with_plugins: Any,
    clean_db: Any,
    clean_index: Any,
    migrate_db_for: Any,
) -> None:
    for plugin in ("idgo_access", "idgo_forms"):
        migrate_db_for(plugin)
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    # No worker runs here: whoever looks at the draft reads the file at once.
    monkeypatch.setitem(ckan_config, "ckanext.idgo.deposit.worker_wait_seconds", -1)


class World:
    """Two organisations; ``editor`` and ``colleague`` edit the first, ``stranger`` the second."""

    def __init__(self) -> None:
        self.editor, self.colleague, self.stranger, self.reader = (factories.User() for _ in range(4))
        members = [{"name": u["name"], "capacity": "editor"} for u in (self.editor, self.colleague)]
        self.org = factories.Organization(users=members)
        self.other = factories.Organization(users=[{"name": self.stranger["name"], "capacity": "editor"}])

    def act(self, action: str, who: dict[str, Any] | None = None, **data: Any) -> Any:
        """An ``idgo_forms_deposit_…`` action, rights checked."""
        return self.call(f"idgo_forms_deposit_{action}", who, **data)

    def call(self, action: str, who: dict[str, Any] | None = None, **data: Any) -> Any:
        user = (who or self.editor)["name"]
        context = {"user": user, "ignore_auth": False, "auth_user_obj": model.User.get(user)}
        return helpers.call_action(action, context, **data)

    def draft(
        self, content: bytes = CSV, filename: str = "points_eau_2026.csv", **about: Any
    ) -> dict[str, Any]:
        """A draft whose file was read."""
        deposit = self.act("create", **about)
        upload = FileStorage(io.BytesIO(content), filename=filename)
        self.act("attach", id=deposit["id"], upload=upload)
        return self.act("show", id=deposit["id"])

    def answers(self, **more: Any) -> dict[str, Any]:
        """What a contributor types."""
        return {
            "title": "Points d'eau d'Arles",
            "notes": "Fontaines et lavoirs.",
            "owner_org": self.org["id"],
            "theme": "environnement-et-climat",
            "tags": ["qualité de l'eau"],
            "territory": ["commune:13004"],
            "frequency": "monthly",
            "license_id": "lov2",
            "access_tier": "open",
            **more,
        }

    def published(self, **more: Any) -> dict[str, Any]:
        return self.act("submit", id=self.draft()["id"], fields=self.answers(**more))


@pytest.fixture
def world(forms: None) -> World:
    return World()


def stored_bytes(resource: dict[str, Any]) -> bytes:
    """What CKAN keeps for an uploaded resource."""
    from ckan.lib import files, uploader

    held = uploader.get_resource_uploader(dict(resource))
    storage = getattr(held, "storage", None)
    path = held.get_path(resource["id"])
    if storage is None:
        with open(path, "rb") as stream:
            return stream.read()
    return b"".join(storage.stream(files.FileData(path)))
