"""Relevance, judged: questions as people type them, over real records, against stock CKAN on the same words.

``queries.csv`` was written from the titles alone, in two goes: subjects (kind ``subject``, before the index
was first asked), then forms of words that differ from the title's (plural, gender, accents, elision, acronym,
code). Its ``open`` half may be looked at when weights or word lists change; the ``held`` half is for judging
only. Right answers are the records' identifiers (the file's path where a record has none).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import ckan.lib.search as search_lib
import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.lib.search.common import make_connection
from ckan.lib.search.index import PackageSearchIndex
from ckan.tests import helpers
from lxml import etree

pytestmark = pytest.mark.realdata

DEPTH = 10  # nobody turns the page
MARGIN = 0.08

TITLE = "(//*[local-name()='identificationInfo']//*[local-name()='citation']//*[local-name()='title'])[1]"
ABSTRACT = "(//*[local-name()='identificationInfo']//*[local-name()='abstract'])[1]"
KEYWORDS = "//*[local-name()='descriptiveKeywords']//*[local-name()='keyword']"


def _text(node: Any) -> str:
    return " ".join(" ".join(node.itertext()).split())


def _documents(data_dir: Path) -> Iterator[dict[str, Any]]:
    """The 272 records as ``package_show`` would give them."""
    with (data_dir / "iso" / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["group"] in ("iso19139", "iso19115-3")]
    assert len(rows) == 272
    for number, row in enumerate(rows):
        root = etree.parse(str(data_dir / row["file"])).getroot()
        tags = dict.fromkeys(_text(node)[:100] for node in root.xpath(KEYWORDS) if _text(node))
        package = {
            "id": f"judge-{number}",
            "name": row["fileIdentifier"] or row["file"],
            "title": " ".join(map(_text, root.xpath(TITLE))),
            "notes": " ".join(map(_text, root.xpath(ABSTRACT))),
            "tags": [{"name": tag} for tag in tags],
            "state": "active",
            "private": False,
            "type": "dataset",
            "organization": {"name": "org", "title": row["org"]},
            "resources": [],
            "metadata_created": "2026-01-01T00:00:00",
            "metadata_modified": "2026-01-01T00:00:00",
        }
        yield {**package, "with_custom_schema": package}


def _fill(data_dir: Path) -> None:
    index = PackageSearchIndex()
    for document in _documents(data_dir):
        index.index_package(document, defer_commit=True)
    make_connection().commit()


def _ask(question: str) -> list[str]:
    found = helpers.call_action("package_search", q=question, rows=DEPTH, fl=["name"], facet="false")
    return [dataset["name"] for dataset in found["results"]]


@pytest.fixture(scope="module")
def engines(data_dir: Path, reset_db, reset_index) -> dict[str, dict[str, list[str]]]:
    """Answers of both engines to every question: ours, then CKAN's schema and query without our plugin."""
    stock_url = config["solr_url"].rsplit("/", 1)[0] + "/ckan_stock"
    answers = {}
    patch = pytest.MonkeyPatch()
    patch.setitem(config, "ckan.site_id", "idgo.judge")
    for name, plugins, url in (("ours", "idgo_catalogue", config["solr_url"]), ("stock", "", stock_url)):
        patch.setitem(config, "ckan.plugins", plugins)
        patch.setitem(config, "solr_url", url)
        p.load_all()
        search_lib.clear_all()
        _fill(data_dir)
        answers[name] = {row["query"]: _ask(row["query"]) for row in _questions()}
        search_lib.clear_all()
        p.unload_all()
    patch.undo()
    return answers


def _questions() -> list[dict[str, str]]:
    with Path(__file__).with_name("queries.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _reciprocal_rank(found: list[str], right: set[str]) -> float:
    return next((1 / rank for rank, name in enumerate(found, 1) if name in right), 0.0)


def _mean_reciprocal_rank(answers: dict[str, list[str]], half: str, kind: str = "") -> float:
    asked = [q for q in _questions() if q["half"] == half and kind in ("", q["kind"])]
    return mean(_reciprocal_rank(answers[q["query"]], set(q["answers"].split("|"))) for q in asked)


def test_the_questions_are_many_and_their_answers_exist(data_dir: Path):
    names = {document["name"] for document in _documents(data_dir)}
    questions = _questions()
    assert len(questions) >= 50
    assert min(sum(q["half"] == half for q in questions) for half in ("open", "held")) >= 25
    assert {answer for q in questions for answer in q["answers"].split("|")} <= names


@pytest.mark.parametrize("half", ["open", "held"])
def test_better_than_stock_by_a_clear_margin(engines, half, capsys):
    ours, stock = (_mean_reciprocal_rank(engines[name], half) for name in ("ours", "stock"))
    asked = [q["kind"] for q in _questions() if q["half"] == half]
    with capsys.disabled():
        print(f"\nMRR, {half} half, {len(asked)} questions: ours {ours:.3f}, stock CKAN {stock:.3f}")
        for kind in dict.fromkeys(asked):
            each = [_mean_reciprocal_rank(engines[name], half, kind) for name in ("ours", "stock")]
            print(f"  {kind:8} {asked.count(kind):3}  ours {each[0]:.3f}  stock {each[1]:.3f}")
    assert ours >= 0.95
    assert ours >= stock + MARGIN
    assert 1 - ours <= (1 - stock) / 2, "what is still missed must be at most half of what stock CKAN misses"
