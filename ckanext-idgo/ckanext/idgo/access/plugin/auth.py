"""Authorisation: who calls, and the functions of CKAN and its extensions that give content away.

One of the two modules that touch ``context`` (the other is ``actions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.authz as authz
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from flask import g, has_request_context

from ckanext.idgo.access.core.decide import ANONYMOUS, Purpose, Reason, Verdict, Viewer
from ckanext.idgo.access.plugin import tokens
from ckanext.idgo.access.plugin.facts import locate
from ckanext.idgo.access.plugin.refusals import way_in
from ckanext.idgo.access.plugin.verdicts import first_refusal, judge, verdict
from ckanext.idgo.access.plugin.viewers import viewer_of

# CKAN types these as protocols that no plain function satisfies.
Auth = Any
AuthFunction = Any
_chained: Any = tk.chained_auth_function


@dataclass(frozen=True)
class Caller:
    """``internal``: code of the server that asked for no check (``ignore_auth``); no request can set that."""

    viewer: Viewer
    internal: bool = False


def caller_of(context: Any) -> Caller:
    internal = context.get("ignore_auth") is True
    user = context.get("auth_user_obj")
    if not isinstance(user, model.User):
        name = context.get("user")
        user = model.User.get(name) if name else None
    return Caller(viewer_of(user) if user else ANONYMOUS, internal)


def sees(context: Any, package_id: str) -> bool:
    """May the caller see this dataset at all?"""
    if caller_of(context).internal:
        return True
    asked: Any = {"user": context.get("user") or "", "auth_user_obj": context.get("auth_user_obj")}
    return authz.is_authorized_boolean("package_show", asked, {"id": package_id})


def as_export(context: Any) -> Any:
    """The context of an action that makes a copy for other catalogues."""
    return {**context, "idgo_export": True}


def exporting(context: Any) -> bool:
    """Is the dataset wanted for a copy, the same for every caller?"""
    return context.get("idgo_export") is True


def current_viewer() -> Viewer:
    """The viewer of the request being served."""
    user = tk.current_user
    behind = getattr(user, "_get_current_object", None)  # current_user is a proxy
    return viewer_of(behind() if behind else user)


def refuse(answer: Verdict, dataset: str | None = None) -> Auth:
    """CKAN's refusal, remembered so that the API's envelope can carry ``reason`` and ``request_access``."""
    if has_request_context():
        told = Verdict(False, Reason.TOKEN_SCOPE) if tokens.sees_no_content() else answer
        g.idgo_refusal = {"reason": told.reason.value, **way_in(told, dataset)}
    return {"success": False, "msg": tk._("The content of this resource is not open to you")}


def _asked(context: Any, resource_id: Any, purpose: Purpose) -> Auth | None:
    caller = caller_of(context)
    if caller.internal:
        return None
    located = locate([resource_id]).get(resource_id) if isinstance(resource_id, str) else None
    answer = judge(caller.viewer, located, purpose)
    return None if answer.allowed else refuse(answer, located.package_name if located else None)


@tk.auth_allow_anonymous_access
def idgo_access_decision_show(context: Any, data_dict: dict[str, Any]) -> Auth:
    """Whoever may see the resource's metadata may ask whether they may have its content."""
    return authz.is_authorized("resource_show", context, data_dict)


@_chained
@tk.auth_allow_anonymous_access
def resource_view_show(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    view = context.get("resource_view") or model.ResourceView.get(data_dict.get("id") or "")
    refused = _asked(context, view.resource_id, Purpose.PREVIEW) if view else None
    return refused or next_auth(context, data_dict)


@_chained
@tk.auth_allow_anonymous_access
def datastore_search(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    return _asked(context, data_dict.get("resource_id"), Purpose.ROWS) or next_auth(context, data_dict)


@_chained
@tk.auth_allow_anonymous_access
def datastore_info(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """``id`` is the table that CKAN found where an alias was asked (``resource_id``)."""
    wanted = data_dict.get("id") or data_dict.get("resource_id")
    return _asked(context, wanted, Purpose.ROWS) or next_auth(context, data_dict)


@_chained
@tk.auth_allow_anonymous_access
def datastore_search_sql(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    # CKAN gives a generator: read once here, it would be empty for CKAN's own check.
    context["table_names"] = list(context.get("table_names") or [])
    for table in context["table_names"]:
        refused = _asked(context, table, Purpose.ROWS)
        if refused:
            return refused
    return next_auth(context, data_dict)


@_chained
@tk.auth_allow_anonymous_access
def resource_validation_show(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """ckanext-validation asks for ``resource_show`` only; its reports quote cells and column names."""
    return _asked(context, data_dict.get("resource_id"), Purpose.ROWS) or next_auth(context, data_dict)


@_chained
def task_status_show(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """A loader's log quotes file names and cell values: for those who may edit the resource."""
    task = model.Session.get(model.TaskStatus, data_dict["id"]) if data_dict.get("id") else None
    entity = task.entity_id if task else data_dict.get("entity_id")
    if not caller_of(context).internal:
        if not model.Resource.get(entity or ""):
            return {"success": False}
        if not authz.is_authorized_boolean("resource_update", context, {"id": entity}):
            return {"success": False}
    return next_auth(context, data_dict)


def runs_source(context: Any, source_id: str) -> bool:
    """May the caller run this harvest source? CKAN's own rule: whoever may edit it."""
    if caller_of(context).internal:
        return True
    asked: Any = {"user": context.get("user") or "", "auth_user_obj": context.get("auth_user_obj")}
    return authz.is_authorized_boolean("package_update", asked, {"id": source_id})


@_chained
@tk.auth_allow_anonymous_access
def harvest_object_show(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """A harvested original quotes addresses and credentials: for those who run the source."""
    from ckanext.harvest.model import HarvestObject

    found: Any
    if data_dict.get("id"):
        found = HarvestObject.get(data_dict["id"])
    else:
        package = model.Package.get(data_dict.get("dataset_id") or "")  # by id or name, as the action does
        harvested = model.Session.query(HarvestObject).filter_by(current=True)
        found = harvested.filter_by(package_id=package.id).first() if package else None
    if found is None or runs_source(context, found.harvest_source_id):
        return next_auth(context, data_dict)
    return {"success": False}


def _collaborators(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """CKAN asserts that dataset and caller exist (``ckan/logic/auth``): an error 500 without an account."""
    if not model.Package.get(data_dict.get("id")) or not model.User.get(context.get("user") or ""):
        return {"success": False}
    return next_auth(context, data_dict)


@_chained
def user_invite(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """CKAN reads ``group_id`` before it asks whether there is one: an error 500."""
    return next_auth(context, data_dict) if data_dict.get("group_id") else {"success": False}


@_chained
def harvest_job_list(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """The jobs of all sources are for sysadmins, whom CKAN does not ask."""
    return next_auth(context, data_dict) if data_dict.get("source_id") else {"success": False}


@_chained
def _sysadmins_only(next_auth: AuthFunction, context: Any, data_dict: dict[str, Any]) -> Auth:
    """As ckanext-harvest means it; its own break where the caller has no account, or (``log_list``) are the
    action itself, called in a circle."""
    return {"success": False}


_OF_SYSADMINS = (
    "job_create_all",
    "job_abort",
    "jobs_run",
    "objects_import",
    "sources_reindex",
    "sources_clear",
)
_OF_SYSADMINS = (*_OF_SYSADMINS, "log_list")


def file_allows(context: Any, owner_type: str | None, owner_id: str | None) -> bool | None:
    """``False`` where a file's owner is a locked resource, or a dataset that holds one; else no opinion."""
    caller = caller_of(context)
    if caller.internal or not owner_id:
        return None
    answer = None
    if owner_type == "resource":
        answer = verdict(caller.viewer, owner_id, Purpose.DOWNLOAD)
    elif owner_type == "package":
        answer = first_refusal(caller.viewer, owner_id, Purpose.DOWNLOAD)
    if answer is None or answer.allowed:
        return None
    refuse(answer)
    return False


def _signed_in(context: Any, data_dict: dict[str, Any]) -> Auth:
    """Whoever has an account may call; what is shown or changed is looked at row by row (``requesting``,
    ``granting``), and what one may not see answers as if it did not exist."""
    return {"success": caller_of(context).viewer.signed_in}


#: Actions of grants and requests, all for signed-in people.
_SIGNED_IN = (
    "idgo_access_request_create",
    "idgo_access_request_list",
    "idgo_access_request_show",
    "idgo_access_request_withdraw",
    "idgo_access_request_decide",
    "idgo_access_grant_create",
    "idgo_access_grant_list",
    "idgo_access_grant_revoke",
    "idgo_access_log_list",
)


def functions() -> dict[str, AuthFunction]:
    """Ours, and chains on those of the extensions that are loaded."""
    found: dict[str, Any] = {
        "idgo_access_decision_show": idgo_access_decision_show,
        "resource_view_show": resource_view_show,
        "task_status_show": task_status_show,
        "user_invite": user_invite,
        **dict.fromkeys(_SIGNED_IN, _signed_in),
        "package_collaborator_create": _chained(_collaborators),
        "package_collaborator_delete": _chained(_collaborators),
        "package_collaborator_list": _chained(_collaborators),
    }
    if p.plugin_loaded("datastore"):
        found |= {
            "datastore_search": datastore_search,
            "datastore_info": datastore_info,
            "datastore_search_sql": datastore_search_sql,
        }
    if p.plugin_loaded("validation"):
        found["resource_validation_show"] = resource_validation_show
    if p.plugin_loaded("harvest"):
        found |= {"harvest_object_show": harvest_object_show, "harvest_job_list": harvest_job_list}
        found |= {f"harvest_{name}": _sysadmins_only for name in _OF_SYSADMINS}
    return found


def schema_of(context: Any) -> Any:
    """The schema a caller of ``package_show`` chose (``use_default_schema``), if any."""
    return context.get("schema")
