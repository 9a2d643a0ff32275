"""Past versions: an activity keeps a whole dataset, past addresses included, and CKAN hands it to anybody.

Recorded, a resource that is not open is the public view only. Read, a recorded resource shows its content
only where the tier was open then *and* the viewer may have it now: closing a resource closes its past.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.core.masks import is_masked, mask_dataset, mask_resource
from ckanext.idgo.access.plugin.harvests import is_source, without_secrets
from ckanext.idgo.access.plugin.verdicts import verdicts

#: Of a recorded resource view (``page_url``, ``image_url``, filters…), what says which view it was.
_VIEW_FIELDS = frozenset({"id", "resource_id", "package_id", "view_type"})


def recorded(data: Any) -> Any:
    """The data of a new activity, as it may be kept."""
    if isinstance(data, dict) and isinstance(data.get("package"), dict):
        return {**data, "package": _public(data["package"])}
    return data


def _public(package: dict[str, Any]) -> dict[str, Any]:
    return without_secrets(package) if is_source(package) else mask_dataset(package)


def _resource_ids(data: Any) -> set[str]:
    if not isinstance(data, dict):
        return set()
    package = data.get("package")
    ids = {data.get("resource_id")} | {
        r.get("id") for r in (package.get("resources") or [] if isinstance(package, dict) else [])
    }
    return {i for i in ids if isinstance(i, str)}


def _redacted_dataset(package: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    masked = _public(package)
    resources = []
    for resource in masked.get("resources") or []:
        answer = answers.get(resource.get("id"))
        hide = answer is not None and not answer.allowed and not is_masked(resource)
        resources.append(mask_resource(resource, answer.reason) if hide and answer else resource)
    return {**masked, "resources": resources}


def _redacted(data: Any, answers: dict[str, Any]) -> Any:
    if not isinstance(data, dict):
        return data
    if isinstance(data.get("package"), dict):
        return {**data, "package": _redacted_dataset(data["package"], answers)}
    answer = answers.get(data.get("resource_id") or "")
    if answer is not None and not answer.allowed:
        return {key: value for key, value in data.items() if key in _VIEW_FIELDS}
    return data


def redact(many: Iterable[Any], viewer: Viewer) -> list[Any]:
    """The ``data`` of several activities as this viewer may read them; one query in all."""
    found = list(many)
    ids = set().union(*(_resource_ids(data) for data in found)) if found else set()
    answers = verdicts(viewer, ids)
    return [_redacted(data, answers) for data in found]
