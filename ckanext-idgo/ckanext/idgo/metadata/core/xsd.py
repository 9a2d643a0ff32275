"""Validity against the ISO 19139 schemas (gmd, gmx, srv, gml 3.2), requirement C.1 of TG 2.2.1.

The schemas are those that ckanext-spatial carries; they are found on disk, its code is not imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lxml.etree as etree

from ckanext.idgo.common.core.errors import N_, Unavailable

_FOLDER = Path("spatial", "validation", "xml", "iso19139eden")


@dataclass(frozen=True)
class Violation:
    """One breach of the schema: line (1-based) in the document given, and libxml2's English sentence."""

    line: int
    message: str


def schema_folder() -> Path:
    """Folder of the schemas. Raises ``Unavailable`` when ckanext-spatial is not installed."""
    spec = find_spec("ckanext")
    for location in (spec.submodule_search_locations or []) if spec else []:
        if (Path(location) / _FOLDER).is_dir():
            return Path(location) / _FOLDER
    raise Unavailable("no-iso-schemas", N_("The ISO 19139 schemas of ckanext-spatial are not installed."))


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    """The compiled schemas, once per process (25 ms)."""
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.parse(str(schema_folder() / "gmx_and_srv.xsd"), parser))


def violations(xml: bytes) -> tuple[Violation, ...]:
    """What the schema finds wrong in a well-formed document, in order; empty when it is valid."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    compiled = schema()
    compiled.validate(etree.fromstring(xml, parser))
    log: Any = compiled.error_log  # lxml-stubs declares none of its methods
    return tuple(Violation(entry.line, entry.message) for entry in log)
