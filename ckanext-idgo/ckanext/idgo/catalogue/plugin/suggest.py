"""Suggestions while typing, out of the index, the code lists, the organisations and the territories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.idgo.catalogue.core.suggestions import (
    KINDS,
    Row,
    best_titles,
    group,
    matching_counts,
    typed_words,
)
from ckanext.idgo.catalogue.core.text import matches_words
from ckanext.idgo.catalogue.plugin.labels import facet_label, language
from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.metadata.core import codelists

MAX_LIMIT = 20
# Titles are read beyond what is shown because a dataset may match by a keyword only; keywords because those
# of the datasets found are not all alike what was typed.
_TITLES_READ = 30
_KEYWORDS_READ = 200

Search = Callable[..., dict[str, Any]]


def suggestions(search: Search, request: dict[str, Any]) -> dict[str, Any]:
    """``{"groups": […]}`` for ``q``, ``kind`` and ``limit`` (see the action)."""
    typed = typed_words(str(request.get("q") or ""))
    kind = request.get("kind") or ""
    if kind and kind not in KINDS:
        raise tk.ValidationError(
            {"kind": [tk._("Unknown kind of suggestion. Known: {kinds}").format(kinds=", ".join(KINDS))]}
        )
    if not typed:
        return {"groups": []}
    limit = _limit(request.get("limit"))
    wanted = {kind} if kind else set(KINDS)
    groups: list[dict[str, Any] | None] = []
    if wanted & {"dataset", "keyword"}:
        groups += _from_index(search, typed, limit, wanted)
    if "theme" in wanted:
        groups.append(_themes(search, typed, limit))
    if "organization" in wanted:
        groups.append(_organizations(search, typed, limit))
    if "territory" in wanted:
        groups.append(_territories(str(request["q"]), limit))
    return {"groups": [g for g in groups if g]}


def _limit(asked: Any) -> int:
    try:
        limit = int(asked) if asked not in (None, "") else tk.config["ckanext.idgo.catalogue.suggest_limit"]
    except (TypeError, ValueError) as error:
        raise tk.ValidationError(
            {"limit": [tk._("The number of suggestions must be a whole number.")]}
        ) from error
    return max(1, min(limit, MAX_LIMIT))


def _from_index(
    search: Search, typed: list[str], limit: int, wanted: set[str]
) -> list[dict[str, Any] | None]:
    found = search(
        q=" ".join(typed),
        qf="title_prefix^2 tags_prefix",
        fl=["name", "title", "organization"],
        rows=_TITLES_READ,
        **{"facet.field": ["tags", "organization"], "facet.limit": _KEYWORDS_READ},
    )
    groups = []
    if "dataset" in wanted:
        names = {i["name"]: i["display_name"] for i in found["search_facets"]["organization"]["items"]}
        titles = best_titles(found["results"], typed, limit)
        groups.append(group(tk._("Datasets"), (_dataset(d, names) for d in titles)))
    if "keyword" in wanted:
        counts = {i["name"]: i["count"] for i in found["search_facets"]["tags"]["items"]}
        tags = matching_counts(counts, typed, limit)
        groups.append(group(tk._("Keywords"), (_counted("keyword", "tags", t, t, n) for t, n in tags)))
    return groups


def _dataset(found: Mapping[str, Any], organizations: dict[str, str]) -> Row:
    url = tk.h.url_for("dataset.read", id=found["name"])
    detail = organizations.get(found.get("organization") or "", "")
    return Row(found["title"], detail, url, found["name"], "dataset")


def _counted(kind: str, field: str, value: str, label: str, count: int) -> Row:
    detail = tk.ungettext("{n} dataset", "{n} datasets", count).format(n=count)
    return Row(label, detail, tk.h.url_for("dataset.search", **{field: value}), value, kind)


def _counts(search: Search, field: str) -> dict[str, int]:
    found = search(q="*:*", rows=0, **{"facet.field": [field], "facet.limit": -1})
    return {item["name"]: item["count"] for item in found["search_facets"][field]["items"]}


def _rows(search: Search, kind: str, labels: Iterable[tuple[str, str]], limit: int) -> Iterable[Row]:
    """Rows of matching codes, the most used first; one that leads to nothing is not suggested."""
    matching = dict(labels)
    if not matching:
        return ()
    counts = _counts(search, kind)
    used = sorted((-counts[value], label, value) for value, label in matching.items() if counts.get(value))
    return [_counted(kind, kind, value, label, -count) for count, label, value in used[:limit]]


def _themes(search: Search, typed: list[str], limit: int) -> dict[str, Any] | None:
    labels = [(e.code, facet_label("theme", e.code)) for e in codelists.load("themes")]
    matching = ((code, label) for code, label in labels if matches_words(label, typed))
    return group(tk._("Themes"), _rows(search, "theme", matching, limit))


def _organizations(search: Search, typed: list[str], limit: int) -> dict[str, Any] | None:
    known = (
        model.Session.query(model.Group.name, model.Group.title)
        .filter(model.Group.is_organization.is_(True), model.Group.state == "active")
        .all()
    )
    matching = ((name, title or name) for name, title in known if matches_words(title or name, typed))
    return group(tk._("Organizations"), _rows(search, "organization", matching, limit))


def _territories(text: str, limit: int) -> dict[str, Any] | None:
    places = Territories.load()
    kinds = codelists.load("territory_kinds")
    rows = (
        Row(
            places.label(found.code),
            kinds.label(found.kind, language()) if found.kind in kinds else found.kind,
            tk.h.url_for("dataset.search", ext_territory=found.code),
            found.code,
            "territory",
        )
        for found in places.search(text[:100], limit)
    )
    return group(tk._("Territories"), rows)
