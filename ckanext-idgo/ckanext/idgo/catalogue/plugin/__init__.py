"""CKAN side of the catalogue room."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.idgo.common.plugin.translations import RoomTranslations


class CataloguePlugin(RoomTranslations, p.SingletonPlugin):
    p.implements(p.ITranslation)
    room = "catalogue"
