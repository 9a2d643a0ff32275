"""Actions: our own, and those of CKAN whose answers could give content away.

One of the two modules that touch ``context`` (the other is ``auth``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.idgo.access.core.decide import Purpose, Reason, Verdict
from ckanext.idgo.access.core.masks import is_masked, mask_dataset, strip_marks
from ckanext.idgo.access.core.tiers import read_tier
from ckanext.idgo.access.plugin import (
    actions_datastore,
    actions_hiding,
    auth,
    grant_actions,
    harvest_actions,
    history,
    masking,
    request_actions,
    reuse,
)
from ckanext.idgo.access.plugin.facts import locate, read_beside
from ckanext.idgo.access.plugin.verdicts import judge, verdict, verdicts

Action = Callable[..., Any]

#: What ``resource_search`` may ask about: the public fields of a locked resource, and nothing that would let
#: somebody guess an address or a hash letter by letter, or sort by them.
SEARCHABLE = frozenset({"id", "name", "description", "format", "size", "package_id", "created", "position"})


@tk.side_effect_free
def idgo_access_decision_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """May the caller have the content of a resource?

    :param id: the resource's id
    :returns: ``{"id", "allowed": bool, "reason": code, "tier": word or None, "clip": codes or None}``; codes
        of reasons: ``docs/acces.md``; ``clip``: the territory a grant is limited to
    :raises: ``ObjectNotFound`` where the resource does not exist or must look so
    """
    resource_id = tk.get_or_bust(data_dict, "id")
    caller = auth.caller_of(context)
    located = locate([resource_id]).get(resource_id)
    if located is None:
        raise tk.ObjectNotFound
    try:
        tk.check_access("idgo_access_decision_show", context, data_dict)
    except tk.NotAuthorized as error:
        raise tk.ObjectNotFound from error
    answer = judge(caller.viewer, located, Purpose.DESCRIBE)
    tier = read_tier(located.facts.tier, located.facts.dataset_tier)
    return {
        "id": resource_id,
        "allowed": answer.allowed,
        "reason": answer.reason.value,
        "tier": tier.value if tier else None,
        "clip": None if answer.clip is None else sorted(answer.clip),
    }


def _hidden_as_absent(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """What may not be seen answers like what does not exist, unless the operator chose to reveal it."""
    try:
        return next_action(context, data_dict)
    except tk.NotAuthorized as error:
        if tk.config.get("ckan.auth.reveal_private_datasets"):
            raise
        raise tk.ObjectNotFound from error


@tk.chained_action
@tk.side_effect_free
def package_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A dataset the caller may not see answers like one that does not exist."""
    return _hidden_as_absent(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def resource_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A resource the caller may not see answers like one that does not exist."""
    return _hidden_as_absent(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def package_search(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Masked results, with what this caller may see brought back from the database."""
    asked = data_dict.get("use_default_schema")  # CKAN takes it out of ``data_dict``
    found = next_action(context, data_dict)
    if auth.exporting(context):
        found["results"] = masking.export_results(found["results"])
    elif masking.locked_ids(found["results"]):
        default_schema = tk.asbool(asked or False)
        viewer = auth.caller_of(context).viewer
        masking.unlock_results(found["results"], viewer, default_schema=default_schema)
    return found


@tk.chained_action
@tk.side_effect_free
def resource_search(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Search on public fields only, and mask what is found."""
    caller = auth.caller_of(context)
    query = data_dict.get("query") or []
    asked = {str(part).split(":", 1)[0] for part in ([query] if isinstance(query, str) else query)}
    asked |= {str(data_dict["order_by"])} if data_dict.get("order_by") else set()
    if not caller.internal and not asked <= SEARCHABLE:
        raise tk.ValidationError({"query": [tk._("This field cannot be searched")]})
    found = next_action(context, data_dict)
    if not context.get("search_query"):
        _mask_resources(found["results"], caller)
    return found


def _mask_resources(resources: list[dict[str, Any]], caller: auth.Caller) -> None:
    answers = verdicts(caller.viewer, [r["id"] for r in resources])
    for i, resource in enumerate(resources):
        answer = answers[resource["id"]]
        if caller.internal:
            continue
        seen = masking.allowed_view if answer.allowed else masking.refused_view
        resources[i] = seen(resource, answer)


@tk.chained_action
@tk.side_effect_free
def resource_view_list(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """No view of what is locked. A refusal here would break the public dataset page."""
    views = _hidden_as_absent(next_action, context, data_dict)
    caller = auth.caller_of(context)
    read_beside(data_dict["id"])
    if caller.internal or verdict(caller.viewer, data_dict["id"], Purpose.PREVIEW).allowed:
        return views
    return []


@tk.chained_action
@tk.side_effect_free
def dataset_followee_list(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Followed datasets are read from the database by CKAN: masked for everybody."""
    return [mask_dataset(dataset) for dataset in next_action(context, data_dict)]


def _refuse_taken(action: str, context: Any, data_dict: dict[str, Any], package_id: str | None) -> None:
    """An identifier that was another resource's brings its file along: refused, to those who may write."""
    found = reuse.taken(data_dict.get("resources"), package_id)
    if found:
        tk.check_access(action, context, data_dict)
        raise reuse.error(found)


@tk.chained_action
def package_create(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A new dataset carries none of our marks, and nobody's old file."""
    _refuse_taken("package_create", context, data_dict, None)
    for resource in data_dict.get("resources") or []:
        if isinstance(resource, dict):
            strip_marks(resource)
    return next_action(context, data_dict)


@tk.chained_action
def package_update(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Every change of a dataset passes here (patch, revise, resource_*): masking must never destroy data."""
    caller = auth.caller_of(context)
    package = model.Package.get(data_dict.get("id") or data_dict.get("name") or "")
    _refuse_taken("package_update", context, data_dict, package.id if package else None)
    if package is not None:
        masking.keep_hidden(data_dict, package.id, caller.viewer, internal=caller.internal)
    original = context.get("original_package") or {}
    if any(is_masked(r) for r in original.get("resources") or []):
        context.pop("original_package")
    updated = next_action(context, data_dict)
    if isinstance(updated, dict) and not caller.internal:
        masking.show(updated, caller.viewer, internal=False)
    return updated


@tk.chained_action
def activity_create(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """What is kept of a dataset whose resources are not open is its public view."""
    if "data" in data_dict:
        data_dict["data"] = history.recorded(data_dict["data"])
    return next_action(context, data_dict)


def _redact_list(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    if actions_hiding.hidden(context, data_dict.get("id")):
        data_dict["id"] = actions_hiding.nothing()
    activities = next_action(context, data_dict)
    clean = history.redact([a.get("data") for a in activities], auth.caller_of(context).viewer)
    for activity, data in zip(activities, clean, strict=True):
        if "data" in activity:
            activity["data"] = data
    return activities


def _redacting(name: str) -> Action:
    @tk.chained_action
    @tk.side_effect_free
    def listing(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        return _redact_list(next_action, context, data_dict)

    listing.__name__ = name
    return listing


@tk.chained_action
@tk.side_effect_free
def activity_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """The activity as this caller may read it."""
    data_dict.setdefault("include_data", False)  # CKAN's authorisation reads it without asking: an error 500
    activity = next_action(context, data_dict)
    if "data" in activity:
        activity["data"] = history.redact([activity["data"]], auth.caller_of(context).viewer)[0]
    return activity


@tk.chained_action
@tk.side_effect_free
def activity_data_show(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """The recorded dataset as this caller may read it."""
    data = next_action(context, data_dict)
    viewer = auth.caller_of(context).viewer
    if data_dict.get("object_type") == "package":
        return history.redact([{"package": data}], viewer)[0]["package"]
    return history.redact([data], viewer)[0]


@tk.chained_action
@tk.side_effect_free
def activity_diff(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """A difference cannot be masked line by line: refused where either side holds something hidden."""
    found = next_action(context, data_dict)
    before = [activity.get("data") for activity in found["activities"]]
    if history.redact(before, auth.caller_of(context).viewer) != before:
        auth.refuse(Verdict(False, Reason.MEMBERS_ONLY))
        raise tk.NotAuthorized
    return found


def _member_delete(name: str) -> Action:
    """CKAN asserts that the group exists (``logic/action/delete.py``): a wrong name was an error 500."""

    @tk.chained_action
    def member_delete(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        if not model.Group.get(data_dict.get("id")):
            raise tk.ObjectNotFound
        return next_action(context, data_dict)

    member_delete.__name__ = name
    return member_delete


_ACTIVITY_LISTS = (
    "package_activity_list",
    "user_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "recently_changed_packages_activity_list",
    "dashboard_activity_list",
)


def actions() -> dict[str, Action]:
    """Ours, and chains on those of the extensions that are loaded."""
    core = [
        idgo_access_decision_show,
        package_show,
        resource_show,
        package_search,
        resource_search,
        resource_view_list,
        dataset_followee_list,
        package_create,
        package_update,
        *(_member_delete(f"{kind}_member_delete") for kind in ("group", "organization")),
    ]
    if p.plugin_loaded("activity"):
        core += [activity_create, activity_show, activity_data_show, activity_diff]
        core += [_redacting(name) for name in _ACTIVITY_LISTS]
    extra = harvest_actions.actions() if p.plugin_loaded("harvest") else {}
    extra |= actions_datastore.actions() if p.plugin_loaded("datastore") else {}
    ours = {**request_actions.actions(), **grant_actions.actions()}
    return {**{function.__name__: function for function in core}, **ours, **extra}
