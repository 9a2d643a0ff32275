"""Errors that a draft keeps: as plain data, said later in whatever language the reader has."""

from __future__ import annotations

from typing import Any

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.common.core.sizes import Size
from ckanext.idgo.common.plugin import envelope


def kept(error: IdgoError) -> dict[str, Any]:
    """``{"code", "template", "params"}``; a size is ``{"bytes": int}`` there."""
    return {
        "code": error.code,
        "template": error.template,
        "params": {key: _plain(value) for key, value in error.params.items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Size):
        return {"bytes": int(value)}
    return value if isinstance(value, int | float) else str(value)


def message(error: IdgoError | dict[str, Any]) -> str:
    """The sentence of an error, or of one that was kept."""
    if isinstance(error, IdgoError):
        return envelope.message(error)
    params = error.get("params", {})
    return envelope.say(error["template"], {key: _back(value) for key, value in params.items()})


def _back(value: Any) -> Any:
    return Size(value["bytes"]) if isinstance(value, dict) and "bytes" in value else value
