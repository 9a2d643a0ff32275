"""Between CKAN's search and the rules of ``core``: what goes into the index, what a search becomes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError

from ckanext.idgo.catalogue.core.box import intersects_filter, overlap_boost, parse_box
from ckanext.idgo.catalogue.core.indexing import additions, formats, trimmed
from ckanext.idgo.catalogue.core.query import EVERYTHING, safe_query
from ckanext.idgo.catalogue.core.sorting import parse_sort
from ckanext.idgo.catalogue.core.territory import territory_boost, territory_filter
from ckanext.idgo.catalogue.plugin.labels import labels_of
from ckanext.idgo.common.core.errors import BadInput
from ckanext.idgo.common.core.territories import Territories

# Every word typed must be found ("eau potable" is a part of "eau"); operators decide for themselves.
EVERY_WORD = "100%"
AS_WRITTEN = "0%"
# Where no dataset holds every word: all but one of them, from five words on 60 %.
SOME_WORDS = "1<-1 4<60%"


class SearchRefusedError(SearchError):
    """A search that cannot be run. ``field`` is the parameter at fault, the text is for a person."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def refused(field: str, error: BadInput) -> SearchRefusedError:
    return SearchRefusedError(field, tk._(error.template).format(**error.params))


def document_for_index(document: dict[str, Any]) -> dict[str, Any]:
    """``before_dataset_index``: the document with IDGO's fields. Addresses of resources are never touched:
    what the access room masks stays masked, whichever runs first."""
    dataset = json.loads(document["validated_data_dict"])
    document.update(additions(dataset, Territories.load(), labels_of))
    document["res_format"] = formats(document.get("res_format") or ())
    return trimmed(document)


def prepared(params: dict[str, Any]) -> dict[str, Any]:
    """``before_dataset_search``: the request as edismax understands it. Raises ``SearchRefusedError``."""
    _put_query(params)
    try:
        params["sort"] = parse_sort(params.get("sort"))
    except BadInput as error:
        raise refused("sort", error) from error
    extras = params.get("extras") or {}
    if extras.get("ext_bbox"):
        _put_box(params, extras["ext_bbox"])
    if extras.get("ext_territory"):
        _put_territories(params, extras["ext_territory"])
    return params


def may_relax(params: dict[str, Any]) -> bool:
    """True for two plain words or more, when the caller left the matching rule to us."""
    if any(params.get(name) for name in ("mm", "defType", "qf")) or _allowed_parser(params.get("q")):
        return False
    return safe_query(params.get("q"), tk.config["ckanext.idgo.catalogue.query_fields"]).can_relax


def _put_query(params: dict[str, Any]) -> None:
    if params.get("defType") or _allowed_parser(params.get("q")):
        return  # the caller speaks to Solr in its own terms
    query = safe_query(params.get("q"), tk.config["ckanext.idgo.catalogue.query_fields"])
    params["q"] = query.some if params.get("mm") == SOME_WORDS else query.text
    if query.text == EVERYTHING:
        return  # CKAN asks it with Solr's plain parser, which is the fastest
    params["defType"] = "edismax"
    params.setdefault("qf", tk.config["ckanext.idgo.catalogue.weights"])
    params.setdefault("mm", AS_WRITTEN if query.advanced else EVERY_WORD)


def _allowed_parser(q: str | None) -> bool:
    allowed = tk.config["ckan.search.solr_allowed_query_parsers"] or ()
    return bool(q) and any(str(q).lstrip().startswith("{!" + parser) for parser in allowed)


def _narrow(params: dict[str, Any], filter_: str, boost: str) -> None:
    params.setdefault("fq_list", []).append(filter_)
    # No boost where nothing is ranked: Solr would compute it for nothing.
    if boost != "1" and "score" in (params.get("sort") or "score"):
        params.setdefault("boost", []).append(boost)
        params.setdefault("defType", "edismax")  # the parser that knows boosts


def _put_box(params: dict[str, Any], text: str | list[str]) -> None:
    try:
        box = parse_box(text)
    except BadInput as error:
        raise refused("ext_bbox", error) from error
    _narrow(params, intersects_filter(box), overlap_boost(box))


def _put_territories(params: dict[str, Any], codes: str | Iterable[str]) -> None:
    places = Territories.load()
    for code in [codes] if isinstance(codes, str) else codes:
        try:
            _narrow(params, territory_filter(code, places), territory_boost(code, places))
        except BadInput as error:
            raise refused("ext_territory", error) from error
