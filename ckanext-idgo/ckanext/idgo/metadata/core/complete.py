"""What the schema requires and a record does not have, said as missing instead of silently absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from ckanext.idgo.metadata.core.model.node import Node, Slot, slots
from ckanext.idgo.metadata.core.model.values import Nil, Text

N = TypeVar("N", bound=Node)


def complete(node: N, reason: str = "missing") -> N:
    """The same record with every element that the schema requires and that is absent, added empty with a
    ``gco:nilReason``: valid against the schema, and plain to any reader that nothing was known."""
    changes: dict[str, Any] = {}
    for slot in slots(type(node)):
        value = getattr(node, slot.name)
        filled = _complete_value(slot, value, reason)
        if filled is not value:
            changes[slot.name] = filled
    return replace(node, **changes) if changes else node


def _complete_value(slot: Slot, value: Any, reason: str) -> Any:
    if slot.many:
        if not value and slot.required:
            return (_absent(slot, reason),)
        filled = tuple(complete(item, reason) if isinstance(item, Node) else item for item in value)
        return filled if any(a is not b for a, b in zip(filled, value, strict=True)) else value
    if value is None and slot.required:
        return _absent(slot, reason)
    return complete(value, reason) if isinstance(value, Node) else value


def _absent(slot: Slot, reason: str) -> Nil | Text:
    return Text(None, nil_reason=reason) if slot.codec == "text" else Nil(reason)
