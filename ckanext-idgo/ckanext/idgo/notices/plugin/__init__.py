"""CKAN side of the notices room: it listens, keeps, shows and mails what people must know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as ckan_model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint
from sqlalchemy import event

from ckanext.idgo.common.plugin.signals import noted
from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.notices.plugin import actions, auth, cli, helpers, jobs, model, outbox, views

_REGISTERED = (model.Notice, cli.notices)  # imported for what importing them declares


@tk.blanket.config_declarations("plugin/config_declaration.yaml")
class NoticesPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IConfigurer)
    p.implements(p.ISignal)
    p.implements(p.ITemplateHelpers)
    p.implements(p.ITranslation)
    room = "notices"

    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        if not event.contains(ckan_model.Session, "after_commit", outbox.after_commit):
            event.listen(ckan_model.Session, "after_commit", outbox.after_commit)

    def get_signal_subscriptions(self) -> dict[Any, list[Any]]:
        return {noted: [outbox.listen]}

    def idgo_schedule(self) -> dict[Callable[..., Any], str]:
        """Each minute (``stack.scheduler``): what is due by the clock, and what a dead queue was not told."""
        return {jobs.send_due: "* * * * *"}

    def get_actions(self) -> dict[str, Callable[..., Any]]:
        return actions.functions()

    def get_auth_functions(self) -> dict[str, Callable[..., Any]]:
        return auth.functions()

    def get_blueprint(self) -> list[Blueprint]:
        return views.blueprints()

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        return {name: value for name, value in vars(helpers).items() if name.startswith("idgo_notices_")}
