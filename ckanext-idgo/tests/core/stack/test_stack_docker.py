"""The compose file runs what the embedded stack runs, and names nothing it does not declare."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from stack import services
from stack.layout import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("role", services.CKAN)
def test_each_role_runs_the_embedded_stacks_script(role: str) -> None:
    (command,) = COMPOSE["services"][role]["command"]
    script = ROOT / Path(command).relative_to("/idgo")
    assert script == ROOT / "stack" / "bin" / role
    assert os.access(script, os.X_OK)


def test_what_is_named_is_declared() -> None:
    for name, service in COMPOSE["services"].items():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in named if not volume.startswith(".")} <= set(COMPOSE["volumes"]), name


def test_no_secret_is_written() -> None:
    for service in COMPOSE["services"].values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert value.startswith("${"), key
