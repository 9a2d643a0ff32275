"""CKAN side of the membership room: terms of use, joining, referents, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.membership.plugin import (
    actions,
    actions_chained,
    auth,
    cli,
    helpers,
    model,
    reminding,
    views,
)

_REGISTERED = (model.MembershipRequest, cli.membership)  # imported for what importing them declares


@tk.blanket.config_declarations("plugin/config_declaration.yaml")
class MembershipPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IConfigurer)
    p.implements(p.ITemplateHelpers)
    p.implements(p.ITranslation)
    room = "membership"

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "idgo_membership")

    def get_actions(self) -> dict[str, Callable[..., Any]]:
        return {**actions.functions(), **actions_chained.functions()}

    def get_auth_functions(self) -> dict[str, Callable[..., Any]]:
        return auth.functions()

    def get_blueprint(self) -> list[Blueprint]:
        return views.blueprints()

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        return helpers.functions()

    def idgo_schedule(self) -> dict[Callable[[], None], str]:
        """Every morning (UTC): the clock of ``stack/scheduler.py``."""
        return {reminding.run: "17 6 * * *"}
