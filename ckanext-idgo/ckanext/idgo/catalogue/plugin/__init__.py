"""CKAN side of the catalogue room."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.idgo.catalogue.plugin import actions, auth, facets, helpers, labels, search, views
from ckanext.idgo.common.plugin.translations import RoomTranslations


@tk.blanket.actions(actions)
@tk.blanket.auth_functions(auth)
@tk.blanket.helpers(helpers)
@tk.blanket.config_declarations("plugin/config_declaration.yaml")
class CataloguePlugin(RoomTranslations, p.SingletonPlugin):
    """Search: French index, facets, suggestions, map box."""

    p.implements(p.ITranslation)
    p.implements(p.IBlueprint)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    room = "catalogue"

    def get_blueprint(self) -> list[Any]:
        return [views.blueprint]

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return search.document_for_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        return search.prepared(search_params)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        facets.labelled(search_results["search_facets"], labels.facet_label)
        return search_results

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        return OrderedDict(facets.titles())

    def organization_facets(self, facets_dict: Any, organization_type: str, package_type: str | None) -> Any:
        return OrderedDict((k, v) for k, v in facets.titles().items() if k != "organization")

    def group_facets(self, facets_dict: Any, group_type: str, package_type: str | None) -> Any:
        return OrderedDict(facets.titles())
