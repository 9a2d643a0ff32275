"""CKAN side of the metadata room: the ISO record of a dataset."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.idgo.common.plugin.translations import RoomTranslations
from ckanext.idgo.metadata.plugin import actions, auth, views


@tk.blanket.auth_functions(auth)
class MetadataPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.ITranslation)
    p.implements(p.IBlueprint)
    room = "metadata"

    def get_actions(self) -> dict[str, Any]:
        return actions.functions()

    def get_blueprint(self) -> list[Any]:
        return [views.blueprint]
