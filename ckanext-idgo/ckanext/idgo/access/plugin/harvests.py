"""Harvest sources: their address and configuration (keys, passwords) are for those who run them (rows 29–31).

A source is a CKAN dataset of type ``harvest``, public as such: name, title, organisation, frequency stay so.
"""

from __future__ import annotations

import json
from typing import Any

SOURCE = "harvest"
#: What everybody may know of a source. A list of what stays: ckanext-harvest spreads the keys of ``config``
#: over the dataset's own fields, so that a password may bear any name.
_PUBLIC = frozenset(
    {"id", "name", "title", "notes", "type", "source_type", "frequency", "owner_org", "organization", "state"}
    | {"private", "metadata_created", "metadata_modified", "creator_user_id", "status", "active", "groups"}
    | {"tags", "num_tags", "num_resources", "resources", "isopen", "tracking_summary", "publisher_id"}
    | {"publisher_title", "created", "next_run", "user_id", "last_job_status"}
)
#: What CKAN needs of a source's Solr document beside that.
_INDEXED = frozenset(
    {"index_id", "site_id", "entity_type", "dataset_type", "capacity", "title_string"}
    | {"data_dict", "validated_data_dict"}
)
#: Of a source's last job, what tells how it went without quoting its errors.
_JOB_FIELDS = frozenset({"id", "created", "finished", "status", "stats", "gather_started", "gather_finished"})


def is_source(dataset: dict[str, Any]) -> bool:
    return dataset.get("type") == SOURCE


def without_secrets(source: dict[str, Any]) -> dict[str, Any]:
    """The public view of a source: an empty ``url`` and ``config``, and no extra field."""
    public = {key: value for key, value in source.items() if key in _PUBLIC}
    extras = [e for e in source.get("extras") or [] if e.get("key") in _PUBLIC]
    return {**public, "url": "", "config": "", "extras": extras}


def mask_index(document: dict[str, Any]) -> dict[str, Any]:
    for key in ("data_dict", "validated_data_dict"):
        document[key] = json.dumps(without_secrets(json.loads(document[key])))
    return {key: value for key, value in document.items() if key in _INDEXED | _PUBLIC}


def show(source: dict[str, Any], *, runs: bool) -> None:
    """Finish a ``package_show`` of a source in place; ``runs``: the caller may run it."""
    if not runs:
        public = without_secrets(source)
        source.clear()
        source.update(public)
        return
    from ckanext.harvest.model import HarvestSource

    stored: Any = HarvestSource.get(source["id"])
    if stored is None or source.get("url"):
        return
    source["url"] = stored.url
    if stored.config:
        source["config"] = stored.config


def public_status(status: dict[str, Any]) -> dict[str, Any]:
    job = status.get("last_job")
    kept = {key: value for key, value in job.items() if key in _JOB_FIELDS} if isinstance(job, dict) else job
    return {**status, "last_job": kept}
