"""What was possible once, by people who wanted more than they were given; each test is one such way."""

from __future__ import annotations

import io
import itertools
import re
import uuid
from typing import Any

import pytest
from access_world import World, canary
from ckan import model
from ckan.common import config
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.idgo.access.plugin.deciders import decides_for
from ckanext.idgo.access.plugin.viewers import viewer_of

GIVE = "idgo_access_grant_create"
_numbers = itertools.count(1)


def _dataset(world: World, actor: str, organization: dict[str, Any], **more: Any) -> dict[str, Any]:
    name = f"fiche-convoitee-{next(_numbers)}"
    context = {"user": world.users[actor]["name"], "ignore_auth": False}
    fields = {"name": name, "title": name, "owner_org": organization["id"], "access_tier": "restricted"}
    return helpers.call_action("package_create", context=context, **{**fields, **more})


@pytest.mark.parametrize("purged", [False, True])
def test_the_identifier_of_a_deleted_file_brings_no_file(world: World, purged: bool) -> None:
    owned = _dataset(world, "owner_editor", world.organisation)
    context = {"user": world.users["owner_editor"]["name"], "ignore_auth": False}
    body = FileStorage(io.BytesIO(canary("canbytes", "restricted").encode()), "releve.csv")
    kept = helpers.call_action("resource_create", dict(context), package_id=owned["id"], upload=body)
    assert world.action("owner_editor", "resource_delete", id=kept["id"]).status_code == 200
    if purged:  # CKAN forgets the row at the next change, never the file
        assert world.action("owner_editor", "package_patch", id=owned["id"], resources=[]).status_code == 200
        helpers.call_action("dataset_purge", {"ignore_auth": True, "user": ""}, id=owned["id"])
        assert model.Session.get(model.Resource, kept["id"]) is None

    thief = {"id": kept["id"], "url": "releve.csv", "url_type": "upload", "name": "Releve"}
    mine = _dataset(world, "other_admin", world.other, access_tier="open")
    fields = {"title": "x", "owner_org": world.other["id"], "access_tier": "open", "resources": [thief]}
    tries = {
        "resource_create": {**thief, "package_id": mine["id"]},
        "package_create": {"name": f"{mine['name']}-2", **fields},
        "package_update": {**mine, "resources": [thief]},
        "package_patch": {"id": mine["id"], "resources": [thief]},
        "package_revise": {"match": {"id": mine["id"]}, "update": {"resources": [thief]}},
    }
    for way, data in tries.items():
        answer = world.action("other_admin", way, **data)
        assert answer.status_code == 409, way
        assert "exist" in str(answer.json["error"]), way
    assert (
        world.get("other_admin", f"/dataset/{mine['id']}/resource/{kept['id']}/download").status_code == 404
    )
    # Nobody who may not write learns what was there.
    assert world.action("outsider", "resource_create", **tries["resource_create"]).status_code == 403
    own = {"id": str(uuid.uuid4()), "url": "https://donnees.example/a.csv"}
    made = world.action("other_admin", "resource_create", package_id=mine["id"], **own)
    assert made.status_code == 200, made.json


def test_the_guichet_team_gives_nothing_to_itself(world: World) -> None:
    orphan = factories.Organization(users=[])
    for row in model.Session.query(model.Member).filter_by(group_id=orphan["id"], table_name="user"):
        row.delete()
    model.Session.commit()
    context = {"user": world.users["sysadmin"]["name"], "ignore_auth": False}
    name = f"fiche-orpheline-{next(_numbers)}"
    files = [{"url": "https://donnees.example/o.csv", "name": "Lien"}]
    fields = {"name": name, "title": name, "owner_org": orphan["id"], "access_tier": "restricted"}
    sheet = helpers.call_action("package_create", context=context, resources=files, **fields)
    given = {"dataset": sheet["id"], "reason": "Convention"}
    refused = world.action("guichet", GIVE, organization="guichet", **given)
    assert refused.status_code == 403
    assert world.action("guichet", GIVE, user=world.users["guichet"]["name"], **given).status_code == 403
    assert world.action("guichet", GIVE, organization=world.other["id"], **given).status_code == 200

    helpers.call_action(
        "member_create",
        {"ignore_auth": True, "user": ""},
        id="guichet",
        object=world.users["outsider"]["id"],
        object_type="user",
        capacity="member",
    )
    ask = {"dataset": sheet["id"], "purpose": "study", "message": "Bonjour", "accept_license": True}
    asked = world.action("outsider", "idgo_access_request_create", for_organization="guichet", **ask)
    request = asked.json["result"]["id"]
    decide = {"id": request, "decision": "grant"}
    assert world.action("guichet", "idgo_access_request_decide", **decide).status_code == 403
    assert (
        world.action("guichet", "idgo_access_request_decide", **decide, grantee="person").status_code == 200
    )
    model.Session.query(model.Member).filter_by(table_id=world.users["outsider"]["id"]).delete()
    model.Session.commit()


def test_an_organisation_named_like_the_desks_identifier_is_not_the_desk(world: World, monkeypatch) -> None:
    desk = model.Group.get("guichet")
    monkeypatch.setitem(config, "ckanext.idgo.guichet.organization", desk.id)
    before = model.Group.get(world.other["id"]).name
    assert (
        world.action("other_admin", "organization_patch", id=world.other["id"], name=desk.id).status_code
        == 200
    )
    try:
        rival = viewer_of(model.User.get(world.users["other_admin"]["id"]))
        assert rival.guichet is False
        assert viewer_of(model.User.get(world.users["guichet"]["id"])).guichet is True
        assert not decides_for(rival, world.granted["id"])
    finally:
        model.Group.get(world.other["id"]).name = before
        model.Session.commit()


@pytest.fixture
def browser(world: World, monkeypatch: Any) -> Any:
    """The referent's browser, signed in; CKAN's tests leave CSRF off."""
    for place in (config, world.app.flask_app.config):
        monkeypatch.setitem(place, "WTF_CSRF_ENABLED", True)
    user = model.User.get(world.users["owner_admin"]["id"])
    user.password = "Motdepasse-12"
    model.Session.commit()
    client = world.app.flask_app.test_client()
    form = {"login": user.name, "password": "Motdepasse-12", "_csrf_token": _token(client)}
    assert client.post("/user/login", data=form).status_code == 302
    return client


def _token(client: Any) -> str:
    page = client.get("/user/login", follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="_csrf_token" (?:content|value)="([^"]+)"', page)
    assert found
    return found[1]


def test_a_call_by_token_opens_no_action_to_forms_of_other_sites(world: World, browser: Any) -> None:
    sheet = world.sheets["restricted"]
    fields = {"dataset": sheet.name, "user": world.users["outsider"]["name"], "reason": "x"}
    world.action("sysadmin", "user_show", id=fields["user"])  # this exempts the view, as CKAN has it
    assert "ckan.views.api.action" in csrf._exempt_views
    for more in ({}, {"_csrf_token": "forged"}):
        sent = browser.post(f"/api/3/action/{GIVE}", data={**fields, **more})
        assert sent.status_code == 400
        assert sent.json["success"] is False
    world.app.post(
        f"/organization/edit/{world.organisation['name']}", headers=world.headers("owner_admin"), data={}
    )
    page = f"/organization/edit/{world.organisation['name']}"
    assert browser.post(page, data={"title": "Pirates", "name": "pirates"}).status_code == 400
    # Our own scripts send the token in a header; a program its own in another.
    signed = browser.post(
        "/api/3/action/idgo_access_grant_list", data={"x": "y"}, headers={"X-CSRFToken": _token(browser)}
    )
    assert signed.status_code == 200
    assert world.action("owner_admin", "idgo_access_grant_list").status_code == 200


def test_links_of_a_chain_are_actions_to_the_gate_too(world: World) -> None:
    """The gate took what our rooms chain for no action at all: nobody could call these."""
    for name in ("member_create", "member_delete", "organization_update", "group_update", "user_delete"):
        assert world.action("outsider", name, id="rien").status_code in (403, 404, 409), name
    assert world.action("owner_admin", "user_invite").status_code == 409  # was an error 500


def test_where_somebody_belongs_is_for_themselves(world: World) -> None:
    """CKAN answers this to anybody, about anybody."""
    asked = {"id": world.users["owner_editor"]["name"]}
    for actor in ("anonymous", "outsider", "other_admin"):
        assert world.action(actor, "organization_list_for_user", **asked).json["result"] == []
    mine = world.action("owner_editor", "organization_list_for_user", **asked).json["result"]
    assert [one["name"] for one in mine] == ["producteur"]
    assert world.action("owner_editor", "organization_list_for_user").json["result"] == mine
