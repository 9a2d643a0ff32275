"""Actions of the viewer room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.viewer.core.preview import preview, sketch_of
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


@tk.side_effect_free
def idgo_viewer_sketch(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A still drawing of a file that lies on this machine. For other rooms only (``ignore_auth``): it takes a
    path, so nobody may call it over HTTP, sysadmins included.

    :param path: where the file lies
    :param filename: its name, which says its format
    :param facts: what its inspection said (``forms.core.facts``, as a dict)
    :returns: ``{"svg": text or None}``, None where nothing has a place
    """
    tk.check_access("idgo_viewer_sketch", context, {})
    path, filename, facts = tk.get_or_bust(data_dict, ["path", "filename", "facts"])
    return {"svg": sketch_of(Path(path), filename, FileFacts.from_dict(facts), files.outline())}
