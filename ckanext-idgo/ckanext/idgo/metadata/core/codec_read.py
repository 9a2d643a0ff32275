"""Reading one property element (``gmd:title``) into a value of the model.

A reader returns :data:`UNREADABLE` when the value's class could not say *everything* the XML says; the
property is then kept as XML, with a note, instead of being read in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from ckanext.idgo.metadata.core.model.node import Slot
from ckanext.idgo.metadata.core.model.values import Code, Date, Measure, Name, Nil, Position, Reference, Text
from ckanext.idgo.metadata.core.names import clark, prefixed
from ckanext.idgo.metadata.core.reading import Element, Reading, attributes

UNREADABLE: Final = object()

CHARACTER_STRING = clark("gco:CharacterString")
ANCHOR = clark("gmx:Anchor")
NIL_REASON = clark("gco:nilReason")
HREF = clark("xlink:href")
XSI_TYPE = clark("xsi:type")
PT_FREE_TEXT = clark("gmd:PT_FreeText")
FREE_TEXT_TYPE = "gmd:PT_FreeText_PropertyType"
_TEXT_ELEMENTS = {clark(n) for n in ("gco:CharacterString", "gmx:Anchor", "gmx:FileName", "gmx:MimeFileType")}
_GCO = clark("gco:")
_LOCALISED = clark("gmd:LocalisedCharacterString")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_REAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_INTEGER = re.compile(r"[+-]?\d+")


def read_absent(element: Element) -> Any:
    """A property without child: nil, or a reference."""
    if element.text and not element.text.isspace():
        return UNREADABLE
    found = attributes(element)
    if not found:
        return Nil()
    if len(found) == 1 and found[0][0] == "gco:nilReason" and found[0][1]:
        return Nil(found[0][1])
    return Reference(found)


def read_empty_scalar(element: Element, reading: Reading) -> Any:
    """``<gco:Integer/>`` in a property, which no schema allows: nil, with the reason if it gives one."""
    child = _only_child(element)
    if child is None or element.attrib or len(child) or (child.text and not child.text.isspace()):
        return UNREADABLE
    if set(child.attrib) - {NIL_REASON} or not str(child.tag).startswith(_GCO):
        return UNREADABLE
    reading.repaired(element, "an empty value becomes nil")
    return Nil(child.get(NIL_REASON, ""))


def _only_child(element: Element) -> Element | None:
    if len(element) != 1 or (element.text and not element.text.isspace()):
        return None
    tail = element[0].tail
    return None if tail and not tail.isspace() else element[0]


def _plain(element: Element) -> tuple[str, str] | None:
    """(name, stripped text) of the only child when there are no attributes and nothing deeper, else None."""
    child = _only_child(element)
    if child is None or element.attrib or child.attrib or len(child):
        return None
    return str(child.tag), (child.text or "").strip()


def _translations(free_text: Element) -> tuple[tuple[str, str], ...] | None:
    """Pairs (locale, text), or None when there is more to it."""
    found = []
    for group in free_text:
        child = _only_child(group)
        if child is None or group.attrib or child.tag != _LOCALISED or len(child):
            return None
        if set(child.attrib) - {"locale"}:
            return None
        found.append((child.get("locale", ""), child.text or ""))
    return None if free_text.attrib else tuple(found)


def _free_text(element: Element, reading: Reading) -> tuple[tuple[str, str], ...] | None:
    children = element.findall(PT_FREE_TEXT)
    if len(children) != 1 or element[-1] is not children[0]:
        return None
    found = _translations(children[0])
    if found and element.get(XSI_TYPE) is None:
        reading.repaired(element, "translations without xsi:type")
    return found


def read_text(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:CharacterString``, ``gmx:Anchor``, ``gmx:FileName``, with or without ``gmd:PT_FreeText``."""
    if element.text and not element.text.isspace():
        return UNREADABLE
    if len(element) == 1 and not element.attrib:  # nine in ten
        child = element[0]
        if child.tag == CHARACTER_STRING and not child.attrib and not len(child):
            return Text(child.text or "")
    return _read_rich_text(element, reading)


def _read_rich_text(element: Element, reading: Reading) -> Any:
    children = list(element)
    translations: tuple[tuple[str, str], ...] | None = ()
    if children and children[-1].tag == PT_FREE_TEXT:
        translations = _free_text(element, reading)
        children.pop()
    if translations is None or len(children) > 1 or any(c.tail and not c.tail.isspace() for c in element):
        return UNREADABLE
    found = dict(attributes(element))
    nil_reason = found.pop("gco:nilReason", None)
    if translations and found.get("xsi:type") == FREE_TEXT_TYPE:
        del found["xsi:type"]
    rest = tuple(sorted(found.items()))
    if not children:
        return Text(None, nil_reason=nil_reason, translations=translations, attributes=rest)
    child = children[0]
    if child.tag not in _TEXT_ELEMENTS or len(child):
        return UNREADABLE
    inner = dict(attributes(child))
    href = inner.pop("xlink:href", None)
    return Text(
        child.text or "",
        href,
        nil_reason,
        translations,
        prefixed(str(child.tag)),
        rest,
        tuple(sorted(inner.items())),
    )


def read_code(element: Element, slot: Slot, reading: Reading) -> Any:
    """A code list element with ``codeListValue``."""
    child = _only_child(element)
    if child is None or len(child) or "codeListValue" not in child.attrib:
        return UNREADABLE
    name = prefixed(str(child.tag))
    if name not in slot.elements:
        return UNREADABLE
    value, codelist = str(child.get("codeListValue")), child.get("codeList")
    label, outer = child.text or "", attributes(element)
    if len(child.attrib) == (2 if codelist is not None else 1):
        return Code(value, name, codelist, label, outer)
    inner = tuple(pair for pair in attributes(child) if pair[0] not in ("codeList", "codeListValue"))
    return Code(value, name, codelist, label, outer, inner)


def read_language(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gmd:LanguageCode`` or, in older records, a text."""
    child = _only_child(element)
    if child is not None and child.tag in _TEXT_ELEMENTS:
        return read_text(element, slot, reading)
    return read_code(element, slot, reading)


def read_enumeration(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gmd:MD_TopicCategoryCode``: a value without list."""
    plain = _plain(element)
    return plain[1] if plain and plain[1] and prefixed(plain[0]) in slot.elements else UNREADABLE


def read_date(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:Date`` or ``gco:DateTime``."""
    plain = _plain(element)
    if not plain or not plain[1] or prefixed(plain[0]) not in ("gco:Date", "gco:DateTime"):
        return UNREADABLE
    if ("T" in plain[1]) != plain[0].endswith("DateTime"):
        reading.repaired(element, "gco:Date and gco:DateTime mixed up")
    return Date(plain[1])


def _number(name: str, pattern: re.Pattern[str], make: Callable[[str], Any]) -> Callable[..., Any]:
    tag = clark(name)

    def read(element: Element, slot: Slot, reading: Reading) -> Any:
        plain = _plain(element)
        return make(plain[1]) if plain and plain[0] == tag and pattern.fullmatch(plain[1]) else UNREADABLE

    return read


def read_boolean(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:Boolean``."""
    plain = _plain(element)
    values = {"true": True, "1": True, "false": False, "0": False}
    return values.get(plain[1], UNREADABLE) if plain and prefixed(plain[0]) == "gco:Boolean" else UNREADABLE


def read_measure(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:Distance`` with its unit."""
    child = _only_child(element)
    if child is None or element.attrib or len(child) or set(child.attrib) - {"uom"}:
        return UNREADABLE
    text, name = (child.text or "").strip(), prefixed(str(child.tag))
    readable = name in slot.elements and "uom" in child.attrib and _REAL.fullmatch(text)
    return Measure(text, str(child.get("uom")), name) if readable else UNREADABLE


def read_url(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gmd:URL``."""
    if not reading.keep and len(element) == 2 and element[1].tag == PT_FREE_TEXT:
        reading.left_out(element[1], "ISO 19139 has no translated addresses")
        element.attrib.pop(XSI_TYPE, None)
        element.remove(element[1])
    plain = _plain(element)
    if not plain or plain[0] not in (clark("gmd:URL"), CHARACTER_STRING):
        return UNREADABLE
    if plain[0] == CHARACTER_STRING:
        reading.repaired(element, "an address as gco:CharacterString")
    return plain[1]


def read_name(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:LocalName`` or ``gco:ScopedName``."""
    child = _only_child(element)
    if child is None or element.attrib or len(child) or set(child.attrib) - {"codeSpace"}:
        return UNREADABLE
    name = prefixed(str(child.tag))
    return (
        Name((child.text or "").strip(), child.get("codeSpace"), name)
        if name in slot.elements
        else UNREADABLE
    )


def read_scoped_name(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gco:ScopedName`` standing alone, without property element."""
    if len(element) or set(element.attrib) - {"codeSpace"}:
        return UNREADABLE
    return Name((element.text or "").strip(), element.get("codeSpace"), prefixed(str(element.tag)))


def read_position(element: Element, slot: Slot, reading: Reading) -> Any:
    """``gml:TimePositionType``."""
    if len(element):
        return UNREADABLE
    found = dict(attributes(element))
    indeterminate = found.pop("indeterminatePosition", None)
    return Position((element.text or "").strip(), indeterminate, tuple(sorted(found.items())))


READERS: dict[str, Callable[[Element, Slot, Reading], Any]] = {
    "text": read_text,
    "code": read_code,
    "language": read_language,
    "enumeration": read_enumeration,
    "date": read_date,
    "decimal": _number("gco:Decimal", _DECIMAL, Decimal),
    "real": _number("gco:Real", _REAL, Decimal),
    "integer": _number("gco:Integer", _INTEGER, int),
    "boolean": read_boolean,
    "measure": read_measure,
    "url": read_url,
    "name": read_name,
    "scoped_name": read_scoped_name,
    "position": read_position,
}
READS_EMPTY = frozenset({"text", "scoped_name", "position"})
"""Codecs that read a property without child themselves."""
SCALARS = frozenset({"date", "decimal", "real", "integer", "boolean", "measure"})
