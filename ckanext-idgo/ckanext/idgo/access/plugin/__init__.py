"""CKAN side of the access room."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin.translations import RoomTranslations


class AccessPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    room = "access"
