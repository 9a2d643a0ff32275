"""DCAT export: the checksum of an open file is right; of a locked one nothing is told."""

from __future__ import annotations

import hashlib
import logging

import pytest
from ckan.tests import factories
from rdflib import DCAT, RDF, XSD, Graph, Namespace

SPDX = Namespace("http://spdx.org/rdf/terms#")
DIGEST = hashlib.sha256(b"nom;commune\n").hexdigest()


@pytest.fixture(scope="module")
def dataset(app) -> dict:
    with app.flask_app.test_request_context():
        owner = factories.Organization()
        tiers = ("open", "restricted")
        resources = [
            {"url": f"https://ville.example/{t}.csv", "name": t, "access_tier": t, "hash": f"sha256:{DIGEST}"}
            for t in tiers
        ]
        odd = {"url": "https://ville.example/x.csv", "name": "odd", "hash": "v1.2"}
        return factories.Dataset(owner_org=owner["id"], access_tier="open", resources=[*resources, odd])


def _graph(app, url: str, caplog) -> Graph:
    with caplog.at_level(logging.WARNING):
        answer = app.get(url)
        graph = Graph().parse(data=answer.body, format="turtle")
    assert [r.getMessage() for r in caplog.records if r.name.startswith("rdflib")] == []
    return graph


@pytest.mark.parametrize("query", ["", "?profiles=euro_dcat_ap_2", "?profiles=euro_dcat_ap"])
def test_one_checksum_that_is_the_file_s(app, dataset, caplog, query):
    graph = _graph(app, f"/dataset/{dataset['name']}.ttl{query}", caplog)
    assert len(set(graph.subjects(RDF.type, DCAT.Distribution))) == 3
    (found,) = graph.triples((None, SPDX.checksum, None))
    value = graph.value(found[2], SPDX.checksumValue)
    assert (value.datatype, str(value)) == (XSD.hexBinary, DIGEST)
    assert graph.value(found[2], SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(found[0]).endswith(dataset["resources"][0]["id"])


def test_the_catalogue_too(app, dataset, caplog):
    graph = _graph(app, "/catalog.ttl", caplog)
    assert {str(value) for value in graph.objects(None, SPDX.checksumValue)} == {DIGEST}
    assert len(list(graph.triples((None, SPDX.checksum, None)))) == 1
