"""Actions of the metadata room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.idgo.access.core.locators import for_export
from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.metadata.core.mapping import record_from_dataset
from ckanext.idgo.metadata.core.write import write_iso19139


@tk.side_effect_free
def idgo_metadata_record_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The ISO 19139 record of a dataset, the same for all who may read the dataset.

    A resource that is not open has IDGO's download route for locator, never its own address, whoever asks:
    records are harvested and copied, and a copy is not masked again (issue 4).

    :param id: id or name of the dataset
    :returns: ``{"id", "name", "modified", "xml"}``: ``modified`` is the dataset's ``metadata_modified``,
        ``xml`` the document, valid against the ISO 19139 schemas
    :raises: ``ObjectNotFound``, ``NotAuthorized``
    """
    dataset_id = tk.get_or_bust(data_dict, "id")
    # First: what may not be seen answers like what does not exist, before any refusal could tell it apart.
    dataset = tk.get_action("package_show")(_as_caller(context), {"id": dataset_id})
    tk.check_access("idgo_metadata_record_show", context, {"id": dataset_id})
    if dataset.get("type") != "dataset":
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    site_url = str(tk.config["ckan.site_url"]).rstrip("/")
    dataset = for_export(dataset, site_url)
    try:
        xml = write_iso19139(record_from_dataset(dataset, _organization(context, dataset), site_url))
    except IdgoError as error:
        raise tk.ValidationError({error.code: [tk._(error.template).format(**error.params)]}) from error
    return {
        "id": dataset["id"],
        "name": dataset["name"],
        "modified": dataset.get("metadata_modified") or "",
        "xml": xml.decode("utf-8"),
    }


def _as_caller(context: Any) -> Any:
    """A context of its own: what the caller set (ignored rights, a stored view) must not reach the mask."""
    return {"user": context.get("user"), "auth_user_obj": context.get("auth_user_obj")}


def _organization(context: Any, dataset: dict[str, Any]) -> dict[str, Any] | None:
    """The owner as its public page shows it, None when there is none or the caller may not see it."""
    if not dataset.get("owner_org"):
        return None
    asked = {
        "id": dataset["owner_org"],
        **{f"include_{part}": False for part in ("datasets", "users", "groups", "tags", "followers")},
        "include_dataset_count": False,
        "include_extras": True,
    }
    try:
        return tk.get_action("organization_show")(_as_caller(context), asked)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return dataset.get("organization")


def _with_our_profile(name: str) -> Callable[..., Any]:
    """Our DCAT profile comes first, whichever profiles the operator or ``?profiles=`` chose."""

    def export(next_action: Callable[..., Any], context: Any, data_dict: dict[str, Any]) -> Any:
        from ckanext.dcat.processors import DEFAULT_RDF_PROFILES
        from ckanext.idgo.metadata.plugin.dcat import PROFILE

        chosen = data_dict.get("profiles") or tk.aslist(tk.config.get("ckanext.dcat.rdf.profiles"))
        chosen = chosen.split(",") if isinstance(chosen, str) else chosen or DEFAULT_RDF_PROFILES
        return next_action(context, {**data_dict, "profiles": list(dict.fromkeys([PROFILE, *chosen]))})

    export.__name__ = name
    return tk.chained_action(tk.side_effect_free(export))


def functions() -> dict[str, Callable[..., Any]]:
    """Ours, and chains on those of ckanext-dcat where it is loaded."""
    found: dict[str, Callable[..., Any]] = {"idgo_metadata_record_show": idgo_metadata_record_show}
    if p.plugin_loaded("dcat"):
        exports = ("dcat_dataset_show", "dcat_catalog_show", "dcat_catalog_search")
        found |= {name: _with_our_profile(name) for name in exports}
    return found
