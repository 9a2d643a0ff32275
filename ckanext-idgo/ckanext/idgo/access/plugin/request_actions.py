"""Actions ``idgo_access_request_*``: asking for access, and answering (``docs/api.md``)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.core import requests as rules
from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.plugin import auth, describing, paging, requesting
from ckanext.idgo.access.plugin.deciders import decides_for, organisation
from ckanext.idgo.access.plugin.model import AccessRequest
from ckanext.idgo.common.core.errors import N_, NotThere
from ckanext.idgo.common.plugin.envelope import in_envelope

Data = dict[str, Any]


def _viewer(context: Any, action: str, data_dict: Data) -> Viewer:
    tk.check_access(f"idgo_access_{action}", context, data_dict)
    return auth.caller_of(context).viewer


def _shown(row: AccessRequest, viewer: Viewer) -> Data:
    return describing.request(row, viewer, decider=decides_for(viewer, row.organization_id))


@in_envelope
def idgo_access_request_create(context: Any, data_dict: Data) -> Data:
    """Ask for access to a dataset, or to several resources of one owner.

    :param dataset: name or id; or :param resources: list of ids
    :param purpose: a code of ``core.requests.PURPOSES``; :param message: what the data is for
    :param accept_license: true
    :param for_organization: (optional) ask for an organisation one is a member of
    :param territory: (optional) list of codes; :param until: (optional) last day, ``YYYY-MM-DD``
    :param renews: (optional) id of the grant to renew, instead of naming what it is about
    :returns: the request
    """
    viewer = _viewer(context, "request_create", data_dict)
    return _shown(requesting.create(viewer, data_dict), viewer)


@tk.side_effect_free
@in_envelope
def idgo_access_request_list(context: Any, data_dict: Data) -> Data:
    """My requests; with ``organization`` (name or id), those of an organisation I decide for.

    :param state: (optional) ``pending``, ``granted``, ``refused`` or ``withdrawn``
    :returns: ``{"count", "results"}``; those that wait longest first, then the newest
    """
    viewer = _viewer(context, "request_list", data_dict)
    query = model.Session.query(AccessRequest)
    decider = bool(data_dict.get("organization"))
    if decider:
        query = query.filter(AccessRequest.organization_id == decided_for(viewer, data_dict["organization"]))
    else:
        query = query.filter(AccessRequest.requester_id == viewer.id)
    state = data_dict.get("state")
    if state:
        query = query.filter(AccessRequest.state == rules.read_choice(state, "state", rules.STATES))
    oldest_first = state == "pending" and decider
    order = AccessRequest.created.asc() if oldest_first else AccessRequest.created.desc()
    rows, count = paging.page(query.order_by(order, AccessRequest.id), data_dict)
    return {"count": count, "results": describing.requests(rows, viewer, decider=decider)}


def decided_for(viewer: Viewer, name_or_id: object) -> str:
    """The id of an organisation the viewer decides for; any other looks as if it did not exist."""
    found = organisation(name_or_id)
    if found is None or not decides_for(viewer, found.id):
        raise NotThere("unknown-organization", N_("This organization does not exist."))
    return found.id


@tk.side_effect_free
@in_envelope
def idgo_access_request_show(context: Any, data_dict: Data) -> Data:
    """One request with ``history`` and ``grants``, for who asked and who decides."""
    viewer = _viewer(context, "request_show", data_dict)
    row, decider = requesting.visible(viewer, tk.get_or_bust(data_dict, "id"))
    return describing.request(row, viewer, decider=decider)


@in_envelope
def idgo_access_request_withdraw(context: Any, data_dict: Data) -> Data:
    """Take one's own waiting request back."""
    viewer = _viewer(context, "request_withdraw", data_dict)
    return _shown(requesting.withdraw(viewer, tk.get_or_bust(data_dict, "id")), viewer)


@in_envelope
def idgo_access_request_decide(context: Any, data_dict: Data) -> Data:
    """Answer a request, once.

    :param decision: ``grant`` or ``refuse``; :param reason: needed to refuse
    :param until, territory: (optional) as asked when absent; empty: no limit
    :param resources: (optional) give these only; :param grantee: (optional) ``person`` or ``organization``
    :returns: the request, with ``grants``
    """
    viewer = _viewer(context, "request_decide", data_dict)
    tk.get_or_bust(data_dict, ["id", "decision"])
    return _shown(requesting.decide(viewer, data_dict), viewer)


def actions() -> dict[str, Any]:
    found = (
        idgo_access_request_create,
        idgo_access_request_list,
        idgo_access_request_show,
        idgo_access_request_withdraw,
        idgo_access_request_decide,
    )
    return {function.__name__: function for function in found}
