"""What a person may call, set or run is written down; forgetting it fails here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from .catalogues import PACKAGE, REPOSITORY, functions_of

DOCS = "\n".join(p.read_text(encoding="utf-8") for p in sorted((REPOSITORY / "docs").rglob("*.md")))


def declared_settings() -> list[str]:
    names = []
    for declaration in PACKAGE.rglob("config_declaration.yaml"):
        for group in yaml.safe_load(declaration.read_text(encoding="utf-8"))["groups"]:
            names += [option["key"] for option in group["options"]]
    return sorted(names)


def actions() -> list[str]:
    return [f.name for _, f in functions_of("*/plugin/*actions.py") if f.name.startswith("idgo_")]


def commands() -> list[str]:
    """Names given to ``@group.command("name")`` in the rooms' ``cli.py``."""
    names = []
    for pattern in ("*/plugin/cli.py", "*/plugin/cli/*.py"):
        for _, function in functions_of(pattern):
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") in (
                    "command",
                    "group",
                ):
                    given = (
                        decorator.args[0].value
                        if decorator.args and isinstance(decorator.args[0], ast.Constant)
                        else None
                    )
                    names.append(str(given or function.name.replace("_", "-")))
    return names


@pytest.mark.parametrize("key", declared_settings())
def test_setting_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCS


@pytest.mark.parametrize("name", actions())
def test_action_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("name", commands())
def test_command_is_documented(name: str) -> None:
    assert re.search(rf"ckan( idgo)?( \w+)? {name}\b", DOCS)


def test_every_action_says_what_it_does() -> None:
    silent = [
        f"{p.parent.parent.name}.{f.name}"
        for p, f in functions_of("*/plugin/*actions.py")
        if (f.name.startswith("idgo_") or p.name == "actions.py") and not ast.get_docstring(f)
    ]
    assert not silent


def test_house_was_read() -> None:
    """Guards the tests above: an empty list would pass them all."""
    assert Path(PACKAGE, "plugin.py").is_file()
    assert declared_settings()
    assert actions()
