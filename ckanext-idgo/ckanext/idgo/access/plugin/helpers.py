"""Template helpers: the verdict for the person looking at the page, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ckanext.idgo.access.core.decide import Purpose, Verdict
from ckanext.idgo.access.plugin import auth, tokens, words
from ckanext.idgo.access.plugin.verdicts import verdict


def idgo_access_verdict(resource_id: str) -> Verdict:
    """``.allowed`` and ``.reason.value`` for the current viewer; one query each: not for a loop."""
    return verdict(auth.current_viewer(), resource_id, Purpose.PREVIEW)


def idgo_access_tier_label(value: Any) -> str:
    return words.tier_label(value if isinstance(value, str) else None)


def idgo_access_refusal(reason: str, organisation: str | None = None) -> str:
    """A sentence for the ``idgo_reason`` of a locked resource."""
    return words.refusal_sentence(reason, organisation)


def idgo_access_token_scopes() -> list[dict[str, str]]:
    """What a new token may do: ``value``, ``label``, ``help``, from the narrowest."""
    return words.scope_choices()


def idgo_access_token_days() -> dict[str, int]:
    """``default`` and ``most`` days of life of a new token."""
    return {"default": tokens.default_days(), "most": tokens.max_days()}


def idgo_access_token_words(token: Mapping[str, Any]) -> dict[str, Any]:
    """Of an entry of ``api_token_list``: ``scope`` in words, and whether it ``ended``."""
    ends = datetime.fromisoformat(str(token["expires_at"])).replace(tzinfo=timezone.utc)
    return {"scope": words.scope_label(token["scope"]), "ended": ends <= datetime.now(timezone.utc)}


def functions() -> dict[str, Any]:
    return {
        "idgo_access_token_scopes": idgo_access_token_scopes,
        "idgo_access_token_days": idgo_access_token_days,
        "idgo_access_token_words": idgo_access_token_words,
        "idgo_access_verdict": idgo_access_verdict,
        "idgo_access_tier_label": idgo_access_tier_label,
        "idgo_access_refusal": idgo_access_refusal,
    }
