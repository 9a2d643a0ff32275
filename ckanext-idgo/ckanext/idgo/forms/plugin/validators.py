"""Validators of IDGO's dataset fields: thin doors to ``forms.core.deposit_values``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import N_, BadInput
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.forms.core import deposit_values as values
from ckanext.idgo.metadata.core import codelists


def _guarded(clean: Callable[..., Any], *args: Any) -> Any:
    try:
        return clean(*args)
    except BadInput as error:
        raise tk.Invalid(tk._(error.template).format(**error.params)) from error


def idgo_forms_codelist(name: str) -> Callable[[Any], Any]:
    """The value is a code of ``schemas/codelists/<name>.json``."""

    def validator(value: Any) -> Any:
        if value not in codelists.load(name):
            raise tk.Invalid(tk._(N_("Unknown code “{code}”.")).format(code=str(value)[:80]))
        return value

    return validator


def idgo_forms_tier(value: Any) -> Any:
    return _guarded(values.clean_choice, value, values.TIERS)


def idgo_forms_family(value: Any) -> Any:
    return _guarded(values.clean_choice, value, values.FAMILIES)


def idgo_forms_territory(value: Any) -> Any:
    territories = Territories.load()
    return _guarded(values.clean_territory, value, territories.__contains__)


def idgo_forms_spatial(value: Any) -> Any:
    return _guarded(values.clean_geojson, value)


def idgo_forms_dates(value: Any) -> Any:
    return _guarded(values.clean_dates, value)


def idgo_forms_crs(value: Any) -> Any:
    return _guarded(values.clean_crs, value)


def idgo_forms_count(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Zero is a count; an empty text is none."""
    if data[key] == "":
        data.pop(key)
        raise tk.StopOnError
    data[key] = _guarded(values.clean_count, data[key])


def idgo_forms_layers(value: Any) -> Any:
    return _guarded(values.clean_layers, value)


def idgo_forms_columns(value: Any) -> Any:
    return _guarded(values.clean_columns, value)


def idgo_forms_extent(value: Any) -> Any:
    return _guarded(values.clean_extent, value)


def tag_name_validator(value: Any) -> Any:
    """In the place of CKAN's own, which refuses the apostrophe of “qualité de l'eau”.

    Refused: what separates keywords (comma, semicolon), what a query or a page would read as syntax.
    """
    return _guarded(values.clean_keyword, value)


def idgo_forms_json_out(value: Any) -> Any:
    """Stored JSON text, as the list the API shows. What was stored before these rules stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
