"""What an API token may do, and until when (issue 4, "Tokens expire, and can be limited"). Fail-closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum


class Scope(str, Enum):
    """The value is what the API writes in ``scope``."""

    METADATA = "metadata"  # read what is public of everything its owner may see, and open content
    DATA = "data"  # read whatever its owner may read
    WRITE = "write"  # whatever its owner may do


class Ask(Enum):
    """What a request wants of a token."""

    DESCRIPTION = "description"
    CONTENT = "content"
    CHANGE = "change"


_COVERED: dict[Scope, frozenset[Ask]] = {
    Scope.METADATA: frozenset({Ask.DESCRIPTION}),
    Scope.DATA: frozenset({Ask.DESCRIPTION, Ask.CONTENT}),
    Scope.WRITE: frozenset(Ask),
}


@dataclass(frozen=True)
class TokenFacts:
    """``scope`` is None when what is stored is no scope: such a token may do nothing. ``ends_at`` is UTC."""

    scope: Scope | None
    ends_at: datetime

    def covers(self, ask: Ask) -> bool:
        return self.scope is not None and ask in _COVERED[self.scope]

    def lives(self, now: datetime) -> bool:
        return now < self.ends_at


#: What a token made before this room kept anything is: all that its owner may do, as CKAN meant it.
LEGACY = object()


def token_facts(kept: object, created_at: datetime | None, max_days: int) -> TokenFacts:
    """What is ``kept`` with a token (``LEGACY`` where nothing is), read without trust.

    No token lives longer than ``max_days`` after it was made, whatever is kept, those made before this
    room included: a shorter maximum ends longer tokens at once. ``created_at`` is naive UTC, as CKAN has it.
    """
    born = (created_at or datetime(1970, 1, 1)).replace(tzinfo=timezone.utc)
    limit = born + timedelta(days=max_days)
    if kept is LEGACY:
        return TokenFacts(Scope.WRITE, limit)
    if not isinstance(kept, Mapping):
        return TokenFacts(None, born)
    return TokenFacts(_scope(kept.get("scope")), min(limit, _instant(kept.get("ends_at")) or born))


def _scope(value: object) -> Scope | None:
    return Scope(value) if isinstance(value, str) and value in {s.value for s in Scope} else None


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def new_end(now: datetime, days: int, max_days: int, made_with: TokenFacts | None) -> datetime:
    """When a token made now ends: a token cannot make one that outlives it."""
    end = now + timedelta(days=min(days, max_days))
    return min(end, made_with.ends_at) if made_with else end
