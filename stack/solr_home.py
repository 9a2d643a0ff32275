"""Solr's home: one core per purpose, its schema derived from CKAN's installed one. Run inside the
environment."""

from __future__ import annotations

import shutil
from pathlib import Path

from stack import solr_schema, stamps
from stack.layout import Layout, package_folder

CORES = ("ckan", "ckan_test")
# CKAN's schema names them; empty unless config/solr/ has its own.
WORD_LISTS = ("synonyms.txt", "stopwords.txt", "protwords.txt")


def _configuration(layout: Layout) -> dict[str, bytes]:
    schema = (package_folder("ckan") / "config" / "solr" / "schema.xml").read_bytes()
    extras = sorted((layout.root / "config" / "solr").glob("*.*"))
    return {
        **dict.fromkeys(WORD_LISTS, b""),
        **{path.name: path.read_bytes() for path in extras},
        "schema.xml": solr_schema.derive(schema),
    }


def _write_core(folder: Path, name: str, configuration: dict[str, bytes]) -> None:
    conf = folder / "conf"
    shutil.rmtree(folder, ignore_errors=True)
    conf.mkdir(parents=True)
    for filename, data in configuration.items():
        (conf / filename).write_bytes(data)
    (folder / "core.properties").write_text(f"name={name}\n", "ascii")


def mark(layout: Layout) -> str:
    """Fingerprint of the cores' configuration as it should be."""
    configuration = _configuration(layout)
    parts = [part for name in sorted(configuration) for part in (name, configuration[name])]
    return stamps.fingerprint(*parts)


def ensure(layout: Layout) -> None:
    """Write the home. A core whose schema changed starts empty: CKAN's index has to be rebuilt."""
    (layout.solr / "logs").mkdir(parents=True, exist_ok=True)
    (layout.solr / "tmp").mkdir(exist_ok=True)
    (layout.solr / "solr.xml").write_text("<solr/>\n", "ascii")
    wanted = mark(layout)
    if stamps.is_done(layout.solr, "schema.stamp", wanted):
        return
    (layout.solr / "rebuild").touch()
    configuration = _configuration(layout)
    for name in CORES:
        _write_core(layout.solr / name, name, configuration)
    (layout.solr / "schema.stamp").write_text(wanted, "ascii")


def needs_rebuild(layout: Layout) -> bool:
    """Whether the index is empty because its schema changed (remembered across an interrupted start)."""
    return (layout.solr / "rebuild").exists()


def rebuilt(layout: Layout) -> None:
    (layout.solr / "rebuild").unlink()
