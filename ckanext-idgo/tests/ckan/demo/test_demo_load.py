"""``ckan idgo demo`` on a real CKAN: once, twice, refreshed, removed; accounts that keep their secrets."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from ckanext.idgo.demo.core import content
from ckanext.idgo.demo.core.organizations import organizations
from ckanext.idgo.demo.plugin import accounts, actions

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=timezone.utc)
FEW = (
    "emprises-des-communes",
    "table-de-passage-vaucluse",
    "debits-simules-de-la-durance",
    "carte-de-la-population",
)


def search(**query: Any) -> list[str]:
    found = tk.get_action("package_search")({"ignore_auth": True, "user": ""}, {"rows": 100, **query})
    return sorted(d["name"] for d in found["results"])


def show(name: str) -> dict[str, Any]:
    return tk.get_action("package_show")(actions.as_site(), {"id": name})


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four datasets of the eighteen: one of each family and tier, and a document."""
    chosen = tuple(d for d in content.datasets() if d.name in FEW)
    monkeypatch.setattr(actions.content, "datasets", lambda: chosen)


@pytest.mark.usefixtures("site", "few")
class TestLoad:
    def test_loading_twice_changes_nothing(self, tmp_path: Path) -> None:
        said: list[str] = []
        assert actions.load(tmp_path, NOW, False, said.append)["created"] == len(FEW)
        before = {name: show(name) for name in FEW}
        assert actions.load(tmp_path, NOW, False, said.append) == {
            "created": 0,
            "kept": len(FEW),
            "refreshed": 0,
        }
        assert {name: show(name) for name in FEW} == before
        assert search() == sorted(FEW)
        assert list(tmp_path.iterdir()) == []  # files are uploaded, not left

    def test_fields_and_facts_are_those_of_the_contract(self, tmp_path: Path) -> None:
        actions.load(tmp_path, NOW, False, lambda line: None)
        dataset = show("emprises-des-communes")
        assert (dataset["theme"], dataset["inspire_theme"]) == (
            "limites-administratives-et-referentiels",
            "au",
        )
        assert dataset["territory"] == ["region:93"]
        geojson, gpkg = dataset["resources"]
        assert (geojson["feature_count"], geojson["crs"], geojson["format"]) == (946, "EPSG:4326", "GeoJSON")
        assert geojson["columns"][0] == {"name": "code", "type": "string"}
        assert (gpkg["access_tier"], gpkg["crs"]) == ("authenticated", "EPSG:2154")
        assert geojson["hash"].startswith("sha256:")

    def test_a_broken_load_is_completed(self, tmp_path: Path) -> None:
        actions.load(tmp_path, NOW, False, lambda line: None)
        lost = show("carte-de-la-population")["resources"][1]
        tk.get_action("resource_delete")(actions.as_site(), {"id": lost["id"]})
        actions.load(tmp_path, NOW, False, lambda line: None)
        assert [r["format"] for r in show("carte-de-la-population")["resources"]] == ["PDF", "PNG"]

    def test_refreshing_keeps_addresses(self, tmp_path: Path) -> None:
        actions.load(tmp_path, NOW, False, lambda line: None)
        before = show("debits-simules-de-la-durance")
        later = NOW.replace(day=25)
        counts = actions.load(tmp_path, later, True, lambda line: None)
        assert counts["refreshed"] == len(FEW)
        after = show("debits-simules-de-la-durance")
        assert [r["id"] for r in after["resources"]] == [r["id"] for r in before["resources"]]
        assert after["resources"][0]["hash"] != before["resources"][0]["hash"]

    def test_removing_takes_only_what_was_loaded(self, tmp_path: Path) -> None:
        factories.Organization(name="crige-paca")  # was there before the demonstration
        actions.load(tmp_path, NOW, False, lambda line: None)
        own = factories.Dataset(
            owner_org=tk.get_action("organization_show")(actions.as_site(), {"id": "ddt-vaucluse"})["id"]
        )
        said: list[str] = []
        actions.remove(said.append)
        assert search() == [own["name"]]
        left = set(tk.get_action("organization_list")(actions.as_site(), {}))
        assert left & {o.name for o in organizations()} == {"crige-paca", "ddt-vaucluse"}
        assert any("ddt-vaucluse: it holds other datasets" in line for line in said)
        actions.remove(said.append)  # nothing left to remove: no error


@pytest.mark.usefixtures("site")
class TestAccounts:
    def test_secrets_are_given_once_kept_and_rotated_on_demand(self, tmp_path: Path) -> None:
        file = tmp_path / "accounts.json"
        first = accounts.ensure({}, rotate=False)
        assert list(first) == ["contributor", "referent", "guichet", "user", "sysadmin"]
        accounts.write(file, first)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert accounts.ensure(accounts.read(file), rotate=False) == first
        assert json.loads(file.read_text(encoding="utf-8")) == first
        assert (
            accounts.ensure({}, rotate=False)["user"]["password"] is None
        )  # nobody knows it, nobody changes it
        turned = accounts.ensure(first, rotate=True)
        assert all(turned[k]["password"] != first[k]["password"] for k in first)
        user = model.User.get("usager")
        assert user is not None
        assert user.validate_password(turned["user"]["password"])
        assert not user.validate_password(first["user"]["password"])

    def test_roles_are_those_of_the_issue(self) -> None:
        accounts.ensure({}, rotate=False)
        members = {
            u["name"]: u["capacity"]
            for u in tk.get_action("organization_show")(
                actions.as_site(), {"id": accounts.EXAMPLE, "include_users": True}
            )["users"]
        }
        assert members["contributeur"] == "editor"
        assert members["referent"] == "admin"
        assert "usager" not in members
        admin = model.User.get("admin")
        assert admin is not None
        assert admin.sysadmin
        guichet = tk.config.get("ckanext.idgo.guichet.organization") or "guichet"
        shown = tk.get_action("organization_show")(actions.as_site(), {"id": guichet, "include_users": True})
        assert "guichet" in [u["name"] for u in shown["users"]]
