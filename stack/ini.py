"""CKAN's configuration of one instance, rendered from ``config/ckan.ini.template``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from stack import postgres, secrets
from stack.layout import Layout

_FIELD = re.compile(r"@([a-z_]+)@")
_SCHEMES = {
    "dataset_schema": "schemas/simple.yaml",
    "presets": "schemas/presets.yaml",
    "licenses": "schemas/licenses.json",
}


def render(template: str, values: Mapping[str, str]) -> str:
    """Replace ``@name@`` by its value, per cent signs doubled (the ini's own interpolation). A line whose
    value is empty is left out whole. Raises KeyError for a name without value."""
    lines = []
    for line in template.splitlines():
        names = _FIELD.findall(line) if not line.lstrip().startswith("#") else []
        if names and any(values[name] == "" for name in names):
            continue
        lines.append(_FIELD.sub(lambda m: values[m[1]].replace("%", "%%"), line) if names else line)
    return "\n".join(lines) + "\n"


def values(
    layout: Layout, ports: dict[str, int], secret: dict[str, str], test: bool = False
) -> dict[str, str]:
    """What the template asks for. ``test``: the database, Redis number, core and storage of the CKAN
    tests."""
    name, number = ("ckan_test", 1) if test else ("ckan", 0)
    optional = {key: layout.root / path for key, path in _SCHEMES.items()}
    return {
        "name": f"{layout.name}{'-test' if test else ''}",
        "site_url": f"http://127.0.0.1:{ports['web']}",
        # The machine's own loopback, by name: the demonstration deposits what it publishes. Not in the image.
        "own_address": f"127.0.0.1:{ports['web']}",
        "sqlalchemy_url": postgres.url(ports, secret["postgres"], name),
        # redis-py 8 gives up after 5 s without an answer: a worker that waits for work would die (traps.md).
        "redis_url": f"redis://:{secret['redis']}@127.0.0.1:{ports['redis']}/{number}?socket_timeout=86400",
        "solr_url": f"http://127.0.0.1:{ports['solr']}/solr/{name}",
        "storage": str(layout.storage.with_name("storage-test") if test else layout.storage),
        "public": str(layout.public),
        "webassets": str(layout.state / "webassets"),
        "secret_key": secret["secret_key"],
        "csrf_key": secret["csrf"],
        "jwt_key": secret["jwt"],
        **{key: path.as_uri() if path.is_file() else "" for key, path in optional.items()},
    }


def write(layout: Layout, ports: dict[str, int], secret: dict[str, str]) -> None:
    template = (layout.root / "config" / "ckan.ini.template").read_text("utf-8")
    secrets.write_private(layout.ini, render(template, values(layout, ports, secret)))
    secrets.write_private(test_ini(layout), render(template, values(layout, ports, secret, test=True)))


def test_ini(layout: Layout) -> Path:
    return layout.state / "ckan-test.ini"


def setting(ini: Path, key: str) -> str:
    """One setting of a rendered file, as written (empty when it is not there)."""
    found = re.search(
        rf"^{re.escape(key)}\s*=\s*(.*(?:\n[ \t]+\S.*)*)$", ini.read_text("utf-8"), re.MULTILINE
    )
    return found[1].strip() if found else ""
