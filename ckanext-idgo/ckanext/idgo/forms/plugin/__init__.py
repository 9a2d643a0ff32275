"""CKAN side of the forms room: the dataset's fields and the simple deposit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.idgo.common.core.paths import schemas_dir
from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.forms.plugin import actions, auth, cli, fact_helpers, helpers, model, validators, views

_REGISTERED = (model.Deposit, cli.deposit)  # imported for what importing them declares


@tk.blanket.config_declarations("plugin/config_declaration.yaml")
class FormsPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IConfigurer)
    p.implements(p.ITemplateHelpers)
    p.implements(p.ITranslation)
    p.implements(p.IValidators)
    room = "forms"

    def update_config(self, config: Any) -> None:
        """Templates and assets; and point scheming at ``schemas/`` unless the operator did.

        ``idgo_forms`` stands before ``scheming_datasets`` in ``ckan.plugins``, which reads these two. Written
        here because scheming takes URLs: a path with spaces or accents needs its percent signs.
        """
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "idgo_forms")
        folder = schemas_dir()
        defaults = {
            "scheming.dataset_schemas": (folder / "simple.yaml").as_uri(),
            "scheming.presets": f"ckanext.scheming:presets.json {(folder / 'presets.yaml').as_uri()}",
        }
        for key, value in defaults.items():
            if not config.get(key):
                config[key] = value

    def get_actions(self) -> dict[str, Callable[..., Any]]:
        return actions.functions()

    def get_auth_functions(self) -> dict[str, Callable[..., Any]]:
        return auth.functions()

    def get_blueprint(self) -> list[Blueprint]:
        return views.blueprints()

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        return _named(helpers, "idgo_forms_") | _named(fact_helpers, "idgo_forms_")

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        found = _named(validators, "idgo_forms_")
        return {**found, "tag_name_validator": validators.tag_name_validator}


def _named(module: Any, prefix: str) -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in vars(module).items() if name.startswith(prefix)}
