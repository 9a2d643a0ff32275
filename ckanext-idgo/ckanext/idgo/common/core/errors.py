"""Every error a person can meet, as one tree.

    IdgoError
    ├── BadInput            what was given cannot be used         (400 / 409 in CKAN's envelope)
    │   ├── UnreadableFile  the file does not open, or not safely
    │   ├── TooLarge        above a stated limit                  (413)
    │   └── ForbiddenUrl    an address the server must not fetch
    ├── Refused             the viewer may not                    (403)
    ├── NotThere            it does not exist, or must look so    (404)
    ├── Conflict            somebody else was faster              (409)
    └── Unavailable         another system does not answer        (503)

``template`` is an English sentence with named fields, translated at the edge (``plugin`` side) by
``gettext(error.template).format(**error.params)``; ``code`` is a stable name for programs and tests.
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(sentence: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark a sentence for extraction without translating it here."""
    return sentence


class IdgoError(Exception):
    """Root. Subclasses give the HTTP status; instances give a stable ``code`` and a sentence."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, template: str, **params: Any) -> None:
        self.code = code
        self.template = template
        self.params = params
        super().__init__(template.format(**params))


class BadInput(IdgoError):
    status = 400


class UnreadableFile(BadInput):
    status = 400


class TooLarge(BadInput):
    status = 413


class ForbiddenUrl(BadInput):
    status = 400


class Refused(IdgoError):
    status = 403


class NotThere(IdgoError):
    status = 404


class Conflict(IdgoError):
    status = 409


class Unavailable(IdgoError):
    status = 503
