"""How a class of the model says which XML it is: declared once, used for reading and for writing.

Attributes stand in the order of the schema's sequence, because the writer follows it. The element's name is
derived (``file_identifier`` → ``gmd:fileIdentifier``) unless given.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from ckanext.idgo.metadata.core.model.values import Attributes
from ckanext.idgo.metadata.core.names import clark

REGISTRY: dict[str, type[Node]] = {}
"""Class by the name of its object element, ``gmd:CI_Citation``."""


@dataclass(frozen=True)
class Unknown:
    """A child that the schema does not have at this place, kept: it is written after the children named
    ``after`` (empty: before all others)."""

    after: str
    xml: str


@dataclass(frozen=True)
class Rest:
    """What an element says beyond its typed attributes: nothing is lost between reading and writing.

    ``name`` is the object element's own name where it is a national subclass (``gco:isoType``, such as
    ``fra:FRA_DataIdentification`` of the French profile), in Clark's notation."""

    attributes: Attributes = ()
    object_attributes: Attributes = ()
    unknown: tuple[Unknown, ...] = ()
    name: str = ""


NOTHING = Rest()


@dataclass(frozen=True, kw_only=True)
class Node:
    """Base of every class of the model. ``rest`` holds what is not typed."""

    element: ClassVar[str] = ""
    prefix: ClassVar[str] = "gmd"
    rest: Rest = NOTHING

    def __init_subclass__(cls, iso: str = "", prefix: str = "gmd", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.element, cls.prefix = iso, prefix
        if iso:
            REGISTRY[iso] = cls


@dataclass(frozen=True)
class Slot:
    """One attribute of a class as XML: ``codec`` names how the value is written, ``elements`` which object
    elements the property takes (empty: any that the codec reads)."""

    name: str
    tag: str
    clark: str
    codec: str
    many: bool
    elements: tuple[str, ...]
    index: int
    required: bool


def one(codec: str, *elements: str, tag: str = "", required: bool = False) -> Any:
    """Declare an attribute with at most one value; ``required``: the schema wants the element."""
    meta = {"codec": codec, "elements": elements, "tag": tag, "many": False, "required": required}
    return field(default=None, metadata=meta)


def many(codec: str, *elements: str, tag: str = "", required: bool = False) -> Any:
    """Declare an attribute with any number of values, kept in order; ``required``: at least one."""
    meta = {"codec": codec, "elements": elements, "tag": tag, "many": True, "required": required}
    return field(default=(), metadata=meta)


def xml_attribute(name: str) -> Any:
    """Declare an attribute of the object element itself (``gml:id``)."""
    return field(default="", metadata={"attribute": name})


def _camel(name: str) -> str:
    first, *others = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


@cache
def slots(cls: type[Node]) -> tuple[Slot, ...]:
    """The children of a class in schema order."""
    found = []
    for declared in dataclasses.fields(cls):
        meta = declared.metadata
        if "codec" in meta:
            tag = meta["tag"] or _camel(declared.name)
            tag = tag if ":" in tag else f"{cls.prefix}:{tag}"
            elements = tuple(e if ":" in e else f"gmd:{e}" for e in meta["elements"])
            found.append(
                Slot(
                    declared.name,
                    tag,
                    clark(tag),
                    meta["codec"],
                    meta["many"],
                    elements,
                    len(found),
                    meta["required"],
                )
            )
    return tuple(found)


@cache
def xml_attributes(cls: type[Node]) -> tuple[tuple[str, str], ...]:
    """Pairs (attribute of the class, name in XML)."""
    return tuple(
        (f.name, f.metadata["attribute"]) for f in dataclasses.fields(cls) if "attribute" in f.metadata
    )
