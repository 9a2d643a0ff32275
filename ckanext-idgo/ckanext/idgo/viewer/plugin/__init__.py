"""CKAN side of the viewer room."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.viewer.plugin import actions, auth, views


@tk.blanket.actions(actions)
@tk.blanket.auth_functions(auth)
class ViewerPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    p.implements(p.IBlueprint)
    room = "viewer"

    def get_blueprint(self) -> list[Blueprint]:
        return [views.viewer]
