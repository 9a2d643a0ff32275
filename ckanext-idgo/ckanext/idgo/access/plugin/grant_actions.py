"""Actions ``idgo_access_grant_*`` and the log: what is given, to whom, until when (``docs/api.md``)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.core import requests as rules
from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.plugin import auth, describing, granting, paging
from ckanext.idgo.access.plugin.model import AccessGrant, AccessLog
from ckanext.idgo.access.plugin.request_actions import decided_for
from ckanext.idgo.common.core.errors import N_, NotThere
from ckanext.idgo.common.plugin.envelope import in_envelope

Data = dict[str, Any]


def _viewer(context: Any, action: str, data_dict: Data) -> Viewer:
    tk.check_access(f"idgo_access_{action}", context, data_dict)
    return auth.caller_of(context).viewer


@in_envelope
def idgo_access_grant_create(context: Any, data_dict: Data) -> list[Data]:
    """Give access without a request.

    :param dataset: name or id; or :param resources: list of ids
    :param user: name or id; or :param organization: name or id
    :param reason: kept in the log
    :param until: (optional) last day, ``YYYY-MM-DD``; :param territory: (optional) list of codes
    :returns: the grants, one for each thing given
    """
    viewer = _viewer(context, "grant_create", data_dict)
    return describing.grants(granting.create(viewer, data_dict), viewer, decider=True)


@tk.side_effect_free
@in_envelope
def idgo_access_grant_list(context: Any, data_dict: Data) -> Data:
    """My grants (to me, and to my organisations); with ``organization``, those an organisation gave.

    :param dataset: (optional) name or id; :param state: (optional) ``current``, ``ended`` or ``revoked``
    :returns: ``{"count", "results"}``, the newest first
    """
    viewer = _viewer(context, "grant_list", data_dict)
    query = model.Session.query(AccessGrant)
    decider = bool(data_dict.get("organization"))
    if decider:
        owner = decided_for(viewer, data_dict["organization"])
        query = query.filter(AccessGrant.organization_id == owner)
    else:
        query = query.filter(granting.of_viewer(viewer))
    if data_dict.get("dataset"):
        query = query.filter(AccessGrant.package_id == _package_id(data_dict["dataset"]))
    if data_dict.get("state"):
        query = query.filter(
            granting.in_state(rules.read_choice(data_dict["state"], "state", rules.GRANT_STATES))
        )
    rows, count = paging.page(query.order_by(AccessGrant.created.desc(), AccessGrant.id), data_dict)
    return {"count": count, "results": describing.grants(rows, viewer, decider=decider)}


def _package_id(name_or_id: object) -> str:
    """An unknown dataset has no grants: the answer tells nothing of what exists."""
    if not isinstance(name_or_id, str) or "\x00" in name_or_id:
        raise NotThere("unknown-item", N_("This dataset or resource does not exist."))
    package = model.Package.get(name_or_id)
    return package.id if package else name_or_id


@in_envelope
def idgo_access_grant_revoke(context: Any, data_dict: Data) -> Data:
    """Take a grant back (deciders of the owner, with a ``reason``), or give it back (its holder)."""
    viewer = _viewer(context, "grant_revoke", data_dict)
    grant, decider = granting.revoke(viewer, tk.get_or_bust(data_dict, "id"), data_dict.get("reason"))
    return describing.grants([grant], viewer, decider=decider)[0]


@tk.side_effect_free
@in_envelope
def idgo_access_log_list(context: Any, data_dict: Data) -> Data:
    """Who asked, gave, refused or took back what, in an organisation one decides for; the newest first."""
    viewer = _viewer(context, "log_list", data_dict)
    owner = decided_for(viewer, tk.get_or_bust(data_dict, "organization"))
    query = model.Session.query(AccessLog).filter(AccessLog.organization_id == owner)
    rows, count = paging.page(query.order_by(AccessLog.at.desc(), AccessLog.id), data_dict)
    return {"count": count, "results": describing.log(rows, viewer)}


def actions() -> dict[str, Any]:
    found = (
        idgo_access_grant_create,
        idgo_access_grant_list,
        idgo_access_grant_revoke,
        idgo_access_log_list,
    )
    return {function.__name__: function for function in found}
