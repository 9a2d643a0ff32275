"""CKAN side of the viewer room."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin.translations import RoomTranslations


class ViewerPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    room = "viewer"
