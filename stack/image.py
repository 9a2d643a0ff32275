"""What the image holds (``docker/Dockerfile``), made by the same steps as the embedded stack's.

``python -m stack.image``: packages of the lock, fonts and map library, compiled translations, Solr's core.
``python -m stack.image settings``: CKAN's configuration with secrets newly drawn, on standard output.
"""

from __future__ import annotations

import secrets
import shutil
import sys
from pathlib import Path

from stack import npm, packages
from stack.layout import Layout

STORAGE = Path("/var/lib/ckan")
# What only serves to make the rest.
LEFT_OUT = ("npm", "tmp", "log", "stamps")


def make(layout: Layout) -> None:
    """On the system's Python, before anything is installed."""
    layout.create()
    packages.ensure(layout)
    npm.ensure(layout)
    packages.run_logged(layout, "image", [str(layout.python), "-m", "stack.image", "inside"])
    for name in LEFT_OUT:
        shutil.rmtree(layout.home / name, ignore_errors=True)


def make_inside(layout: Layout) -> None:
    """On the environment's: what needs its packages."""
    from stack import assets, i18n, solr_home

    assets.ensure(layout)
    i18n.compile_all(layout)
    solr_home.ensure(layout)


def settings(template: str, root: Path) -> str:
    """CKAN's configuration for the image. The addresses in it are replaced by the environment
    (``CKAN_SQLALCHEMY_URL`` and the like: ckan/config/environment.py); the secrets are drawn here."""
    from stack import ini

    names = ("secret_key", "csrf_key", "jwt_key")
    return ini.render(
        template,
        {
            "name": "idgo",
            "site_url": "http://localhost:5000",
            "own_address": "",
            "sqlalchemy_url": "postgresql://ckan@db/ckan",
            "redis_url": "redis://redis:6379/0?socket_timeout=86400",
            "solr_url": "http://solr:8983/solr/ckan",
            "storage": str(STORAGE),
            "webassets": str(STORAGE / "webassets"),
            "public": str(root / ".idgo" / "public"),
            "dataset_schema": (root / "schemas" / "simple.yaml").as_uri(),
            "presets": (root / "schemas" / "presets.yaml").as_uri(),
            "licenses": (root / "schemas" / "licenses.json").as_uri(),
            **{name: secrets.token_urlsafe(32) for name in names},
        },
    )


def main(arguments: list[str]) -> None:
    layout = Layout.of()
    if arguments == ["settings"]:
        template = (layout.root / "config" / "ckan.ini.template").read_text("utf-8")
        sys.stdout.write(settings(template, layout.root))
    elif arguments == ["inside"]:
        make_inside(layout)
    else:
        make(layout)


if __name__ == "__main__":
    main(sys.argv[1:])
