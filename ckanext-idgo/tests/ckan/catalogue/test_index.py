"""What the index holds."""

from __future__ import annotations

import ckan.lib.search as search_lib
import pytest
from catalogue_world import add
from ckan.tests import helpers


def _document(name):
    return search_lib.query_for("package").get_index(name)


def test_box_and_codes(app, catalogue):
    found = _document("leau")
    assert (found["minx"], found["maxx"]) == pytest.approx((4.4, 5.0))
    assert not {"spatial", "extras_spatial", "extras_territory"} & set(found)


def test_a_text_longer_than_lucene_takes_does_not_lose_the_dataset(app, catalogue, search):
    with app.flask_app.test_request_context():
        organization = catalogue["organizations"][0]["id"]
        add(organization, "long", {"title": "Long", "lineage": "généalogie " * 5_000})
    try:
        assert search("name:long") == ["long"]
        assert "long" in search("généalogie")
    finally:
        with app.flask_app.test_request_context():
            helpers.call_action("package_delete", {"user": "administration-exemple"}, id="long")


def test_a_query_cannot_probe_addresses(search):
    assert search("res_url:*captages*") == []
    assert search("urls:captages") == []


def test_what_access_masks_stays_masked(app, catalogue):
    with app.flask_app.test_request_context():
        secret = {"url": "http://data.example/secret-canary.csv", "format": "CSV", "name": "Fichier"}
        owner = catalogue["organizations"][0]["id"]
        add(owner, "verrou", {"title": "Fichier verrouillé", "resources": [secret]}, access_tier="restricted")
    held = str(_document("verrou"))
    assert "Fichier" in held
    assert "secret-canary" not in held
