"""ISO 19115-3 (any edition: mdb 1.0 to 2.0, drafts) turned into ISO 19139 before it is read.

Most classes only changed namespace; :mod:`.iso19115_3_rules` has those that changed shape. What ISO 19139
cannot say is left out with a note, so the record can be written as valid ISO 19139.
"""

from __future__ import annotations

import re

import lxml.etree as etree

from ckanext.idgo.metadata.core.iso19115_3_rules import RULES, quality_report
from ckanext.idgo.metadata.core.model.quality import MEASURES
from ckanext.idgo.metadata.core.names import NAMESPACES, OLD_GML, clark
from ckanext.idgo.metadata.core.reading import Element, Reading

_FAMILY = re.compile(r"19115|19157|19103|isotc211\.org")
_PACKAGE = re.compile(r"/([a-z]{3})(?=/|$)")
_PACKAGES = {"gco": "gco", "gcx": "gmx", "gmx": "gmx", "srv": "srv"}
_RENAMED = {"CountryCode": "Country"}
_REPORTS = {f"DQ_{name}" for name in MEASURES}
_KNOWN = frozenset(NAMESPACES.values())
_XSI_TYPE = clark("xsi:type")


def to_19139(root: Element, reading: Reading) -> Element:
    """The record as a ``gmd:MD_Metadata`` element. Works in place."""
    reading.keep = False
    _drop_foreign(root, reading, set())
    for element in root.iter(etree.Element):
        _rename(element)
    for element in reversed(list(root.iter(etree.Element))):
        name = etree.QName(element).localname
        rule = RULES.get(name, quality_report if name in _REPORTS else None)
        if rule is not None:
            rule(element)
    root.tag = clark("gmd:MD_Metadata")
    return root


def _package(uri: str) -> str | None:
    """Our prefix for a namespace of the ISO 19115-3 family, None for any other."""
    if not _FAMILY.search(uri):
        return None
    names = _PACKAGE.findall(uri)
    return _PACKAGES.get(names[-1] if names else "", "gmd")


def _is_foreign(element: Element) -> bool:
    uri = etree.QName(element).namespace or ""
    return uri not in _KNOWN and _package(uri) is None and uri != OLD_GML


def _drop_foreign(element: Element, reading: Reading, noted: set[str]) -> None:
    """Leave out what belongs to no ISO namespace (the editor's own elements), noting each name once."""
    for child in list(element):
        if not _is_foreign(child):
            _drop_foreign(child, reading, noted)
            continue
        if str(child.tag) not in noted:
            noted.add(str(child.tag))
            reading.left_out(child, "it belongs to no ISO namespace (every such element)")
        element.remove(child)


def _rename(element: Element) -> None:
    name = etree.QName(element)
    package = _package(name.namespace or "")
    if package is not None:
        element.tag = clark(f"{package}:{_RENAMED.get(name.localname, name.localname)}")
    for attribute, value in element.attrib.items():
        qname = etree.QName(attribute)
        if attribute == _XSI_TYPE and str(value).endswith("PT_FreeText_PropertyType"):
            element.set(_XSI_TYPE, "gmd:PT_FreeText_PropertyType")
        elif qname.namespace and _package(qname.namespace):
            del element.attrib[attribute]
            element.set(clark(f"{_package(qname.namespace)}:{qname.localname}"), value)
