"""The model against the schema: same elements, same order, same multiplicity, same obligations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest
from lxml import etree

from ckanext.idgo.metadata.core import record as _record  # noqa: F401 (registers every class)
from ckanext.idgo.metadata.core.model.node import REGISTRY, slots
from ckanext.idgo.metadata.core.names import NAMESPACES
from ckanext.idgo.metadata.core.xsd import schema_folder, violations

XS = "{http://www.w3.org/2001/XMLSchema}"
PREFIX = {uri: prefix for prefix, uri in NAMESPACES.items()}
CLASSES = sorted(name for name in REGISTRY if not name.startswith("gml:"))


@lru_cache(maxsize=1)
def types() -> dict[tuple[str, str], Any]:
    found = {}
    for path in schema_folder().rglob("*.xsd"):
        root = etree.parse(str(path)).getroot()
        prefix = PREFIX.get(root.get("targetNamespace") or "")
        for declared in root.findall(f"{XS}complexType") if prefix else ():
            found[prefix, declared.get("name")] = declared
    return found


def sequence(prefix: str, name: str) -> list[tuple[str, bool, bool]]:
    """Triples (element, many, required) of a type, what it extends first."""
    declared = types()[prefix, name]
    found = []
    extension = declared.find(f"{XS}complexContent/{XS}extension")
    if extension is not None:
        base_prefix, base = extension.get("base").split(":")
        base_prefix = PREFIX[declared.nsmap[base_prefix]]
        if base != "AbstractObject_Type":
            found += sequence(base_prefix, base)
    for element in declared.iter(f"{XS}element"):
        name = element.get("ref") or f"{prefix}:{element.get('name')}"
        if element.get("ref"):
            ref_prefix, _, local = name.rpartition(":")
            name = f"{PREFIX[declared.nsmap[ref_prefix or None]]}:{local}"
        in_choice = element.getparent().tag == f"{XS}choice"
        required = element.get("minOccurs", "1") != "0" and not in_choice
        found.append((name, element.get("maxOccurs", "1") != "1", required))
    return found


@pytest.mark.parametrize("name", CLASSES)
def test_class_is_the_schema_s(name: str) -> None:
    prefix, local = name.split(":")
    ours = [(slot.tag, slot.many, slot.required) for slot in slots(REGISTRY[name])]
    assert ours == sequence(prefix, f"{local}_Type")


def test_classes_are_documented() -> None:
    assert not [name for name, cls in REGISTRY.items() if not (cls.__doc__ or "").strip()]


def test_the_schema_finds_what_is_wrong() -> None:
    found = violations(
        b'<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd">\n<gmd:nothing/></gmd:MD_Metadata>'
    )
    assert found
    assert found[0].line == 2
    assert "nothing" in found[0].message
