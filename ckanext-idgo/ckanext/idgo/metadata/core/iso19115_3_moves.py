"""Moving elements about, shared by the rules from ISO 19115-3 to ISO 19139."""

from __future__ import annotations

import lxml.etree as etree

from ckanext.idgo.metadata.core.names import clark
from ckanext.idgo.metadata.core.reading import Element


def find(element: Element, path: str) -> Element | None:
    """First descendant by a path of names, ``gmd`` unless prefixed: ``party/CI_Organisation``."""
    steps = [clark(step if ":" in step else f"gmd:{step}") for step in path.split("/")]
    return element.find("/".join(steps))


def find_all(element: Element, name: str) -> list[Element]:
    """Children named ``name`` (``gmd``)."""
    return element.findall(clark(f"gmd:{name}"))


def move(source: Element | None, target: Element, name: str) -> None:
    """Move a property into ``target`` under the name ``name``."""
    if source is not None:
        source.tag = clark(name if ":" in name else f"gmd:{name}")
        target.append(source)


def add_text(parent: Element, name: str, text: str) -> None:
    """Append a property with a character string."""
    child = etree.SubElement(etree.SubElement(parent, clark(f"gmd:{name}")), clark("gco:CharacterString"))
    child.text = text


def sort(element: Element, order: tuple[str, ...]) -> None:
    """Put children named in ``order`` in that order, before all others."""
    for name in reversed(order):
        for child in reversed(find_all(element, name)):
            element.insert(0, child)
