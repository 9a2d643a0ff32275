"""The surface, as data: what each route gives, and so which guard it passes.

Issue 4 adds rows here; ``tests/ckan/access`` enumerates the running application and fails on a route or an
action that no row names. At run time a route that takes the id of a resource or of its view, and is not named
METADATA, is guarded as CONTENT or ROWS.
"""

from __future__ import annotations

from enum import Enum


class Gives(Enum):
    METADATA = "metadata"  # a page or answer built from the masked actions
    CONTENT = "content"  # bytes, address, rows: the verdict first
    ROWS = "rows"  # rows behind a view: the verdict on the resource it shows
    HISTORY = "history"  # past versions: editors, and the verdict
    FILE = "file"  # files tracked by CKAN: the verdict on their owner
    HARVESTED = "harvested"  # originals of a harvest: those who run the source


#: Views of CKAN's resource blueprints, whatever the dataset type (``dataset_resource``, ``<type>_resource``).
RESOURCE_VIEWS: dict[str, Gives] = {
    "read": Gives.METADATA,
    "new": Gives.METADATA,
    "edit": Gives.METADATA,
    "delete": Gives.METADATA,
    "views": Gives.METADATA,
    "edit_view": Gives.METADATA,
    "view": Gives.CONTENT,
    "download": Gives.CONTENT,
}

ROUTES: dict[str, Gives] = {
    "activity.resource_history": Gives.HISTORY,
    "activity.package_history": Gives.HISTORY,
    "activity.package_changes": Gives.HISTORY,
    "activity.package_changes_multiple": Gives.HISTORY,
    "file.download": Gives.FILE,
    "file.public_download": Gives.FILE,
    "file.trusted_download": Gives.FILE,
    # Pages and acts of those who may edit the dataset (checked in their views): no byte of the file.
    "idgo_depot_jeu.replace": Gives.METADATA,
    "idgo_depot_jeu.undo": Gives.METADATA,
    "spatial_harvest_metadata.display_xml_original": Gives.HARVESTED,
    "spatial_harvest_metadata.display_html": Gives.HARVESTED,
    "spatial_harvest_metadata.display_html_original": Gives.HARVESTED,
}


def gives(endpoint: str, arguments: frozenset[str]) -> Gives:
    """What an endpoint gives, from its name and the names of its URL arguments."""
    if endpoint in ROUTES:
        return ROUTES[endpoint]
    blueprint, _, view = endpoint.rpartition(".")
    if blueprint.rpartition("_")[2] == "resource" and view in RESOURCE_VIEWS:
        return RESOURCE_VIEWS[view]
    if "resource_view_id" in arguments:
        return Gives.ROWS
    return Gives.CONTENT if "resource_id" in arguments else Gives.METADATA
