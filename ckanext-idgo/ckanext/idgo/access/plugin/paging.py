"""``offset`` and ``limit`` of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput

DEFAULT_LIMIT, MAX_LIMIT = 20, 200


def _number(data: Mapping[str, Any], field: str, default: int) -> int:
    given = data.get(field)
    if given in (None, ""):
        return default
    text = str(given)
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadInput(field, N_("This is a whole number, zero or more."))
    return int(text)


def page(query: Any, data: Mapping[str, Any]) -> tuple[list[Any], int]:
    """The rows of one page, and how many there are in all. ``limit`` 0 asks for the count only."""
    offset = _number(data, "offset", 0)
    limit = min(_number(data, "limit", DEFAULT_LIMIT), MAX_LIMIT)
    count = query.order_by(None).count()
    return (query.offset(offset).limit(limit).all() if limit else []), count
