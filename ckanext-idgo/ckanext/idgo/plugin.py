"""The shared plugin: templates, assets, words, settings and command group of the whole house."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
from flask import Blueprint

from ckanext.idgo import dataset_helpers, helpers, page_helpers, views
from ckanext.idgo.common.plugin import api_gate, cli, csrf_gate
from ckanext.idgo.common.plugin.translations import RoomTranslations


def _helpers_of(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in vars(module).items() if name.startswith("idgo_")}


@tk.blanket.config_declarations("config_declaration.yaml")
class IdgoPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    room = ""

    def update_config(self, config_: Any) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "idgo")
        # A page asks nothing of other sites, and tells none who looks at it.
        config_["ckan.gravatar_default"] = "disabled"

    def i18n_domain(self) -> str:
        return "ckanext-idgo"

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        ours = _helpers_of(helpers) | _helpers_of(page_helpers) | _helpers_of(dataset_helpers)
        return {**ours, "linked_user": page_helpers.linked_user}

    def get_blueprint(self) -> list[Blueprint]:
        return [api_gate.blueprint, csrf_gate.blueprint, views.idgo]

    def get_commands(self) -> list[click.Command]:
        return [cli.idgo]
