"""``package_search`` on 20 000 datasets: ours against stock CKAN with ckanext-spatial, on the same Solr.

Both indexes are filled by CKAN's own document builder from the same generated datasets (same seed, same
words, same boxes); rounds alternate between the two and each question is asked with other words, so that
neither lives on Solr's caches. No package row is written: a search reads none.

Run inside CKAN's environment (``make bench``); takes some minutes and empties what it wrote.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

import ckan.lib.search.index as index_module
import ckan.plugins as p
from ckan.cli import load_config
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib.search import clear_all
from ckan.lib.search.common import make_connection
from ckan.logic import get_action
from ckan.tests import helpers

from ckanext.idgo.common.core.territories import Territories
from ckanext.idgo.metadata.core import codelists

DATASETS = 20_000
ROUNDS = 6
WARMING = 2  # rounds that do not count: Java compiles what it runs often, Solr reads its files
QUESTIONS = 25  # of each kind in a round
BATCH = 1_000
GOAL = 1.1
SITE = "idgo.bench"
OURS, STOCK = "ours", "stock"
SUGGEST = "suggestions while typing"
SUGGEST_GOAL_MS = 50

_NOUNS = """eau air sol forêt zone réseau route voie école crèche collège lycée stade musée parc jardin plage
port gare arrêt ligne station captage source rivière canal digue barrage pont tunnel carrière mine
déchet compost énergie éolienne bâtiment parcelle cadastre commune quartier secteur périmètre
servitude inondation incendie séisme bruit risque inventaire habitat espèce oiseau poisson vigne
verger culture élevage logement emploi population revenu commerce marché tourisme camping sentier
piste cyclable stationnement comptage accident sécurité hydrant éclairage fibre antenne
assainissement collecte tri ortho relief ombrage pente littoral"""
NOUNS = _NOUNS.split()
_QUALITIES = """potable usée protégée communal départementale régional annuel ancien nouveau provisoire
définitif public privé naturel agricole urbain rural industriel scolaire sanitaire
culturel sportif numérique géographique statistique détaillé généralisé historique
temporaire"""
QUALITIES = _QUALITIES.split()
FACETS = ["organization", "tags", "res_format", "license_id", "groups"]


def dataset(number: int, draw: random.Random, places: list[Any]) -> dict[str, Any]:
    """One dataset as ``package_show`` gives it; the same number always gives the same one."""
    place, noun = draw.choice(places), draw.choice(NOUNS)
    title = f"{noun.capitalize()} {draw.choice(QUALITIES)} : {place.name} ({number})"
    notes = " ".join(draw.choice(NOUNS) + " " + draw.choice(QUALITIES) for _ in range(30))
    west, south, east, north = place.bbox
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    organization = draw.randrange(60)
    extras = {
        "theme": draw.choice(codelists.load("themes").codes()),
        "territory": f'["{place.code}"]',
        "access_tier": draw.choice(("open", "open", "authenticated", "restricted")),
        "data_family": draw.choice(("geographic", "statistical", "smart")),
        "frequency": draw.choice(codelists.load("frequencies").codes()),
        "spatial": str({"type": "Polygon", "coordinates": [ring]}).replace("'", '"'),
    }
    resources = [
        {"id": f"r{number}-{i}", "name": f"{title} {form}", "format": form, "url": f"https://data.example/{number}.{i}",
         "description": "", "resource_type": ""}
        for i, form in enumerate(draw.sample(("CSV", "SHP", "GPKG", "GeoJSON", "WMS", "PDF"), 2))
    ]  # fmt: skip
    shown = {
        "id": f"bench-{number}",
        "name": f"bench-{number}",
        "title": title,
        "notes": notes,
        "tags": [{"name": tag} for tag in draw.sample(NOUNS, 3)],
        "groups": [],
        "license_id": draw.choice(("lov2", "odc-odbl", "other-closed")),
        "state": "active",
        "private": False,
        "type": "dataset",
        "organization": {"name": f"organisme-{organization}", "title": f"Organisme {organization}"},
        "resources": resources,
        "metadata_created": "2026-01-01T00:00:00",
        "metadata_modified": f"2026-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}T00:00:00",
    }
    plain = {**shown, "extras": [{"key": k, "value": v} for k, v in extras.items()]}
    return {**plain, "with_custom_schema": {**shown, **extras}}


class _Collector:
    """Stands for the connection of CKAN's index: sends documents by the thousand, visible to anyone."""

    def __init__(self) -> None:
        self._solr = make_connection()
        self._waiting: list[dict[str, Any]] = []

    def add(self, docs: list[dict[str, Any]], commit: bool) -> None:
        self._waiting += [{**doc, "permission_labels": ["public"]} for doc in docs]
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        self._solr.add(self._waiting, commit=False)
        self._waiting = []


def generated(count: int) -> Iterator[dict[str, Any]]:
    """The first ``count`` datasets, always the same ones, one at a time."""
    draw = random.Random(20_000)
    places = [place for place in Territories.load() if place.bbox]
    return (dataset(number, draw, places) for number in range(count))


def fill(datasets: Iterable[dict[str, Any]]) -> None:
    """Replace what the index of ``ckan.site_id`` holds by ``datasets``, published and visible to anyone."""
    clear_all()
    collector, index = _Collector(), index_module.PackageSearchIndex()
    # Without a package row there is nobody to ask for labels; 20 000 questions for nothing are spared.
    with (
        mock.patch.object(index_module, "make_connection", return_value=collector),
        mock.patch.object(index_module.model.Package, "get", return_value=None),
    ):
        for one in datasets:
            index.index_package(one, defer_commit=True)
    collector.flush()
    # One segment each: how Solr happens to cut an index while it is filled is not what is compared.
    make_connection().optimize(maxSegments=1)


def questions(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Questions of each kind, other ones for each ``seed``."""
    draw = random.Random(seed)
    common = {"rows": 20, "facet.field": FACETS}

    def box() -> str:
        west, south = draw.uniform(4.3, 7.0), draw.uniform(43.0, 44.6)
        return f"{west:.4f},{south:.4f},{west + 0.5:.4f},{south + 0.4:.4f}"

    def words() -> str:
        return f"{draw.choice(NOUNS)} {draw.choice(QUALITIES)}"

    make: dict[str, Callable[[], dict[str, Any]]] = {
        "home page": lambda: {"q": "*:*", "rows": 4, "sort": "metadata_modified desc",
                              "start": draw.randrange(500), "facet.field": FACETS},
        "one word": lambda: {"q": f"{draw.choice(NOUNS)}", "start": draw.randrange(200), **common},
        "two words": lambda: {"q": words(), **common},
        "filters": lambda: {"q": draw.choice(NOUNS), "start": draw.randrange(20), **common,
                            "fq": f'res_format:"CSV" organization:"organisme-{draw.randrange(60)}"'},
        "map box": lambda: {"q": "*:*", "extras": {"ext_bbox": box()}, **common},
        "word in map box": lambda: {"q": draw.choice(NOUNS), "extras": {"ext_bbox": box()}, **common},
    }  # fmt: skip
    return {kind: [one() for _ in range(QUESTIONS)] for kind, one in make.items()}


def _boot() -> None:
    """CKAN with the settings of the instance that runs, unless the caller has started it already."""
    if not config.get("solr_url"):
        ini = json.loads(Path(os.environ["IDGO_INSTANCE"]).read_text(encoding="utf-8"))["ckan_ini"]
        make_app(load_config(ini))


def _engines() -> dict[str, tuple[Any, str]]:
    """Plugins and Solr core of each: the instance's own plugins on IDGO's schema (the tests' core, so that
    the instance's catalogue is left alone), ckanext-spatial alone on CKAN's schema."""
    root = config["solr_url"].rsplit("/", 1)[0]
    return {
        OURS: (config["ckan.plugins"], f"{root}/ckan_test"),
        STOCK: ("spatial_query", f"{root}/ckan_stock"),
    }


@contextmanager
def _engine(plugins: Any, url: str) -> Iterator[None]:
    with mock.patch.dict(config, {"ckan.plugins": plugins, "solr_url": url, "ckan.site_id": SITE}):
        p.load_all()
        app = helpers._get_test_app()
        with app.flask_app.test_request_context("/"):
            yield
        p.unload_all()


def _suggest(seed: int) -> list[float]:
    """Milliseconds of suggestions for three or four letters, as an anonymous reader."""
    draw, times = random.Random(seed), []
    for _ in range(QUESTIONS):
        typed = draw.choice(NOUNS)[: draw.choice((3, 4))]
        start = time.perf_counter()
        get_action("idgo_catalogue_suggest")({"user": ""}, {"q": typed})
        times.append((time.perf_counter() - start) * 1000)
    return times


def _round(seed: int) -> dict[str, list[float]]:
    """Milliseconds of each question, by kind. The first of a round warms what a restart left cold."""
    get_action("package_search")({"user": ""}, {"q": "eau", "rows": 1})
    times: dict[str, list[float]] = {}
    for kind, asked in questions(seed).items():
        for question in asked:
            start = time.perf_counter()
            get_action("package_search")({"user": ""}, dict(question))
            times.setdefault(kind, []).append((time.perf_counter() - start) * 1000)
    return times


def measure(count: int = DATASETS) -> dict[str, dict[str, list[float]]]:
    """``{engine: {kind: [milliseconds]}}`` over ``count`` datasets."""
    _boot()
    engines = _engines()
    times: dict[str, dict[str, list[float]]] = {OURS: {}, STOCK: {}}
    try:
        for engine in engines.values():
            with _engine(*engine):
                fill(generated(count))
        for number in range(-WARMING, ROUNDS):
            for name in (OURS, STOCK) if number % 2 else (STOCK, OURS):
                with _engine(*engines[name]):
                    found = _round(number)
                    if name == OURS:
                        found[SUGGEST] = _suggest(number)
                if number >= 0:
                    for kind, some in found.items():
                        times[name].setdefault(kind, []).extend(some)
    finally:
        for engine in engines.values():
            with _engine(*engine):
                clear_all()
    return times


def rows(count: int = DATASETS) -> list[dict[str, Any]]:
    """Rows of ``make bench``: one for each kind of question, and one over all."""
    times = measure(count)
    ours, stock = ({kind: median(some) for kind, some in times[name].items()} for name in (OURS, STOCK))
    suggest = round(ours.pop(SUGGEST), 2)
    pairs = [(f"package_search, {kind}, {count} datasets", ours[kind], stock[kind]) for kind in ours]
    pairs.append((f"package_search, all kinds, {count} datasets", sum(ours.values()), sum(stock.values())))
    rows_ = [
        {"what": what, "ours": round(mine, 2), "reference": round(theirs, 2), "unit": "ms (median)",
         "ratio": round(mine / theirs, 3), "goal": GOAL, "better": "lower"}
        for what, mine, theirs in pairs
    ]  # fmt: skip
    alone = {
        "what": f"{SUGGEST}, {count} datasets",
        "ours": suggest,
        "reference": None,
        "unit": "ms (median)",
    }
    return [*rows_, {**alone, "ratio": suggest, "goal": SUGGEST_GOAL_MS, "better": "lower"}]
