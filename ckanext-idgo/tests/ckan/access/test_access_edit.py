"""Masking must never destroy data: every role that may edit, every way, keeps URL, file and facts."""

from __future__ import annotations

import pytest
from access_world import LOCKED_TIERS, World, canary
from ckan import model
from ckan.tests import helpers

#: ``owner_editor`` and ``owner_admin`` see the content of two tiers; nobody but a sysadmin sees a malformed
#: one's: they edit it blind, and must break nothing.
EDITORS = ("owner_editor", "owner_admin", "sysadmin")


def stored(world: World, tier: str) -> dict[str, dict]:
    """What the database holds, read without any of CKAN's actions."""
    model.Session.expire_all()
    rows = {kind: model.Resource.get(rid) for kind, rid in world.sheets[tier].resources.items()}
    return {
        kind: {
            "url": r.url,
            "url_type": r.url_type,
            "hash": r.hash,
            "size": r.size,
            "state": r.state,
            **r.extras,
        }
        for kind, r in rows.items()
    }


def show(world: World, actor: str, tier: str) -> dict:
    return world.action(actor, "package_show", id=world.sheets[tier].name).json["result"]


def _package_update(world, actor, tier):
    dataset = show(world, actor, tier)
    dataset["notes"] = f"Modifié par {actor}"
    return world.action(actor, "package_update", **dataset)


def _package_patch(world, actor, tier):
    return world.action(actor, "package_patch", id=world.sheets[tier].name, notes=f"Retouché par {actor}")


def _package_patch_resources(world, actor, tier):
    resources = show(world, actor, tier)["resources"]
    resources[0]["description"] = f"Décrit par {actor}"
    return world.action(actor, "package_patch", id=world.sheets[tier].name, resources=resources)


def _package_revise(world, actor, tier):
    rid = world.sheets[tier].resources["link"]
    name = world.sheets[tier].name
    update = {"description": f"Révisé par {actor}"}
    return world.action(actor, "package_revise", **{"match__name": name, f"update__resources__{rid}": update})


def _resource_patch(world, actor, tier):
    rid = world.sheets[tier].resources["upload"]
    return world.action(actor, "resource_patch", id=rid, description=f"Précisé par {actor}")


def _resource_update(world, actor, tier):
    rid = world.sheets[tier].resources["link"]
    resource = world.action(actor, "resource_show", id=rid).json["result"]
    resource["description"] = f"Mis à jour par {actor}"
    return world.action(actor, "resource_update", **resource)


def _reorder(world, actor, tier):
    order = [r["id"] for r in show(world, actor, tier)["resources"]][::-1]
    return world.action(actor, "package_resource_reorder", id=world.sheets[tier].name, order=order)


def _from_search(world, actor, tier):
    """A script that lists and writes back, with the dicts of the search."""
    found = world.action(actor, "package_search", q=f'name:"{world.sheets[tier].name}"').json["result"]
    dataset = found["results"][0]
    dataset["notes"] = f"Relu par {actor}"
    return world.action(actor, "package_update", **dataset)


WAYS = (
    _package_update,
    _package_patch,
    _package_patch_resources,
    _package_revise,
    _resource_patch,
    _resource_update,
    _reorder,
    _from_search,
)


def _mendable(tier: str, response) -> bool:
    """A validator may refuse a malformed tier when it is sent back: nothing is written, nothing is lost."""
    return tier == "malformed" and response.status_code == 409 and "access_tier" in response.json["error"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
@pytest.mark.parametrize("actor", EDITORS)
@pytest.mark.parametrize("tier", ["open", *LOCKED_TIERS])
def test_editing_keeps_what_is_hidden(world: World, way, actor: str, tier: str) -> None:
    before = stored(world, tier)
    response = way(world, actor, tier)
    assert response.status_code == 200 or _mendable(tier, response), response.json["error"]
    after = stored(world, tier)
    for kind in before:
        kept = {k: v for k, v in after[kind].items() if k != "description"}
        assert kept == {k: v for k, v in before[kind].items() if k != "description"}
        assert "idgo_locked" not in after[kind]
    assert after["link"]["url"] == f"https://donnees.example/{canary('canurl', tier)}.csv"
    assert after["upload"]["url"].endswith(f"{canary('canfile', tier)}.csv")
    rid = world.sheets[tier].resources["upload"]
    file = world.get("sysadmin", f"/dataset/{world.sheets[tier].name}/resource/{rid}/download")
    assert canary("canbytes", tier).encode() in file.data


@pytest.mark.parametrize("tier", LOCKED_TIERS)
@pytest.mark.parametrize("actor", ["outsider", "other_admin", "owner_member", "guichet", "granted_person"])
def test_who_may_not_edit_still_may_not(world: World, actor: str, tier: str) -> None:
    before = stored(world, tier)
    assert _package_patch(world, actor, tier).status_code == 403
    assert stored(world, tier) == before


def test_an_editor_who_may_not_see_edits_blind_and_breaks_nothing(world: World, monkeypatch) -> None:
    """A CKAN collaborator edits a dataset of an organisation that is not theirs, through the masked view."""
    from ckan.common import config

    monkeypatch.setitem(config, "ckan.auth.allow_dataset_collaborators", True)
    sheet = world.sheets["restricted"]
    helpers.call_action(
        "package_collaborator_create", id=sheet.id, user_id=world.users["outsider"]["id"], capacity="editor"
    )
    before = stored(world, "restricted")
    try:
        for way in WAYS:
            response = way(world, "outsider", "restricted")
            assert response.status_code == 200, f"{way.__name__}: {response.json}"
            assert b"zzrestricted" not in response.data, way.__name__
        rid = sheet.resources["link"]
        bare = world.action("outsider", "resource_update", id=rid, name="Fichier link", format="CSV")
        assert bare.status_code == 200
    finally:
        helpers.call_action("package_collaborator_delete", id=sheet.id, user_id=world.users["outsider"]["id"])
    after = stored(world, "restricted")
    for kind in before:
        assert {k: after[kind].get(k) for k in ("url", "url_type", "hash", "columns", "layers")} == {
            k: before[kind].get(k) for k in ("url", "url_type", "hash", "columns", "layers")
        }


def test_who_may_see_may_empty_a_field(world: World) -> None:
    """Nothing hidden is put back against the will of somebody who sees it."""
    rid = world.sheets["authenticated"].resources["link"]
    resource = world.action("owner_editor", "resource_show", id=rid).json["result"]
    old = resource["hash"]
    assert old
    assert world.action("owner_editor", "resource_update", **{**resource, "hash": ""}).status_code == 200
    model.Session.expire_all()
    assert not model.Resource.get(rid).hash
    assert world.action("owner_editor", "resource_patch", id=rid, hash=old).status_code == 200


def test_our_marks_cannot_be_forged_into_the_database(world: World) -> None:
    made = world.action(
        "owner_editor",
        "package_create",
        name="fiche-forgee",
        title="Fiche forgée",
        owner_org=world.organisation["id"],
        access_tier="open",
        resources=[{"url": "https://donnees.example/a.csv", "idgo_locked": True, "idgo_reason": "open"}],
    )
    assert made.status_code == 200, made.json
    row = model.Resource.get(made.json["result"]["resources"][0]["id"])
    assert not {"idgo_locked", "idgo_reason"} & set(row.extras)


def test_closing_and_opening_take_effect_at_once(world: World) -> None:
    rid = world.sheets["open"].resources["link"]
    path = f"/dataset/fiche-open/resource/{rid}/download"
    name, word = world.sheets["open"].name, canary("canurl", "open")
    assert world.get("anonymous", path).status_code == 302
    for tier, status in (("restricted", 403), ("authenticated", 403), ("open", 302)):
        assert world.action("owner_editor", "package_patch", id=name, access_tier=tier).status_code == 200
        assert world.get("anonymous", path).status_code == status
        signed_in = {"restricted": 403, "authenticated": 200, "open": 302}  # fetched, or redirected
        assert world.get("outsider", path).status_code == signed_in[tier]
        count = world.get("anonymous", f"/api/3/action/package_search?rows=0&fq=res_url:*{word}*").json
        assert count["result"]["count"] == (1 if tier == "open" else 0)
    closed = world.action("owner_editor", "resource_patch", id=rid, access_tier="restricted")
    assert closed.status_code == 200
    assert world.get("anonymous", path).status_code == 403
    assert world.action("owner_editor", "resource_patch", id=rid, access_tier="").status_code == 200
    assert world.get("anonymous", path).status_code == 302


def test_leaving_the_organisation_closes_at_the_next_request(world: World) -> None:
    rid = world.sheets["restricted"].resources["upload"]
    path = f"/dataset/fiche-restricted/resource/{rid}/download"
    who = {"id": world.organisation["id"], "username": world.users["owner_member"]["name"]}
    assert world.get("owner_member", path).status_code == 200
    root = {"user": world.users["sysadmin"]["name"]}
    helpers.call_action("organization_member_delete", context=dict(root), **who)
    assert world.get("owner_member", path).status_code == 403
    helpers.call_action("organization_member_create", context=dict(root), **who, role="member")
    assert world.get("owner_member", path).status_code == 200


def test_two_requests_in_one_context_see_a_new_membership(world: World) -> None:
    """The viewer is kept for one request, and forgotten when a membership changes within it."""
    import ckan.plugins.toolkit as tk

    rid = world.sheets["restricted"].resources["link"]
    name = world.users["outsider"]["name"]
    who = {"id": world.organisation["id"], "username": name}

    root = {"user": world.users["sysadmin"]["name"]}

    def url() -> str:
        return tk.get_action("resource_show")({"user": name}, {"id": rid})["url"]

    with world.app.flask_app.test_request_context():
        assert url() == ""
        helpers.call_action("organization_member_create", context=dict(root), **who, role="member")
        assert url() != ""
        helpers.call_action("organization_member_delete", context=dict(root), **who)
        assert url() == ""
