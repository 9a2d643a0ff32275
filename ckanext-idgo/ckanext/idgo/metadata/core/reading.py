"""What every reader shares: the notes taken while reading, and XML kept as it is."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import lxml.etree as etree

from ckanext.idgo.common.core.errors import N_
from ckanext.idgo.metadata.core.model.values import Attributes, Fragment
from ckanext.idgo.metadata.core.names import NAMESPACES, clark, prefixed
from ckanext.idgo.metadata.core.record import Note

if TYPE_CHECKING:
    Element: TypeAlias = Any  # lxml carries no types
else:
    Element = etree._Element

_NSMAP = dict(NAMESPACES)
XSI_TYPE = clark("xsi:type")

KEPT = N_("{name} is kept but not understood: {reason}")
REPAIRED = N_("{name} is written in another way from now on: {reason}")
LEFT_OUT = N_("{name} is left out: {reason}")


def place(element: Element) -> tuple[str, int]:
    """XPath of an element (``/gmd:MD_Metadata/gmd:contact[2]``) and its line."""
    steps: list[str] = []
    current: Element | None = element
    while current is not None:
        tag = str(current.tag)
        parent = current.getparent()
        same = [] if parent is None else parent.findall(tag)
        steps.append(prefixed(tag) + (f"[{same.index(current) + 1}]" if len(same) > 1 else ""))
        current = parent
    return "/" + "/".join(reversed(steps)), element.sourceline or 0


@dataclass
class Reading:
    """State of one reading: the notes it has taken so far; ``keep``: whether XML that the model does not know
    is kept (ISO 19139) or left out, because what is written would not be ISO 19139 (ISO 19115-3)."""

    notes: list[Note] = field(default_factory=list)
    keep: bool = True

    def note(self, code: str, template: str, element: Element, reason: str) -> None:
        """Take a note at an element; ``reason`` is a short English phrase."""
        path, line = place(element)
        name = prefixed(str(element.tag))
        self.notes.append(Note(code, template, path, line, (("name", name), ("reason", reason))))

    def kept(self, element: Element, reason: str) -> None:
        if self.keep:
            self.note("kept", KEPT, element, reason)
        else:
            self.left_out(element, reason)

    def repaired(self, element: Element, reason: str) -> None:
        self.note("repaired", REPAIRED, element, reason)

    def left_out(self, element: Element, reason: str) -> None:
        self.note("left-out", LEFT_OUT, element, reason)


def attributes(element: Element) -> Attributes:
    """Attributes of an element as sorted pairs; ``()`` without cost when there are none."""
    found = element.attrib
    return tuple(sorted((prefixed(str(name)), str(value)) for name, value in found.items())) if found else ()


def fragment(element: Element) -> Fragment:
    """The element as exclusive canonical XML. It is hung under an element with our own prefixes first, so
    that the same content gives the same text whatever prefixes the record used."""
    holder = etree.Element("holder", nsmap=_NSMAP)
    holder.append(copy.deepcopy(element))
    # A prefix used only inside an xsi:type value is invisible to exclusive canonicalization: name it.
    types = [str(found.get(XSI_TYPE)) for found in holder.iter() if found.get(XSI_TYPE)]
    prefixes = sorted({name.split(":")[0] for name in types if ":" in name})
    xml = etree.tostring(
        holder[0], method="c14n", exclusive=True, with_tail=False, inclusive_ns_prefixes=prefixes or None
    )
    return Fragment(xml.decode("utf-8"))
