"""Pages of joining, of one's organisations, and of those who decide."""

from __future__ import annotations

from flask import Blueprint

from ckanext.idgo.membership.plugin.views import desk, join, mine, signin


def blueprints() -> list[Blueprint]:
    return [join.blueprint, mine.blueprint, desk.blueprint, signin.blueprint]
