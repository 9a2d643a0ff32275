"""Reading and writing any class of the model from what it declares (:mod:`.model.node`)."""

from __future__ import annotations

from functools import cache
from typing import Any

import lxml.etree as etree

from ckanext.idgo.metadata.core.codec_read import (
    READERS,
    READS_EMPTY,
    SCALARS,
    UNREADABLE,
    read_absent,
    read_empty_scalar,
)
from ckanext.idgo.metadata.core.codec_write import WRITERS, set_attributes, write_placeholder
from ckanext.idgo.metadata.core.model.node import (
    NOTHING,
    REGISTRY,
    Node,
    Rest,
    Slot,
    Unknown,
    slots,
    xml_attributes,
)
from ckanext.idgo.metadata.core.model.values import Placeholder
from ckanext.idgo.metadata.core.names import clark
from ckanext.idgo.metadata.core.reading import Element, Reading, attributes, fragment

_ISO_TYPE = clark("gco:isoType")
_ROOT = "gmd:MD_Metadata"  # Record.root has the name of the root


@cache
def _by_tag(cls: type[Node]) -> dict[str, Slot]:
    return {slot.clark: slot for slot in slots(cls)}


@cache
def _classes(elements: tuple[str, ...]) -> dict[str, type[Node]]:
    return {clark(name): REGISTRY[name] for name in elements}


def _is_text(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()


def _read_property(element: Element, slot: Slot, reading: Reading) -> Any:
    if not len(element) and slot.codec not in READS_EMPTY:
        value = read_absent(element)
        if value is UNREADABLE and slot.codec == "raw":
            return _read_raw(element, reading)
    elif slot.codec == "raw":
        return _read_raw(element, reading)
    elif slot.codec == "node":
        value = _read_object(element, slot, reading)
    else:
        value = READERS[slot.codec](element, slot, reading)
    if value is UNREADABLE and slot.codec in SCALARS:
        value = read_empty_scalar(element, reading)
    if value is UNREADABLE:
        reading.kept(element, "its content is not what the standard puts there")
        return fragment(element) if reading.keep else None
    return value


def _read_raw(element: Element, reading: Reading) -> Any:
    """Legal XML without a class: kept; of ISO 19115-3 only GML is the same in ISO 19139."""
    if reading.keep or (len(element) and str(element[0].tag).startswith(clark("gml:"))):
        return fragment(element)
    reading.left_out(element, "there is no equivalent in this model")
    return None


def _read_object(element: Element, slot: Slot, reading: Reading) -> Any:
    child = element[0]
    cls = _classes(slot.elements).get(str(child.tag)) or _subclassed(child, slot)
    if cls is None or len(element) > 1:
        return UNREADABLE
    if _is_text(element.text) or _is_text(child.tail):
        reading.left_out(element, "text between its elements")
    return read_node(cls, child, reading, attributes(element))


def _subclassed(element: Element, slot: Slot) -> type[Node] | None:
    """ISO 19139 A.3.1.4: a profile's own class names the ISO class that it extends."""
    name = element.get(_ISO_TYPE, "")
    return REGISTRY[name] if name in slot.elements else None


def read_node(
    cls: type[Node], element: Element, reading: Reading, outer: tuple[tuple[str, str], ...] = ()
) -> Any:
    """Read an object element (``gmd:CI_Citation``) as ``cls``. ``outer``: attributes of the property."""
    values: dict[str, Any] = {}
    unknown: list[Unknown] = []
    by_tag = _by_tag(cls)
    after, highest, ordered, stray = "", -1, True, _is_text(element.text)
    for child in element:
        stray = stray or _is_text(child.tail)
        slot = by_tag.get(str(child.tag))
        if slot is None:
            reading.kept(child, "the standard has no such element here")
            _keep(child, after, unknown, reading)
            continue
        ordered = ordered and slot.index >= highest
        after, highest = slot.tag, max(highest, slot.index)
        if not slot.many and slot.name in values:
            reading.kept(child, "there can be only one; the first is read")
            _keep(child, after, unknown, reading)
            continue
        value = _read_property(child, slot, reading)
        if value is None:
            continue
        if slot.many:
            values.setdefault(slot.name, []).append(value)
        else:
            values[slot.name] = value
    if stray:
        reading.left_out(element, "text between its elements")
    if not ordered:
        reading.repaired(element, "its elements are not in the order of the schema")
    return _make(cls, values, element, outer, tuple(unknown))


def _keep(element: Element, after: str, unknown: list[Unknown], reading: Reading) -> None:
    if reading.keep:
        unknown.append(Unknown(after, fragment(element).xml))


def _make(
    cls: type[Node],
    values: dict[str, Any],
    element: Element,
    outer: tuple[tuple[str, str], ...],
    unknown: tuple[Unknown, ...],
) -> Node:
    for name, value in values.items():
        if type(value) is list:
            values[name] = tuple(value)
    inner = attributes(element)
    if inner:
        for name, xml_name in xml_attributes(cls):
            values[name] = dict(inner).get(xml_name, "")
            inner = tuple(pair for pair in inner if pair[0] != xml_name)
    name = "" if element.tag == clark(cls.element) or cls.element == _ROOT else str(element.tag)
    if inner or outer or unknown or name:
        values["rest"] = Rest(outer, inner, unknown, name)
    # A frozen dataclass's __init__ sets every attribute, absent ones included, through object.__setattr__:
    # half of the reading time. Class-level defaults already answer for what is absent.
    made = object.__new__(cls)
    made.__dict__.update(values)
    return made


def write_node(parent: Element, slot: Slot, node: Node) -> None:
    """Append the property named by ``slot`` with the object inside."""
    rest = node.rest
    outer = etree.SubElement(parent, slot.clark)
    if rest.attributes:
        set_attributes(outer, rest.attributes)
    write_content(etree.SubElement(outer, rest.name or clark(type(node).element)), node)


def write_content(element: Element, node: Node) -> None:
    """Write a node's attributes and children into its own object element."""
    cls, rest = type(node), node.rest
    for name, xml_name in xml_attributes(cls):
        if getattr(node, name):
            element.set(clark(xml_name), getattr(node, name))
    kept: dict[str, list[str]] = {}
    if rest is not NOTHING:
        set_attributes(element, rest.object_attributes)
        for item in rest.unknown:
            kept.setdefault(item.after, []).append(item.xml)
        _append(element, kept.get("", ()))
    for slot in slots(cls):
        value = getattr(node, slot.name)
        if slot.many:
            for item in value:
                _write_value(element, slot, item)
        elif value is not None:
            _write_value(element, slot, value)
        if kept and slot.tag in kept:
            _append(element, kept[slot.tag])


def _append(element: Element, fragments: Any) -> None:
    for xml in fragments:
        element.append(etree.fromstring(xml))


def _write_value(element: Element, slot: Slot, value: Any) -> None:
    if isinstance(value, Node):
        write_node(element, slot, value)
    elif isinstance(value, Placeholder):
        write_placeholder(element, slot, value)
    else:
        WRITERS[slot.codec](element, slot, value)
