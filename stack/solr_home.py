"""Solr's home: one core per purpose, its schema derived from CKAN's installed one. Run inside the
environment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from stack import solr_schema, stamps
from stack.layout import Layout, package_folder

CORES = ("ckan", "ckan_test")
# CKAN's own schema: what `make bench` and the judge of relevance compare with.
STOCK = "ckan_stock"
# CKAN's schema names them; empty unless config/solr/ has its own.
WORD_LISTS = ("synonyms.txt", "stopwords.txt", "protwords.txt")


def _configuration(layout: Layout, derive: Callable[[bytes], bytes]) -> dict[str, bytes]:
    schema = (package_folder("ckan") / "config" / "solr" / "schema.xml").read_bytes()
    extras = sorted((layout.root / "config" / "solr").glob("*.*"))
    return {
        **dict.fromkeys(WORD_LISTS, b""),
        **{path.name: path.read_bytes() for path in extras},
        "schema.xml": derive(schema),
    }


def _write_core(folder: Path, name: str, configuration: dict[str, bytes]) -> None:
    conf = folder / "conf"
    shutil.rmtree(folder, ignore_errors=True)
    conf.mkdir(parents=True)
    for filename, data in configuration.items():
        (conf / filename).write_bytes(data)
    (folder / "core.properties").write_text(f"name={name}\n", "ascii")


def _cores(layout: Layout) -> dict[str, dict[str, bytes]]:
    ours, stock = _configuration(layout, solr_schema.derive), _configuration(layout, solr_schema.stock)
    return {**dict.fromkeys(CORES, ours), STOCK: stock}


def mark(layout: Layout) -> str:
    """Fingerprint of the cores' configuration as it should be."""
    cores = _cores(layout)
    files = [
        (core, name, data) for core, held in sorted(cores.items()) for name, data in sorted(held.items())
    ]
    return stamps.fingerprint(*[part for file in files for part in file])


def ensure(layout: Layout) -> None:
    """Write the home. A core whose schema changed starts empty: CKAN's index has to be rebuilt."""
    (layout.solr / "logs").mkdir(parents=True, exist_ok=True)
    (layout.solr / "tmp").mkdir(exist_ok=True)
    (layout.solr / "solr.xml").write_text("<solr/>\n", "ascii")
    wanted = mark(layout)
    if stamps.is_done(layout.solr, "schema.stamp", wanted):
        return
    (layout.solr / "rebuild").touch()
    for name, configuration in _cores(layout).items():
        _write_core(layout.solr / name, name, configuration)
    (layout.solr / "schema.stamp").write_text(wanted, "ascii")


def needs_rebuild(layout: Layout) -> bool:
    """Whether the index is empty because its schema changed (remembered across an interrupted start)."""
    return (layout.solr / "rebuild").exists()


def rebuilt(layout: Layout) -> None:
    (layout.solr / "rebuild").unlink()
