"""CKAN side of the access room: the decision, applied on every surface."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from ckanext.idgo.access.plugin import (
    actions,
    actions_exports,
    actions_tokens,
    auth,
    cli,
    endings,
    guards,
    harvests,
    helpers,
    labels,
    masking,
    model,
    page_desk,
    page_grants,
    page_helpers,
    page_views,
    reminding,
    tokens,
    viewers,
)
from ckanext.idgo.common.plugin.translations import RoomTranslations

# Imported for what importing them declares: tables, commands, routes of the desk's blueprint.
_REGISTERED = (model.AccessGrant, cli.access, page_grants.grants)


@tk.blanket.config_declarations("plugin/config_declaration.yaml")
class AccessPlugin(RoomTranslations, labels.Labels, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IConfigurable)
    p.implements(p.IFiles, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.IApiToken, inherit=True)
    room = "access"

    def update_config(self, config: Any) -> None:
        """Our index hook must come first: what another room derives from a document is then of the mask."""
        loaded = tk.aslist(config.get("ckan.plugins"))
        before = loaded[: loaded.index("idgo_access")] if "idgo_access" in loaded else []
        early = [name for name in before if name.startswith("idgo_")]
        if early:
            raise CkanConfigurationException(f"ckan.plugins: put idgo_access before {' '.join(early)}")
        tk.add_template_directory(config, "templates")

    def configure(self, config: Any) -> None:
        viewers.watch()
        endings.watch()

    def idgo_schedule(self) -> dict[Any, str]:
        """What ``stack.scheduler`` puts into CKAN's queue by the clock."""
        return {reminding.remind: reminding.CRON}

    def get_actions(self) -> dict[str, Any]:
        return {**actions.actions(), **actions_exports.actions(), **actions_tokens.actions()}

    def get_auth_functions(self) -> dict[str, Any]:
        return auth.functions()

    def get_blueprint(self) -> Any:
        return [guards.blueprint, page_views.blueprint, page_desk.blueprint]

    def get_helpers(self) -> dict[str, Any]:
        return helpers.functions() | page_helpers.functions()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        mask = harvests.mask_index if harvests.is_source(pkg_dict) else masking.mask_index
        return mask(pkg_dict)

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        if harvests.is_source(pkg_dict):
            harvests.show(pkg_dict, runs=auth.runs_source(context, pkg_dict["id"]))
            return
        if auth.exporting(context):
            pkg_dict["resources"] = masking.export_results([pkg_dict])[0]["resources"]
            return
        caller = auth.caller_of(context)
        masking.show(pkg_dict, caller.viewer, internal=caller.internal, schema=auth.schema_of(context))

    def after_dataset_search(self, search_results: dict[str, Any], search_params: Any) -> dict[str, Any]:
        search_results["results"] = masking.mask_results(search_results["results"])
        return search_results

    def create_api_token_schema(self, schema: Any) -> Any:
        return tokens.schema(schema)

    def postprocess_api_token(
        self, data: dict[str, Any], jti: str, data_dict: dict[str, Any]
    ) -> dict[str, Any]:
        return tokens.make(data, jti, data_dict)

    def preprocess_api_token(self, data: Any) -> Any:
        return tokens.read(data)

    def add_extra_fields(self, data_dict: dict[str, Any]) -> dict[str, Any]:
        return tokens.described(data_dict)

    def files_file_allows(self, context: Any, file: Any, operation: str) -> bool | None:
        owner = file.owner
        return auth.file_allows(context, owner.owner_type, owner.owner_id) if owner else None

    def files_owner_allows(self, context: Any, owner_type: str, owner_id: str, operation: str) -> bool | None:
        return auth.file_allows(context, owner_type, owner_id) if operation == "file_scan" else None
