"""Hypothesis strategies for records: derived from what the model declares, so no class can be forgotten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

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
from ckanext.idgo.metadata.core.model.values import (
    Code,
    Date,
    Fragment,
    Measure,
    Name,
    Nil,
    Position,
    Reference,
    Text,
)
from ckanext.idgo.metadata.core.names import NAMESPACES
from ckanext.idgo.metadata.core.record import Record

# Every character of XML 1.0, any script, markup and white space included.
XML_CHARACTERS = st.characters(
    codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=("Cs", "Cc")
)
ANY_TEXT = st.text(XML_CHARACTERS | st.sampled_from("\t\n\r<>&\"'"), max_size=12)
WORD = st.text("abcdefgéà0123456789", min_size=1, max_size=8)
TRIMMED = ANY_TEXT.map(str.strip)
ATTRIBUTES = st.just(()) | st.tuples(st.tuples(st.just("xlink:title"), ANY_TEXT))

TEXT = st.builds(
    Text,
    st.none() | ANY_TEXT,
    nil_reason=st.none() | WORD,
    translations=st.just(()) | st.tuples(st.tuples(st.just("#EN"), ANY_TEXT)),
    attributes=ATTRIBUTES,
)
ANCHOR = st.builds(
    Text, ANY_TEXT, st.none() | ANY_TEXT, element=st.just("gmx:Anchor"), value_attributes=ATTRIBUTES
)
PLACEHOLDER = st.builds(Nil, st.just("") | WORD) | st.builds(
    Reference, st.tuples(st.tuples(st.just("xlink:href"), ANY_TEXT))
)
NUMBERS = st.decimals(-1000, 1000, places=3)


def _code(slot: Slot) -> st.SearchStrategy[Code]:
    return st.builds(
        Code,
        ANY_TEXT,
        st.sampled_from(slot.elements),
        st.none() | ANY_TEXT,
        ANY_TEXT,
        ATTRIBUTES,
        st.just(()) | st.tuples(st.tuples(st.just("codeSpace"), ANY_TEXT)),
    )


def _raw(slot: Slot) -> st.SearchStrategy[Fragment]:
    prefix = slot.tag.split(":")[0]
    start = f'<{slot.tag} xmlns:{prefix}="{NAMESPACES[prefix]}">'
    return st.builds(lambda word: Fragment(f"{start}{word}</{slot.tag}>"), WORD)


def _scalar(slot: Slot) -> st.SearchStrategy[Any]:
    return {
        "text": TEXT | ANCHOR,
        "code": _code(slot) if slot.elements else st.nothing(),
        "language": (_code(slot) | ANCHOR) if slot.elements else st.nothing(),
        "enumeration": TRIMMED.filter(bool),
        "date": st.builds(Date, st.dates().map(str) | st.datetimes().map(lambda d: d.isoformat())),
        "decimal": NUMBERS,
        "real": NUMBERS,
        "integer": st.integers(),
        "boolean": st.booleans(),
        "measure": st.builds(Measure, NUMBERS.map(lambda d: format(d, "f")), ANY_TEXT),
        "url": TRIMMED,
        "name": st.builds(Name, TRIMMED, st.none() | ANY_TEXT, st.sampled_from(slot.elements or ("",))),
        "scoped_name": st.builds(Name, TRIMMED, st.none() | ANY_TEXT, st.just("gco:ScopedName")),
        "position": st.builds(Position, TRIMMED, st.none() | ANY_TEXT),
        "raw": _raw(slot),
    }[slot.codec]


def _value(slot: Slot, depth: int) -> st.SearchStrategy[Any]:
    if slot.codec != "node":
        value = _scalar(slot)
    elif depth == 0:
        value = PLACEHOLDER
    else:
        value = st.sampled_from(slot.elements).flatmap(lambda name: node(REGISTRY[name], depth - 1))
    return value if slot.codec in ("text", "position", "scoped_name") else value | PLACEHOLDER


@st.composite
def node(draw: st.DrawFn, cls: type[Node], depth: int) -> Node:
    """A node of ``cls`` with a few of its attributes set, and sometimes something foreign inside."""
    declared = slots(cls)
    chosen = draw(st.lists(st.sampled_from(declared), max_size=4, unique_by=lambda slot: slot.name))
    values: dict[str, Any] = {}
    for slot in chosen:
        value = draw(_value(slot, depth))
        values[slot.name] = (
            (value, draw(_value(slot, depth)))[: draw(st.integers(1, 2))] if slot.many else value
        )
    for name, _ in xml_attributes(cls):
        values[name] = draw(WORD)
    after = sorted(chosen, key=lambda slot: slot.index)[-1].tag if chosen else ""
    unknown = (Unknown(after, '<x:y xmlns:x="urn:x">kept</x:y>'),)
    attributes = (("uuid", draw(ANY_TEXT)),)
    rest = draw(st.sampled_from([NOTHING, NOTHING, Rest((), attributes, unknown)]))
    return cls(rest=rest, **values)


RECORDS: st.SearchStrategy[Record] = node(Record, 3)
SMALL_RECORDS: st.SearchStrategy[Record] = node(Record, 1)

FIXED: dict[str, Any] = {
    "text": Text("l'été", translations=(("#EN", "summer"),)),
    "enumeration": "farming",
    "date": Date("2026-11-24"),
    "decimal": Decimal("5.10"),
    "real": Decimal("0.001"),
    "integer": 25000,
    "boolean": True,
    "measure": Measure("10.5", "m"),
    "url": "https://ville.example/a?b=1&c=2",
    "scoped_name": Name("ville:rues", "ville", "gco:ScopedName"),
    "position": Position("2024-01-01"),
}


def ids(cls: type[Node]) -> dict[str, str]:
    return {name: "id-1" for name, _ in xml_attributes(cls)}


def fixed_value(slot: Slot) -> Any:
    if slot.codec == "node":
        cls = REGISTRY[slot.elements[-1]]
        return cls(**ids(cls))
    if slot.codec in ("code", "language"):
        return Code("value", slot.elements[0], "http://list.example/#Code", "label")
    if slot.codec == "name":
        return Name("view", None, slot.elements[0])
    if slot.codec == "raw":
        prefix = slot.tag.split(":")[0]
        return Fragment(f'<{slot.tag} xmlns:{prefix}="{NAMESPACES[prefix]}">kept</{slot.tag}>')
    return FIXED[slot.codec]


def full_node(cls: type[Node]) -> Node:
    """A node of ``cls`` with a value in every attribute."""
    values = {slot.name: (fixed_value(slot),) * 2 if slot.many else fixed_value(slot) for slot in slots(cls)}
    return cls(**values, **ids(cls))
