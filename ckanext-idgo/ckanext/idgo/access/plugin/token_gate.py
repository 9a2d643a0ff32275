"""The one place where a token's scope is enforced: at the door, before any view (issue 4).

A token limited to reading passes to actions without side effects and to the pages named here. Whatever is
not named, the views of rooms to come included, wants a token that may write.
"""

from __future__ import annotations

from ckan import logic
from flask import request

from ckanext.idgo.access.core.scopes import Ask
from ckanext.idgo.access.plugin import tokens
from ckanext.idgo.access.plugin.surface import Gives, gives

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: Actions without side effects whose answers are content, or quote it, beside what ``decide`` guards; and
#: those that tell of people what only their owner or a referent reads: neither is a dataset's metadata.
CONTENT_ACTIONS = frozenset(
    {
        "api_token_list",
        "dashboard_activity_list",
        "idgo_membership_referents_list",
        "idgo_membership_request_list",
        "idgo_membership_request_show",
        "idgo_notices_list",
        "idgo_notices_outbox_list",
        "member_list",
        "harvest_object_show",
        "harvest_source_show",
        "idgo_forms_deposit_changes",
        "idgo_forms_deposit_list",
        "idgo_forms_deposit_show",
        "job_list",
        "job_show",
        "resource_validation_show",
        "task_status_show",
    }
)

#: Blueprints whose views called with a safe method describe, and change nothing.
READING = frozenset(
    {"dcat", "feeds", "home", "idgo", "idgo_catalogue", "idgo_metadata", "static", "webassets"}
)
#: Views of other blueprints that do: CKAN's blueprints mix them with forms and with links that act.
READING_VIEWS = frozenset(
    {"index", "read", "search", "resources", "views", "about", "members", "admins", "followers", "groups"}
    | {"organizations", "read_groups", "read_organizations"}
)
READING_BLUEPRINTS = frozenset({"dataset", "group", "organization", "user", "resource"})
READING_MORE = frozenset({"util.internal_redirect"})


def _asks_of_action(name: str) -> Ask | None:
    try:
        action = logic.get_action(name)
    except KeyError:
        return None  # CKAN says that there is none
    if not getattr(action, "side_effect_free", False):
        return Ask.CHANGE
    return Ask.CONTENT if name in CONTENT_ACTIONS else Ask.DESCRIPTION


def _asks_of_view(endpoint: str) -> Ask:
    if request.method not in SAFE_METHODS:
        return Ask.CHANGE
    blueprint, _, view = endpoint.rpartition(".")
    kind = gives(endpoint, frozenset(request.view_args or {}))
    if kind in (Gives.FILE, Gives.HISTORY, Gives.HARVESTED):
        return Ask.CONTENT
    if kind is Gives.CONTENT:  # the verdict is asked with a viewer who sees no content
        own = blueprint.startswith("idgo_") and endpoint != "idgo_viewer.preview"
        return Ask.CHANGE if own else Ask.DESCRIPTION
    named = endpoint in READING_MORE or (blueprint or endpoint) in READING
    family = blueprint.removesuffix("_resource").rpartition("_")[2] if blueprint else ""
    listed = (family in READING_BLUEPRINTS or blueprint.endswith("_resource")) and view in READING_VIEWS
    return Ask.DESCRIPTION if named or listed else Ask.CHANGE


def refuses() -> bool:
    """Whether the token that the request came with does not cover what it asks."""
    facts = tokens.of_request()
    if facts is None or request.endpoint is None:
        return False
    if request.blueprint == "api":
        name = (request.view_args or {}).get("logic_function")
        asks = _asks_of_action(name) if name else Ask.DESCRIPTION
        return asks is not None and not facts.covers(asks)
    return not facts.covers(_asks_of_view(request.endpoint))
