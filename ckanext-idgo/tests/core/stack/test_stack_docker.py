"""The compose file and image run what the embedded stack runs, and name nothing that is not there.

The Compose schema and hadolint: ``make check``.
"""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from stack import image, services
from stack.layout import ROOT, Layout

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
ROLES = (*services.CKAN, "migrate")


@pytest.fixture(scope="module")
def settings() -> configparser.RawConfigParser:
    template = (ROOT / "config" / "ckan.ini.template").read_text("utf-8")
    parser = configparser.RawConfigParser()
    parser.read_string(image.settings(template, Path("/idgo")))
    return parser


@pytest.mark.parametrize("role", services.CKAN)
def test_each_role_runs_the_embedded_stacks_script(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.postgres, "command", lambda *_: ["postgres"])
    monkeypatch.setattr(services.postgres, "runs_as", lambda *_: None)
    layout = Layout(ROOT, tmp_path)
    layout.create()
    ports = dict.fromkeys(("web", "redis", "solr"), 1)
    shell, embedded = services.programs(layout, ports, {"redis": "x"})[role]["command"]
    (command,) = COMPOSE["services"][role]["command"]
    assert (shell, Path(embedded)) == ("/bin/sh", ROOT / Path(command).relative_to("/idgo"))
    assert os.access(embedded, os.X_OK)


def test_the_image_alone_runs_the_web_script() -> None:
    assert re.findall(r'^CMD \["(/idgo/[^"]+)"\]$', DOCKERFILE, re.MULTILINE) == ["/idgo/stack/bin/web"]


def test_the_image_does_not_run_as_root() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (\d+)$", last, re.MULTILINE) == ["10001"]
    assert "--uid 10001" in last


def test_what_the_image_copies_is_there() -> None:
    copied = re.findall(r"^COPY --from=build /idgo/(\S+)", DOCKERFILE, re.MULTILINE)
    ours = [path for path in copied if not path.startswith(".idgo/")]
    assert len(ours) >= 4
    assert [path for path in ours if not (ROOT / path).is_dir()] == []
    layout = Layout(ROOT, ROOT / ".idgo")
    made = {ROOT / path for path in copied if path.startswith(".idgo/")}
    assert made == {layout.venv, layout.public, layout.solr / "ckan" / "conf"}


def test_what_is_named_is_declared() -> None:
    for name, service in COMPOSE["services"].items():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in named if not volume.startswith(".")} <= set(COMPOSE["volumes"]), name


def test_who_is_waited_for_can_say_so() -> None:
    for name, service in COMPOSE["services"].items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in COMPOSE["services"][other], f"{name} waits for {other}"


def test_data_stores_have_no_way_out_and_no_port() -> None:
    assert COMPOSE["networks"]["services"]["internal"] is True
    for name in set(COMPOSE["services"]) - set(ROLES):
        assert COMPOSE["services"][name]["networks"] == ["services"], name
        assert "ports" not in COMPOSE["services"][name], name


def test_no_secret_is_written() -> None:
    for service in COMPOSE["services"].values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert value.startswith("${"), key
            assert not re.search(r"://[^/@:]*:(?!\$)[^/@]*@", str(value)), key


def test_settings_are_complete_and_secrets_new(settings: configparser.RawConfigParser) -> None:
    main = settings["app:main"]
    assert main["scheming.dataset_schemas"] == "file:///idgo/schemas/simple.yaml"
    assert main["ckan.storage_path"] == COMPOSE["services"]["web"]["environment"]["CKAN_STORAGE_PATH"]
    assert main["extra_public_paths"] == "/idgo/.idgo/public"
    assert main["solr_url"] == COMPOSE["services"]["web"]["environment"]["CKAN_SOLR_URL"]
    keys = ("SECRET_KEY", "WTF_CSRF_SECRET_KEY", "api_token.jwt.encode.secret")
    assert len({main[key] for key in keys}) == 3
    assert all(len(main[key]) >= 43 for key in keys)
    again = image.settings((ROOT / "config" / "ckan.ini.template").read_text("utf-8"), Path("/idgo"))
    assert main["SECRET_KEY"] not in again
