"""Ways on from a search that found nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.idgo.catalogue.core.spelling import closest, fuzzy_query, fuzzy_words, respelled
from ckanext.idgo.catalogue.plugin.labels import facet_label
from ckanext.idgo.catalogue.plugin.search import EVERY_WORD
from ckanext.idgo.common.core.territories import Territories

Search = Callable[..., dict[str, Any]]

# Each way is a search of its own: a page that found nothing makes at most so many.
_MAX_WORDS = 4
_MAX_FILTERS = 6
_TITLES_READ = 50


def alternatives(search: Search, request: dict[str, Any]) -> dict[str, Any]:
    """See the action ``idgo_catalogue_alternatives``."""
    q = str(request.get("q") or "")
    filters = {k: [v] if isinstance(v, str) else list(v) for k, v in (request.get("filters") or {}).items()}
    place = {k: request[k] for k in ("ext_territory", "ext_bbox") if request.get(k)}
    return {
        "spelling": _spelling(search, q, filters, place),
        "wider": _wider(search, q, filters, place),
        "without": _without(search, q, filters, place),
    }


def _fq(filters: dict[str, list[str]]) -> str:
    pairs = (
        (field, value.replace('"', "").replace("\\", "")) for field, vs in filters.items() for value in vs
    )
    return " ".join(f'+{field}:"{value}"' for field, value in pairs if field.replace("_", "").isalnum())


def _count(search: Search, q: str, filters: dict[str, list[str]], place: dict[str, Any]) -> int:
    return search(q=q, fq=_fq(filters), rows=0, facet="false", mm=EVERY_WORD, **place)["count"]


def _spelling(
    search: Search, q: str, filters: dict[str, list[str]], place: dict[str, Any]
) -> dict[str, Any] | None:
    better = {}
    for word in fuzzy_words(q)[:_MAX_WORDS]:
        if _count(search, word, {}, {}):
            continue
        near = search(
            q=fuzzy_query(word), defType="lucene", fl=["title", "tags"], rows=_TITLES_READ, facet="false"
        )
        texts = [text for d in near["results"] for text in (d.get("title") or "", *(d.get("tags") or ()))]
        found = closest(word, texts)
        if found:
            better[word] = found
    corrected = respelled(q, better)
    if not corrected:
        return None
    count = _count(search, corrected, filters, place)
    return {"q": corrected, "count": count} if count else None


def _wider(
    search: Search, q: str, filters: dict[str, list[str]], place: dict[str, Any]
) -> list[dict[str, Any]]:
    """The territories above the one asked for, while each finds more than the one below."""
    places, found, most = Territories.load(), [], 0
    for code in places.ancestors(str(place.get("ext_territory", ""))):
        count = _count(search, q, filters, {"ext_territory": code})
        if count > most:
            most = count
            found.append({"territory": code, "label": places.label(code), "count": count})
    return found


def _without(
    search: Search, q: str, filters: dict[str, list[str]], place: dict[str, Any]
) -> list[dict[str, Any]]:
    found = []
    pairs = [(field, value) for field, values in filters.items() for value in values]
    for field, value in pairs[:_MAX_FILTERS]:
        fewer = {f: [v for v in vs if (f, v) != (field, value)] for f, vs in filters.items()}
        count = _count(search, q, fewer, place)
        if count:
            found.append({"facet": field, "value": value, "label": facet_label(field, value), "count": count})
    return found
