"""CKAN side of the forms room."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin.translations import RoomTranslations


class FormsPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    room = "forms"
