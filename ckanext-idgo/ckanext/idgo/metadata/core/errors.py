"""Errors of the metadata room: a branch of ``common.core.errors``."""

from __future__ import annotations

from ckanext.idgo.common.core.errors import N_, BadInput, TooLarge


class BadRecord(BadInput):
    """A metadata record that cannot be read or written at all. ``params`` always has ``line`` (from 1, 0 when
    it makes no sense) and ``path`` (an XPath, or empty)."""

    def __init__(self, code: str, template: str, line: int = 0, path: str = "", **params: object) -> None:
        super().__init__(code, template, line=line, path=path, **params)


class RecordTooLarge(TooLarge):
    """A record above the limit, refused before it is parsed."""


EMPTY = N_("The record is empty.")
NOT_XML = N_("The record is not well-formed XML: line {line}, {reason}")
DOCTYPE = N_(
    "The record declares XML entities (line {line}); they are refused because they can be used to attack."
)
NOT_ISO = N_("The record is not ISO 19139 or ISO 19115-3: its root element is “{root}”.")
NO_RECORD = N_("The answer “{root}” holds no record.")
SEVERAL = N_("There are {count} records where one was expected.")
REFUSED = N_("The catalogue answered with an error: {reason}")
TOO_LARGE = N_("The record is larger than {limit_bytes} bytes.")
UNWRITABLE = N_("The record has a character that XML does not allow, or a name that is none: {reason}")
