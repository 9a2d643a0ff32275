"""One's organisation found by name: accents, hyphens and case forgotten, near names last."""

from __future__ import annotations

from typing import Any

from ckanext.idgo.common.core.territories import normalise
from ckanext.idgo.membership.core.newcomers import NEAR, likeness
from ckanext.idgo.membership.plugin import people

SHOWN = 20


def _rank(query: str, title: str) -> int | None:
    """0 begins so, 1 contains all the words, 2 nearly the same; None otherwise."""
    wanted, name = normalise(query), normalise(title)
    if name.startswith(wanted):
        return 0
    if all(word in name for word in wanted.split()):
        return 1
    return 2 if likeness(query, title) >= NEAR else None


def organizations(query: str) -> list[dict[str, Any]]:
    """Those one may ask to join, the likeliest first; all of them without a query."""
    rows = []
    for one in people.choices():
        title = one.title or one.name
        rank = _rank(query, title) if query else 0
        if rank is not None:
            rows.append((rank, normalise(title), {"id": one.id, "name": one.name, "title": title}))
    return [row[2] for row in sorted(rows, key=lambda row: row[:2])]
