"""CKAN's side of a start: database, accounts, search index, demonstration; each only when it is due, since
loading CKAN costs seconds."""

from __future__ import annotations

import subprocess
from pathlib import Path

from stack import accounts, environment, i18n, ini, stamps
from stack.layout import Layout
from stack.packages import run_logged
from stack.progress import step


def _migrations(layout: Layout) -> list[str]:
    package = layout.root / "ckanext-idgo" / "ckanext" / "idgo"
    return sorted(str(p.relative_to(package)) for p in package.rglob("migration/**/*.py"))


def ckan(layout: Layout, name: str, *arguments: str, ini_file: Path | None = None) -> None:
    """Run CKAN's command line, its output in ``.idgo/log/NAME.log``."""
    command = [str(layout.python), "-m", "stack.ckan", "-c", str(ini_file or layout.ini), *arguments]
    run_logged(layout, name, command)


def ensure(layout: Layout) -> None:
    """Bring database and accounts to what the plugins ask, unless that was done for the same plugins."""
    plugins = ini.setting(layout.ini, "ckan.plugins")
    lock = layout.lock_folder / "requirements.txt"
    makers = sorted((layout.root / "ckanext-idgo" / "ckanext" / "idgo" / "demo" / "plugin").glob("*.py"))
    mark = stamps.fingerprint(plugins, lock, *makers, *_migrations(layout))
    folder = layout.state / "stamps-site"
    if not accounts.path(layout).is_file():
        stamps.forget(folder, ["site"])
    label = "database and accounts"
    stamps.once(folder, "site", mark, label, lambda: _setup(layout))
    words = stamps.fingerprint(plugins, lock, *i18n.catalogues(layout.root))
    stamps.once(folder, "words", words, "words of the scripts", lambda: _translate_scripts(layout))


def _setup(layout: Layout) -> None:
    # One run brings core and every plugin that has migrations (ckan/cli/db.py: upgrade without -p).
    ckan(layout, "database", "db", "upgrade")
    ckan(layout, "accounts", "idgo", "demo", "accounts", "--file", str(accounts.path(layout)))


def _translate_scripts(layout: Layout) -> None:
    """CKAN's scripts take their words from a file that only this command writes."""
    ckan(layout, "words", "translation", "js")


def rebuild_index(layout: Layout) -> None:
    with step("search index"):
        ckan(layout, "search-index", "search-index", "rebuild")


def load_demo(layout: Layout) -> bool:
    """Load the demonstration through ``ckan idgo demo load`` once per version of it. Returns whether there
    is one."""
    env = environment.child(layout)
    command = [str(layout.python), "-m", "stack.ckan", "-c", str(layout.ini), "idgo", "demo", "load"]
    folder = layout.state / "stamps-site"
    sources = sorted((layout.root / "ckanext-idgo" / "ckanext" / "idgo").rglob("demo/**/*"))
    mark = stamps.fingerprint(*[str(p) for p in sources], *[p for p in sources if p.is_file()])
    if stamps.is_done(folder, "demo", mark):
        return True
    asked = subprocess.run([*command, "--help"], env=env, capture_output=True, text=True, check=False)
    if asked.returncode:
        return False
    stamps.once(folder, "demo", mark, "demonstration", lambda: run_logged(layout, "demo", command))
    return True
