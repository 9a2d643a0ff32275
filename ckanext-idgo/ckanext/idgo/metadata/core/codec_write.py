"""Writing one value of the model as a property element: the inverse of :mod:`.codec_read`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import lxml.etree as etree

from ckanext.idgo.metadata.core.codec_read import (
    CHARACTER_STRING,
    FREE_TEXT_TYPE,
    HREF,
    NIL_REASON,
    PT_FREE_TEXT,
    XSI_TYPE,
)
from ckanext.idgo.metadata.core.model.node import Slot
from ckanext.idgo.metadata.core.model.values import (
    Attributes,
    Code,
    Date,
    Fragment,
    Measure,
    Name,
    Nil,
    Placeholder,
    Position,
    Reference,
    Text,
)
from ckanext.idgo.metadata.core.names import clark
from ckanext.idgo.metadata.core.reading import Element

_TEXT_GROUP = clark("gmd:textGroup")
_LOCALISED = clark("gmd:LocalisedCharacterString")
_URL = clark("gmd:URL")
_DATE, _DATE_TIME = clark("gco:Date"), clark("gco:DateTime")
_BOOLEAN = clark("gco:Boolean")


def set_attributes(element: Element, pairs: Attributes) -> None:
    """Set attributes given as pairs of prefixed names and values."""
    for name, value in pairs:
        element.set(clark(name), value)


def _property(parent: Element, slot: Slot, attributes: Attributes = ()) -> Element:
    element = etree.SubElement(parent, slot.clark)
    if attributes:
        set_attributes(element, attributes)
    return element


def write_placeholder(parent: Element, slot: Slot, value: Placeholder) -> None:
    """Nil, a reference, or kept XML."""
    if isinstance(value, Fragment):
        parent.append(etree.fromstring(value.xml))
    elif isinstance(value, Nil):
        element = _property(parent, slot)
        if value.reason:
            element.set(NIL_REASON, value.reason)
    elif isinstance(value, Reference):
        _property(parent, slot, value.attributes)


def write_text(parent: Element, slot: Slot, value: Text) -> None:
    element = _property(parent, slot, value.attributes)
    if value.nil_reason is not None:
        element.set(NIL_REASON, value.nil_reason)
    if value.value is not None:
        plain = value.element == "gco:CharacterString"
        child = etree.SubElement(element, CHARACTER_STRING if plain else clark(value.element))
        if value.href is not None:
            child.set(HREF, value.href)
        if value.value_attributes:
            set_attributes(child, value.value_attributes)
        child.text = value.value
    if value.translations:
        element.set(XSI_TYPE, FREE_TEXT_TYPE)
        free_text = etree.SubElement(element, PT_FREE_TEXT)
        for locale, text in value.translations:
            group = etree.SubElement(free_text, _TEXT_GROUP)
            etree.SubElement(group, _LOCALISED, {"locale": locale} if locale else {}).text = text


def write_code(parent: Element, slot: Slot, value: Code) -> None:
    element = _property(parent, slot, value.attributes)
    child = etree.SubElement(element, clark(value.element))
    if value.codelist is not None:
        child.set("codeList", value.codelist)
    child.set("codeListValue", value.value)
    if value.value_attributes:
        set_attributes(child, value.value_attributes)
    child.text = value.label


def write_language(parent: Element, slot: Slot, value: Code | Text) -> None:
    if isinstance(value, Text):
        write_text(parent, slot, value)
    else:
        write_code(parent, slot, value)


def write_enumeration(parent: Element, slot: Slot, value: str) -> None:
    etree.SubElement(_property(parent, slot), clark(slot.elements[0])).text = value


def write_date(parent: Element, slot: Slot, value: Date) -> None:
    tag = _DATE_TIME if "T" in value.value else _DATE
    etree.SubElement(_property(parent, slot), tag).text = value.value


def _number(name: str) -> Callable[[Element, Slot, Any], None]:
    tag = clark(name)

    def write(parent: Element, slot: Slot, value: Any) -> None:
        # xs:decimal has no exponent, which str(Decimal) would use for small numbers.
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        etree.SubElement(_property(parent, slot), tag).text = text

    return write


def write_boolean(parent: Element, slot: Slot, value: bool) -> None:
    etree.SubElement(_property(parent, slot), _BOOLEAN).text = "true" if value else "false"


def write_measure(parent: Element, slot: Slot, value: Measure) -> None:
    child = etree.SubElement(_property(parent, slot), clark(value.element), {"uom": value.uom})
    child.text = value.value


def write_url(parent: Element, slot: Slot, value: str) -> None:
    etree.SubElement(_property(parent, slot), _URL).text = value


def write_name(parent: Element, slot: Slot, value: Name) -> None:
    child = etree.SubElement(_property(parent, slot), clark(value.element))
    if value.code_space is not None:
        child.set("codeSpace", value.code_space)
    child.text = value.value


def write_scoped_name(parent: Element, slot: Slot, value: Name) -> None:
    element = _property(parent, slot)
    if value.code_space is not None:
        element.set("codeSpace", value.code_space)
    element.text = value.value


def write_position(parent: Element, slot: Slot, value: Position) -> None:
    element = _property(parent, slot, value.attributes)
    if value.indeterminate is not None:
        element.set("indeterminatePosition", value.indeterminate)
    element.text = value.value


WRITERS: dict[str, Callable[[Element, Slot, Any], None]] = {
    "text": write_text,
    "code": write_code,
    "language": write_language,
    "enumeration": write_enumeration,
    "date": write_date,
    "decimal": _number("gco:Decimal"),
    "real": _number("gco:Real"),
    "integer": _number("gco:Integer"),
    "boolean": write_boolean,
    "measure": write_measure,
    "url": write_url,
    "name": write_name,
    "scoped_name": write_scoped_name,
    "position": write_position,
}
