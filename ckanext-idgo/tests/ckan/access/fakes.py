"""Two extensions that are not in the lock (ckanext-geoview, ckanext-validation), as far as a guard sees them.

Same names of plugin, endpoint, action and authorisation, and the worst they could answer: the content itself.
A catalogue that installs the real ones is guarded by the same lines of ours; that the real ones keep these
names is what is not tried here.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint


def _content(resource_id: str) -> str:
    return str(model.Resource.get(resource_id).url)


class Geoview(p.SingletonPlugin):
    """``/dataset/<id>/resource/<resource_id>/service_proxy``: fetches the resource's address for anybody."""

    p.implements(p.IBlueprint)

    def get_blueprint(self) -> Blueprint:
        blueprint = Blueprint("service_proxy", __name__)
        blueprint.add_url_rule(
            "/dataset/<id>/resource/<resource_id>/service_proxy", "proxy_service", self.proxy_service
        )
        return blueprint

    @staticmethod
    def proxy_service(id: str, resource_id: str) -> str:
        return _content(resource_id)


class Validation(p.SingletonPlugin):
    """``resource_validation_show``: a report that quotes cells; its page under the resource."""

    p.implements(p.IBlueprint)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)

    def get_blueprint(self) -> Blueprint:
        blueprint = Blueprint("validation", __name__)
        blueprint.add_url_rule(
            "/dataset/<id>/resource/<resource_id>/validation",
            "read",
            lambda id, resource_id: _content(resource_id),
        )
        return blueprint

    def get_actions(self) -> dict[str, Any]:
        @tk.side_effect_free
        def resource_validation_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
            tk.check_access("resource_validation_show", context, data_dict)
            return {"report": {"errors": [_content(data_dict["resource_id"])]}}

        return {"resource_validation_show": resource_validation_show}

    def get_auth_functions(self) -> dict[str, Any]:
        @tk.auth_allow_anonymous_access
        def resource_validation_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
            tk.check_access("resource_show", context, {"id": data_dict["resource_id"]})
            return {"success": True}

        return {"resource_validation_show": resource_validation_show}


FAKES = {"geo_view": Geoview, "validation": Validation}
