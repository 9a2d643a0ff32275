"""Values of a record: texts, codes, dates, measures, and what stands in their place.

Every value is immutable and remembers all that its XML said, so that writing it gives the same XML again.
``attributes`` are those of the property element (``gmd:title``), ``value_attributes`` those of the element
inside (``gco:CharacterString``), as pairs (``gco:nilReason``, text) sorted by name.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TypeVar, Union

Attributes = tuple[tuple[str, str], ...]
T = TypeVar("T")


class Placeholder:
    """Something stands where a value is expected, but no value of the expected type."""


@dataclass(frozen=True)
class Nil(Placeholder):
    """The property is there without a value, and may say why: ``unknown``, ``missing``, ``inapplicable``,
    ``withheld``, ``template`` (ISO 19136 ``gml:NilReasonType``); empty when it does not say."""

    reason: str = ""


@dataclass(frozen=True)
class Reference(Placeholder):
    """A property by reference: ``xlink:href``, ``xlink:title``, ``uuidref`` ... and nothing inside."""

    attributes: Attributes = ()

    def get(self, name: str) -> str:
        """Value of an attribute such as ``xlink:href``, empty when it is not there."""
        return dict(self.attributes).get(name, "")

    @property
    def href(self) -> str:
        return self.get("xlink:href")


@dataclass(frozen=True)
class Fragment(Placeholder):
    """XML kept as it is: legal ISO that this model has no class for, or something it could not read.

    ``xml`` is exclusive canonical XML with the prefixes of :data:`..names.NAMESPACES`.
    """

    xml: str


# Union, because Python 3.10 cannot subscript an alias written with | over a type variable.
Maybe = Union[T, Placeholder, None]  # noqa: UP007
"""Zero or one value. ``known(value)`` narrows it."""
Many = tuple[T | Placeholder, ...]
"""Any number of values, in order. ``known_all(values)`` narrows it."""


def known(value: Maybe[T]) -> T | None:
    """The value if there is one of the expected type, else None (nil, a reference, kept XML or nothing)."""
    return None if isinstance(value, Placeholder) else value


def known_all(values: Many[T]) -> tuple[T, ...]:
    """The values of the expected type, in order."""
    return tuple(value for value in values if not isinstance(value, Placeholder))


@dataclass(frozen=True)
class Text:
    """``gco:CharacterString``, ``gmx:Anchor`` (then ``href`` is its address) or another text element.

    ``value`` is None when the property has no text element at all (often with ``nil_reason``); an empty
    element gives ``""``. ``translations`` are pairs (locale such as ``#EN``, text) of ``gmd:PT_FreeText``.
    """

    value: str | None
    href: str | None = None
    nil_reason: str | None = None
    translations: tuple[tuple[str, str], ...] = ()
    element: str = "gco:CharacterString"
    attributes: Attributes = ()
    value_attributes: Attributes = ()

    def __str__(self) -> str:
        return self.value or ""


def anchor(value: str, href: str) -> Text:
    """A text that names a concept with an address: ``gmx:Anchor``."""
    return Text(value, href=href, element="gmx:Anchor")


@dataclass(frozen=True)
class Code:
    """A value of a code list. ``element`` is such as ``gmd:CI_RoleCode``, ``codelist`` the list's address,
    ``label`` the text inside the element."""

    value: str
    element: str
    codelist: str | None = None
    label: str = ""
    attributes: Attributes = ()
    value_attributes: Attributes = ()

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Date:
    """``gco:Date`` or ``gco:DateTime`` (exactly those with a ``T``): ISO 8601, possibly a year or a month."""

    value: str

    def __str__(self) -> str:
        return self.value

    @property
    def first_day(self) -> datetime.date | None:
        """The day, or the first day of the month or year; None when the text is not a date."""
        text = self.value.split("T")[0].rstrip("Z")
        text += {4: "-01-01", 7: "-01"}.get(len(text), "")
        try:
            return datetime.date.fromisoformat(text[:10])
        except ValueError:
            return None


@dataclass(frozen=True)
class Measure:
    """A number (decimal text) with the unit as the record has it: ``m``, ``urn:ogc:def:uom:EPSG::9001``."""

    value: str
    uom: str
    element: str = "gco:Distance"


@dataclass(frozen=True)
class Name:
    """``gco:LocalName`` or ``gco:ScopedName``, with its optional ``codeSpace``."""

    value: str
    code_space: str | None = None
    element: str = "gco:LocalName"


@dataclass(frozen=True)
class Position:
    """``gml:beginPosition`` and its like: ISO 8601 text (empty when indeterminate) and
    ``indeterminatePosition`` (``now``, ``unknown``, ``before``, ``after``)."""

    value: str = ""
    indeterminate: str | None = None
    attributes: Attributes = ()

    def __str__(self) -> str:
        return self.value
