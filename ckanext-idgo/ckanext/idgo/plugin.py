"""The shared plugin: templates, assets and translations of the whole house, nothing else."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.idgo.common.plugin.translations import RoomTranslations


class IdgoPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    room = ""

    def update_config(self, config_: object) -> None:
        tk.add_template_directory(config_, "templates")
        tk.add_public_directory(config_, "public")
        tk.add_resource("assets", "idgo")

    def i18n_domain(self) -> str:
        return "ckanext-idgo"
