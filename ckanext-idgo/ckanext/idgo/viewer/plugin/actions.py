"""Actions of the viewer room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.viewer.core.preview import preview
from ckanext.idgo.viewer.plugin import files


@tk.side_effect_free
def idgo_viewer_preview(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A map or a table of one uploaded resource, for whoever may have its content.

    :param id: the resource's id
    :param dataset: id or name of the dataset it must belong to
    :returns: ``{"kind": "map", "geojson", "total", "truncated"}`` (WGS 84) or
        ``{"kind": "table", "columns", "rows", "total"}``
    :raises: ``ObjectNotFound``, ``NotAuthorized``, ``ValidationError`` where it cannot be drawn
    """
    resource_id, dataset_id = tk.get_or_bust(data_dict, ["id", "dataset"])
    if not all(isinstance(given, str) and "\0" not in given for given in (resource_id, dataset_id)):
        raise tk.ObjectNotFound
    tk.check_access("idgo_viewer_preview", context, {"id": resource_id})
    resource = tk.get_action("resource_show")(context.copy(), {"id": resource_id})
    dataset = tk.get_action("package_show")(context.copy(), {"id": dataset_id})
    if resource["package_id"] != dataset["id"]:
        raise tk.ObjectNotFound
    if resource.get("url_type") != "upload":
        raise tk.ValidationError({"id": [tk._("Only a file kept here has a preview.")]})
    try:
        with files.local_copy(resource) as (path, filename):
            return preview(path, filename)
    except BadInput as error:
        raise tk.ValidationError({error.code: [tk._(error.template).format(**error.params)]}) from error
