"""The record served by CKAN: valid, made with the caller's rights, cached with care."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests import factories, helpers

from ckanext.idgo.metadata.core.read import read_record
from ckanext.idgo.metadata.core.xsd import violations

ODD_TITLES = ("Ñandú 数据 مياه", '<b>Eau</b> & "co" ]]>', "bell\x07 and null\x00")


def make(**fields: Any) -> dict:
    owner = factories.Organization(title="Ville d’Arles")
    return factories.Dataset(**{"owner_org": owner["id"], "access_tier": "open", **fields})


def url(dataset: dict) -> str:
    return f"/dataset/{dataset['name']}/iso19139.xml"


def test_a_minimal_dataset_has_a_valid_record(app) -> None:
    dataset = make()
    response = app.get(url(dataset))
    assert response.status_code == 200
    assert response.content_type.startswith("application/xml")
    assert violations(response.get_data()) == ()
    record = read_record(response.get_data())
    assert (record.identifier, record.title) == (dataset["id"], dataset["title"])
    assert "Ville d’Arles" in response.get_data(as_text=True)


def test_the_locator_of_a_locked_resource_is_our_route_for_everybody(app) -> None:
    """Who may see the address reads it on the page; a harvested copy is the same whoever made it."""
    resource = {"url": "https://secret.example/f.csv", "name": "Fichier", "access_tier": "restricted"}
    dataset = make(resources=[{**resource, "format": "WMS"}])
    token = factories.SysadminWithToken()["token"]
    route = f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}/download"
    anonymous = app.get(url(dataset)).get_data(as_text=True)
    assert anonymous == app.get(url(dataset), headers={"Authorization": token}).get_data(as_text=True)
    assert "secret.example" not in anonymous
    assert route in anonymous
    assert "OGC:WMS" not in anonymous
    assert violations(anonymous.encode()) == ()


@pytest.mark.parametrize("title", ODD_TITLES)
def test_any_title_gives_a_valid_record(app, title) -> None:
    dataset = make(title=title.replace("\x00", ""), notes=title.replace("\x00", ""))
    assert violations(app.get(url(dataset)).get_data()) == ()


def test_not_there_and_not_yours_look_the_same(app) -> None:
    private = make(private=True)
    hidden = app.get(url(private), status=404)
    absent = app.get("/dataset/there-is-none/iso19139.xml", status=404)
    assert hidden.status_code == absent.status_code == 404
    assert private["title"] not in hidden.get_data(as_text=True)


def test_an_unchanged_record_is_not_sent_again(app) -> None:
    dataset = make()
    first = app.get(url(dataset))
    assert first.headers["Last-Modified"]
    again = app.get(url(dataset), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    editor = {"user": factories.Sysadmin()["name"]}
    helpers.call_action("package_patch", editor, id=dataset["id"], title="Un autre titre")
    changed = app.get(url(dataset), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_an_account_s_record_is_never_stored(app) -> None:
    token = factories.SysadminWithToken()["token"]
    response = app.get(url(make()), headers={"Authorization": token})
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert "ETag" not in response.headers


def test_the_action_answers_without_side_effect(app) -> None:
    dataset = make()
    answer = app.get(f"/api/3/action/idgo_metadata_record_show?id={dataset['name']}").json["result"]
    assert answer["id"] == dataset["id"]
    assert violations(answer["xml"].encode()) == ()
    assert app.get("/api/3/action/idgo_metadata_record_show").status_code == 409
