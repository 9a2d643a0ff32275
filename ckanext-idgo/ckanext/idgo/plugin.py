"""The shared plugin: templates, assets, translations, settings and command group of the whole house."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click

from ckanext.idgo.common.plugin import cli
from ckanext.idgo.common.plugin.translations import RoomTranslations


@tk.blanket.config_declarations("config_declaration.yaml")
class IdgoPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    room = ""

    def get_commands(self) -> list[click.Command]:
        return [cli.idgo]

    def update_config(self, config_: object) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "idgo")

    def i18n_domain(self) -> str:
        return "ckanext-idgo"
