"""The normal form in which two ISO 19139 documents are compared, written without the code under test.

Two documents are equal in it when they differ only in what the writer is documented to normalize
(``docs/mapping.md``, "What reading and writing keeps"): comments, white space between elements, prefixes,
the order of elements of different names, GML 3.1 or 3.2, ``gml:id`` added where GML wants one, spelling of
numbers and booleans, ``gco:Date`` against ``gco:DateTime``, empty numbers and dates, stray text.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

GCO = "{http://www.isotc211.org/2005/gco}"
GMD = "{http://www.isotc211.org/2005/gmd}"
OLD_GML, GML = "{http://www.opengis.net/gml}", "{http://www.opengis.net/gml/3.2}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NUMBERS = {f"{GCO}{name}" for name in ("Decimal", "Real", "Integer", "Distance", "Measure")}
STRIPPED = {f"{GMD}URL", f"{GMD}MD_TopicCategoryCode", f"{GCO}LocalName", f"{GCO}ScopedName", f"{GCO}Boolean"}
ROOTS = (f"{GMD}MD_Metadata", "{http://www.isotc211.org/2005/gmi}MI_Metadata")

Tree = tuple[str, tuple[tuple[str, str], ...], str, tuple[Any, ...]]


def tree(xml: bytes) -> Tree:
    """Normal form of the only record in a document."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(xml.lstrip(), parser)
    return _normal(next(element for element in root.iter() if element.tag in ROOTS))


def _name(name: str) -> str:
    return name.replace(OLD_GML, GML)


def _attributes(element: Any) -> tuple[tuple[str, str], ...]:
    found = {_name(name): value for name, value in element.attrib.items()}
    if found.get(f"{GML}id", "x").startswith("idgo-") or not found.get(f"{GML}id", "x"):
        del found[f"{GML}id"]
    if XSI_TYPE in found:
        found[XSI_TYPE] = found[XSI_TYPE].rpartition(":")[2]
        if found[XSI_TYPE] == "PT_FreeText_PropertyType":
            del found[XSI_TYPE]
    return tuple(sorted(found.items()))


def _text(tag: str, text: str) -> str:
    if tag in NUMBERS:
        try:
            return str(Decimal(text.strip()).normalize())
        except InvalidOperation:
            return text
    if tag == f"{GCO}Boolean":
        return {"1": "true", "0": "false"}.get(text.strip(), text.strip())
    if tag in STRIPPED or tag.startswith((f"{GCO}Date", GML)):
        return text.strip()
    return text


def _normal(element: Any) -> Tree:
    everything = [_normal(child) for child in element]
    empty = [child for child in everything if _is_empty_scalar(child)]
    children = [child for child in everything if not _is_empty_scalar(child)]
    tag = _name(element.tag)
    text = "" if len(element) else _text(tag, element.text or "")
    if len(children) == 1 and tag == f"{GMD}linkage" and children[0][0] == f"{GCO}CharacterString":
        children = [(f"{GMD}URL", *children[0][1:2], children[0][2].strip(), ())]
    tag = f"{GCO}Date" if tag == f"{GCO}DateTime" else tag
    attributes = _attributes(element)
    for child in empty:  # its reason moves to the property
        attributes = tuple(sorted({*attributes, *child[1]}))
    if not children and text.isspace():
        text = text if tag == f"{GCO}CharacterString" else ""
    return tag, attributes, text, tuple(sorted(children, key=lambda child: child[0]))


def _is_empty_scalar(child: Tree) -> bool:
    tag, attributes, text, inner = child
    scalar = tag in NUMBERS or tag in (f"{GCO}Date", f"{GCO}Boolean")
    return scalar and not text and not inner and {name for name, _ in attributes} <= {f"{GCO}nilReason"}


def first_difference(one: Tree, other: Tree, path: str = "") -> str:
    """Where two normal forms begin to differ, for the message of a failed test."""
    here = f"{path}/{one[0].rpartition('}')[2]}"
    if one[:3] != other[:3]:
        return f"{here}: {one[:3]} != {other[:3]}"
    if [c[0] for c in one[3]] != [c[0] for c in other[3]]:
        return f"{here}: children {[c[0] for c in one[3]]} != {[c[0] for c in other[3]]}"
    differences = (first_difference(a, b, here) for a, b in zip(one[3], other[3], strict=True) if a != b)
    return next(differences, "")
