"""Actions of the catalogue room, and the guard around ``package_search``."""

from __future__ import annotations

import logging
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context
from flask import g, has_request_context

from ckanext.idgo.catalogue.core import sorting
from ckanext.idgo.catalogue.core.shapes import wrong_shape
from ckanext.idgo.catalogue.plugin.alternatives import alternatives
from ckanext.idgo.catalogue.plugin.search import SOME_WORDS, SearchRefusedError, may_relax, refused
from ckanext.idgo.catalogue.plugin.suggest import suggestions

log = logging.getLogger(__name__)


@tk.chained_action
@tk.side_effect_free
def package_search(original: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """CKAN's own, with errors a person can read: Solr's text, which holds its address and a stack trace,
    goes to the log only.

    :param ext_bbox: ``west,south,east,north`` in degrees, WGS 84: datasets that touch the box
    :param ext_territory: code of a territory: datasets declared on it, in it or on what contains it

    Every word must be found. Where that leaves nothing, datasets that hold some of the words are given, the
    nearest first, and the answer has ``"relaxed": true``; ``mm`` (``"100%"``) asked for by name is kept to.
    """
    wrong = wrong_shape(data_dict)
    if wrong:
        return _refuse(context, data_dict, refused(*wrong))
    data_dict = {name: value for name, value in data_dict.items() if value is not None}
    asked = dict(data_dict)
    try:
        found = original(context, data_dict)
        if found["count"] == 0 and may_relax(asked):
            found = {**original(context, {**asked, "mm": SOME_WORDS}), "relaxed": True}
            if found["count"] and _on_page(context):
                g.idgo_search_note = tk._(
                    "No dataset holds all these words: here are those that hold some of them."
                )
        return found
    except SearchRefusedError as error:
        return _refuse(context, data_dict, error)
    except SearchError as error:
        log.warning("Search refused by Solr: %s", error)
        message = tk._(
            "This search cannot be read. Remove special signs (quotes, brackets, colons) and try again."
        )
        return _refuse(context, data_dict, SearchRefusedError("q", message))


def _refuse(context: Any, data_dict: dict[str, Any], error: SearchRefusedError) -> dict[str, Any]:
    """In the API, CKAN's envelope with the parameter's name. On a page, the reason is kept for
    ``h.idgo_search_problem()``: the search page shows it (``query_error``), the others nothing found, because
    CKAN's page of an organisation does not stand an error (it is a 500)."""
    if context.get("api_version"):
        raise tk.ValidationError({error.field: [str(error)]}) from error
    if not _on_page(context):
        raise error
    g.idgo_search_problem = str(error)
    if str(tk.request.endpoint).endswith(".search"):
        raise error
    fields = data_dict.get("facet.field") or []
    empty = {field: {"title": field, "items": []} for field in fields if isinstance(field, str)}
    return {"count": 0, "results": [], "facets": {}, "search_facets": empty, "sort": sorting.DEFAULT}


def _on_page(context: Any) -> bool:
    return bool(context.get("for_view")) and has_request_context()


@tk.side_effect_free
def idgo_catalogue_suggest(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Suggestions for what is being typed; accents, case and the order of words do not count.

    :param q: what was typed so far (the first 100 characters are read)
    :param kind: ``dataset keyword theme organization territory``; empty: all of them
    :param limit: rows in each group, 1 to 20 (default: ``ckanext.idgo.catalogue.suggest_limit``)
    :rtype: ``{"groups": [{"group", "items": [{"label", "detail", "url", "value", "kind"}]}]}``, only datasets
        the caller may see
    """
    tk.check_access("idgo_catalogue_suggest", context, {})
    return suggestions(_searcher(context), data_dict)


@tk.side_effect_free
def idgo_catalogue_alternatives(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ways on from a search that found nothing, each with the number of datasets it would find.

    :param q: what was typed
    :param filters: ``{facet: [values]}`` in force
    :param ext_territory: code of the territory in force
    :param ext_bbox: box in force
    :rtype: ``{"spelling": {"q", "count"} or None, "wider": [{"territory", "label", "count"}], "without":
        [{"facet", "value", "label", "count"}]}``, only what finds something
    """
    tk.check_access("idgo_catalogue_alternatives", context, {})
    return alternatives(_searcher(context), data_dict)


def _searcher(context: Context) -> Any:
    """``package_search`` as the caller: same rights, same filters of other plugins."""
    identity = ("user", "auth_user_obj", "ignore_auth")
    asked_by = cast(Context, {key: value for key, value in context.items() if key in identity})
    action = tk.get_action("package_search")
    include_private = tk.config["ckan.search.default_include_private"]
    return lambda **params: action(asked_by.copy(), {"include_private": include_private, **params})
