"""Template helpers: the verdict for the person looking at the page, and its words."""

from __future__ import annotations

from typing import Any

from ckanext.idgo.access.core.decide import Purpose, Verdict
from ckanext.idgo.access.plugin import auth, words
from ckanext.idgo.access.plugin.verdicts import verdict


def idgo_access_verdict(resource_id: str) -> Verdict:
    """``.allowed`` and ``.reason.value`` for the current viewer; one query each: not for a loop."""
    return verdict(auth.current_viewer(), resource_id, Purpose.PREVIEW)


def idgo_access_tier_label(value: Any) -> str:
    return words.tier_label(value if isinstance(value, str) else None)


def idgo_access_refusal(reason: str, organisation: str | None = None) -> str:
    """A sentence for the ``idgo_reason`` of a locked resource."""
    return words.refusal_sentence(reason, organisation)


def functions() -> dict[str, Any]:
    return {
        "idgo_access_verdict": idgo_access_verdict,
        "idgo_access_tier_label": idgo_access_tier_label,
        "idgo_access_refusal": idgo_access_refusal,
    }
