"""Pages and endpoints of the deposit."""

from __future__ import annotations

from flask import Blueprint

from ckanext.idgo.forms.plugin.views import dataset, form, start, tus


def blueprints() -> list[Blueprint]:
    return [start.blueprint, form.blueprint, dataset.blueprint, dataset.ckan_address, tus.blueprint]
