"""The decision applied to resources of the database. No surface has its own rule: all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from ckanext.idgo.access.core.decide import Purpose, Reason, Verdict, Viewer, decide
from ckanext.idgo.access.plugin.facts import Located, locate, locate_all

UNKNOWN = Verdict(False, Reason.UNKNOWN_RESOURCE)


def now() -> datetime:
    return datetime.now(timezone.utc)


def judge(viewer: Viewer, located: Located | None, purpose: Purpose = Purpose.DESCRIBE) -> Verdict:
    return UNKNOWN if located is None else decide(viewer, located.facts, purpose, now())


def verdicts(
    viewer: Viewer, resource_ids: Iterable[str], purpose: Purpose = Purpose.DESCRIBE
) -> dict[str, Verdict]:
    """One verdict for each id given, unknown ones refused; one query in all."""
    ids = list(resource_ids)
    located = locate(ids)
    return {rid: judge(viewer, located.get(rid), purpose) for rid in ids}


def verdict(viewer: Viewer, resource_id: str, purpose: Purpose = Purpose.DESCRIBE) -> Verdict:
    return verdicts(viewer, [resource_id], purpose)[resource_id]


def first_refusal(viewer: Viewer, package_id: str, purpose: Purpose = Purpose.DESCRIBE) -> Verdict | None:
    """The first refusal among a dataset's resources (deleted ones apart), for what cannot be cut in parts."""
    for located in locate_all(package_id):
        if located.facts.resource_state != "deleted":
            answer = judge(viewer, located, purpose)
            if not answer.allowed:
                return answer
    return None
