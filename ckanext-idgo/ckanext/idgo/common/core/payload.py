"""What a program may send to the API, whatever the action: the rules, without a request (issue 3).

JSON can hold what PostgreSQL, Solr or XML cannot (U+0000, half a character, a number without a value or of
any length) and can nest until the interpreter gives up. Each is refused here once, before any action runs.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput

MAX_DEPTH = 64
"""Lists and objects inside each other. A GeoJSON geometry in a field of a resource of a dataset needs 12."""
MAX_INTEGER = 2**63 - 1
"""What a ``bigint`` of PostgreSQL and a ``long`` of Solr hold, both ways from zero."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ROOT = "data"


class UnreadableBody(BadInput):
    """The body as a whole cannot be read; a plain ``BadInput`` is about the field ``params["field"]``."""


def parse_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object in ``body``. Raises :class:`UnreadableBody`."""
    try:
        parsed = json.loads(body)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise UnreadableBody("body-json", N_("The body of the request is not valid JSON.")) from error
    if not isinstance(parsed, dict):
        raise UnreadableBody("body-object", N_("The body of the request must be a JSON object."))
    return parsed


def check(parsed: dict[str, Any]) -> None:
    """Every key and value of ``parsed`` can be stored, indexed and written. Raises ``BadInput``.

    The field named is the outermost one: that is where CKAN's envelope shows an error.
    """
    for name, value in parsed.items():
        field = name if not _UNSTORABLE.search(name) else _ROOT
        _check_text(name, field)
        waiting = [(value, 2)]
        while waiting:
            item, depth = waiting.pop()
            if depth > MAX_DEPTH + 1:
                raise _too_deep()
            if isinstance(item, dict):
                for key in item:
                    _check_text(key, field)
                waiting += [(child, depth + 1) for child in item.values()]
            elif isinstance(item, list):
                waiting += [(child, depth + 1) for child in item]
            else:
                _check_scalar(item, field)


def _check_scalar(value: Any, field: str) -> None:
    if isinstance(value, str):
        _check_text(value, field)
    elif isinstance(value, float) and not math.isfinite(value):
        sentence = N_("A number here has no value: NaN and Infinity are not JSON (RFC 8259).")
        raise BadInput("number-finite", sentence, field=field)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise BadInput("number-large", N_("A whole number here does not fit into 64 bits."), field=field)


def _check_text(text: str, field: str) -> None:
    found = _UNSTORABLE.search(text)
    if found:
        raise BadInput(
            "text-character",
            N_("A text here holds a character that cannot be kept: {character}."),
            field=field,
            character=f"U+{ord(found.group()):04X}",
        )


def _too_deep() -> UnreadableBody:
    sentence = N_("The body of the request nests lists and objects deeper than {limit} levels.")
    return UnreadableBody("body-depth", sentence, limit=MAX_DEPTH)
