"""CKAN side of the metadata room."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin.translations import RoomTranslations


class MetadataPlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    room = "metadata"
