"""Pages of the notices: one's own, and the administrator's."""

from __future__ import annotations

from flask import Blueprint

from ckanext.idgo.notices.plugin.views import admin, mine


def blueprints() -> list[Blueprint]:
    return [mine.blueprint, admin.blueprint]
