"""The services CKAN's tests stand on are the real ones, and the tests' own."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_a_dataset_is_stored_and_found() -> None:
    organization = factories.Organization()
    factories.Dataset(name="reseau-eau", title="Réseau d'eau", owner_org=organization["id"])
    found = tk.get_action("package_search")({"ignore_auth": True}, {"q": "reseau"})
    assert [dataset["name"] for dataset in found["results"]] == ["reseau-eau"]


def test_nothing_of_the_instance_is_touched() -> None:
    assert config["sqlalchemy.url"].endswith("/ckan_test")
    assert config["solr_url"].endswith("/ckan_test")
    assert connect_to_redis().connection_pool.connection_kwargs["db"] == 1
