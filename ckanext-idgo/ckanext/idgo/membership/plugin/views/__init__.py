"""Pages of joining, of one's organisations, and of those who decide."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    return []
