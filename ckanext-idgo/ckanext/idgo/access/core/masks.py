"""What is public of a locked resource, and how the rest comes back (issue 4, "what people get").

A mask is a list of what may stay, never of what must go: a field nobody thought of is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.idgo.access.core.decide import Reason
from ckanext.idgo.access.core.tiers import Tier, read_tier

LOCKED = "idgo_locked"
REASON = "idgo_reason"
#: Fields of ours in a resource dict that must never reach the database.
MARKS = frozenset({LOCKED, REASON})

#: Name, description, format, size, tier, projection, feature count; then CKAN's own bookkeeping.
#: The dataset's extent is a field of the dataset. Nothing here comes from inside the file's table.
PUBLIC_FIELDS = frozenset(
    {"name", "description", "format", "size", "access_tier", "crs", "feature_count"}
    | {"id", "package_id", "position", "state", "created", "last_modified", "metadata_modified"}
)


def mask_resource(resource: Mapping[str, Any], reason: Reason) -> dict[str, Any]:
    """The public view of a locked resource: its public fields, an empty ``url``, and the two marks."""
    public = {key: value for key, value in resource.items() if key in PUBLIC_FIELDS}
    return {**public, "url": "", LOCKED: True, REASON: reason.value}


def is_masked(resource: Mapping[str, Any]) -> bool:
    return resource.get(LOCKED) is True


def strip_marks(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource without the marks, as it may be stored (changes ``resource`` in place and returns it)."""
    for mark in MARKS:
        resource.pop(mark, None)
    return resource


def restore_hidden(incoming: dict[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Fill what the sender could not see from what is stored; what the sender wrote wins.

    Masking must not destroy data: somebody who edits from a masked view sends back an empty ``url`` and no
    ``hash``. Hidden fields that are absent or empty are taken from ``stored``, unless a new file or address
    comes.
    """
    if incoming.get("upload") or incoming.get("url"):
        return incoming
    for key, value in stored.items():
        if key not in PUBLIC_FIELDS and key not in MARKS and incoming.get(key) in (None, "", [], {}):
            incoming[key] = value
    return incoming


def _extra(dataset: Mapping[str, Any], key: str) -> list[Any]:
    extras = dataset.get("extras")
    if not isinstance(extras, list):
        return []
    return [e.get("value") for e in extras if isinstance(e, dict) and e.get("key") == key]


def dataset_tier_value(dataset: Mapping[str, Any]) -> object:
    """``access_tier`` of a dataset dict, wherever the schema put it; values that contradict are no tier."""
    found = _extra(dataset, "access_tier")
    if "access_tier" in dataset:
        found.append(dataset["access_tier"])
    if not found or any(value != found[0] for value in found):
        return None
    return found[0]


def reason_to_lock(resource: Mapping[str, Any], dataset: Mapping[str, Any]) -> Reason | None:
    """Why somebody who has not signed in may not have it; ``None`` for an open tier. No database."""
    tier = read_tier(resource.get("access_tier"), dataset_tier_value(dataset))
    if tier is Tier.OPEN:
        return None
    if tier is None:
        return Reason.MALFORMED_TIER
    if tier is Tier.AUTHENTICATED:
        return Reason.LOGIN_REQUIRED
    return Reason.ACCESS_REQUIRED if dataset.get("owner_org") else Reason.MEMBERS_ONLY


def mask_dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    """A copy as anybody may see it: every resource whose tier is not open is masked.

    A mark found in the resource is not trusted: masking what is masked already changes nothing.
    """
    resources = dataset.get("resources")
    if not isinstance(resources, list):
        return dataset
    masked = []
    for resource in resources:
        reason = reason_to_lock(resource, dataset)
        masked.append(strip_marks(dict(resource)) if reason is None else mask_resource(resource, reason))
    return {**dataset, "resources": masked}


def hides_anything(dataset: Mapping[str, Any]) -> bool:
    resources: Iterable[Any] = dataset.get("resources") or ()
    return any(reason_to_lock(resource, dataset) is not None for resource in resources)
