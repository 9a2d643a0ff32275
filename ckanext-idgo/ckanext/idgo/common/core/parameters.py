"""Shapes of an action's parameters that mean the same in every action of CKAN and of its extensions.

CKAN 2.12 hands many of them to PostgreSQL or to a text method as they came: a list where an identifier stands
is an error 500 (6 146 of 19 902 odd requests to all 217 actions). JSON is judged once, here, by the
name of the parameter; what is not named is the action's own matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ckanext.idgo.common.core.errors import N_, BadInput

_TEXTS = """
id name title notes description url author author_email maintainer maintainer_email license_id type
owner_org package_id resource_id dataset dataset_id group_id org_id organization_id user user_id username
activity_id activity_type object object_id object_type object_package_id subject comment source_id job_id
harvest_object_id harvest_source_id entity_id entity_type task_type key vocabulary_id vocabulary_name
tag_string capacity permission role email password fullname about state package_type view_type
resource_type format mimetype mimetype_inner hash cache_url image_url q order_by sort
old_id new_id diff_type owner_type incomplete term lang_code file_id token storage
"""
TEXTS = frozenset(_TEXTS.split())
"""Text, or absent (``null``)."""

COUNTS = frozenset({"limit", "offset", "page", "per_page", "life_span"})
"""Whole numbers from zero up, as a number or its digits."""

_SWITCHES = """
all_fields private include_private include_drafts include_deleted include_datasets include_dataset_count
include_extras include_users include_groups include_tags include_followers include_data include_tracking
include_plugin_extras include_password_hash include_hidden_activity include_num_followers keep_deleted
use_default_schema ignore_self return_objects return_ids run only_active only_mine only_to_run
"""
SWITCHES = frozenset(_SWITCHES.split())
"""true or false, as CKAN's ``asbool`` reads them."""

_SWITCH_WORDS = frozenset(("", *["true", "yes", "on", "y", "t", "1", "false", "no", "off", "n", "f", "0"]))
_SAVES = re.compile(
    r"(?:package|dataset|resource|group|organization|harvest_source)_(?:create|update|patch|revise)"
)
_PARTS = ("resources", "extras", "tags", "groups", "users", "packages")
#: A value that CKAN allows to be of any shape: an extra's, a template's.
_FREE = {"extras": frozenset({"value"})}

REQUIRED: dict[str, tuple[str, ...]] = {
    "group_autocomplete": ("q",),
    "organization_autocomplete": ("q",),
    "group_member_create": ("id", "username", "role"),
    "organization_member_create": ("id", "username", "role"),
    "group_member_delete": ("id",),
    "organization_member_delete": ("id",),
    "harvest_abort_failed_jobs": ("life_span",),
    "harvest_job_create": ("source_id",),
    "harvest_job_abort": ("id",),
    "harvest_source_clear": ("id",),
    "harvest_source_delete": ("id",),
    "harvest_source_index_clear": ("id",),
    "harvest_source_job_history_clear": ("id",),
    "harvest_source_reindex": ("id",),
    "harvest_source_show_status": ("id",),
    "task_status_update_many": ("data",),
    "user_invite": ("email", "group_id", "role"),
}
"""Parameters that an action of CKAN or ckanext-harvest reads without asking whether they are there."""

NEVER_NULL: dict[str, tuple[str, ...]] = {
    "group_list": ("q", "sort"),
    "organization_list": ("q", "sort"),
    "package_create": ("groups",),
    "package_update": ("groups",),
    "harvest_source_create": ("groups",),
    "harvest_source_update": ("groups",),
}
"""Parameters that may be absent, but that their action reads as soon as they are named."""


def check(action: str, params: Mapping[str, Any]) -> None:
    """The parameters of ``action`` can be read. Raises ``BadInput`` (``params["field"]``: the parameter)."""
    for name in REQUIRED.get(action, ()):
        if params.get(name) in (None, "", []):
            raise BadInput("parameter-missing", N_("Missing value"), field=name)
    for name in NEVER_NULL.get(action, ()):
        if name in params and params[name] is None:
            raise BadInput("parameter-null", N_("null cannot stand here: leave it out."), field=name)
    saves = _SAVES.fullmatch(action)
    if saves:
        _check_reserved(params)
    for name, value in params.items():
        wanted = _wanted(name, value)
        if wanted:
            raise BadInput("parameter-shape", wanted, field=name)
        if saves and name in _PARTS:
            _check_parts(name, value)


def _wanted(name: str, value: Any) -> str | None:
    """What should stand where ``value`` cannot; None where it can."""
    if value is None:
        return None
    if name in TEXTS:
        return None if isinstance(value, str) else N_("Text is expected here.")
    if name in COUNTS:
        return None if _is_count(value) else N_("A whole number is expected here, zero or more.")
    if name in SWITCHES:
        return None if _is_switch(value) else N_("true or false is expected here.")
    return None


def _is_count(value: Any) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"[0-9]{1,18}", value.strip()))
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_switch(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _SWITCH_WORDS
    return isinstance(value, int)


def _check_reserved(names: Iterable[str], field: str = "") -> None:
    """CKAN's validation keeps its own notes under names such as ``__junk``, beside the fields."""
    for name in names:
        if name.startswith("__"):
            sentence = N_("This name is reserved: “{inner}”.")
            raise BadInput("name-reserved", sentence, field=field or name, inner=name[:80])


def _check_parts(name: str, value: Any) -> None:
    """``resources``, ``tags`` and their like: objects in a list, each with text where text stands."""
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise BadInput("parts-shape", N_("A list of objects is expected here."), field=name)
    for part in value:
        _check_reserved(part, name)
    for inner in _misshapen(name, value):
        sentence = N_("Text is expected in “{inner}”.")
        raise BadInput("part-shape", sentence, field=name, inner=inner)


def _misshapen(name: str, parts: list[dict[str, Any]]) -> Iterator[str]:
    free = _FREE.get(name, frozenset())
    for part in parts:
        for inner, value in part.items():
            if inner in TEXTS - free and value is not None and not isinstance(value, str):
                yield inner
