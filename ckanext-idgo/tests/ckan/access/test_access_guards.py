"""How a refusal looks, how bytes leave, and what must look as if it were not there."""

from __future__ import annotations

import re
import uuid

import ckan.plugins.toolkit as tk
import pytest
from access_world import ALLOWED, KINDS, TIERS, World, canary
from ckan import model
from ckan.tests import helpers


def download(world: World, tier: str, kind: str = "upload") -> str:
    return f"/dataset/{world.sheets[tier].name}/resource/{world.sheets[tier].resources[kind]}/download"


@pytest.mark.parametrize("actor", ALLOWED)
@pytest.mark.parametrize("tier", TIERS)
def test_bytes_leave_as_attachments_and_closed_ones_stay_out_of_caches(world: World, actor, tier) -> None:
    response = world.get(actor, download(world, tier))
    if tier not in ALLOWED[actor]:
        assert response.status_code == 403
        assert "no-store" in response.headers["Cache-Control"]
        return
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if tier != "open":
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
        assert "public" not in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("actor", "tier", "reason"),
    [
        ("anonymous", "authenticated", "login-required"),
        ("anonymous", "restricted", "access-required"),
        ("outsider", "restricted", "access-required"),
        ("expired_grant", "restricted", "grant-ended"),
        ("revoked_grant", "restricted", "access-required"),
        ("limited_grant", "restricted", "territory-limited"),
        ("owner_member", "malformed", "malformed-tier"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_program_is_refused_in_ckans_envelope(world: World, actor, tier, reason, kind) -> None:
    response = world.get(actor, download(world, tier, kind), headers={"Accept": "application/json"})
    assert response.status_code == 403
    assert response.json["success"] is False
    assert response.json["error"]["__type"] == "Authorization Error"
    assert response.json["error"]["reason"] == reason
    way = response.json["error"].get("request_access")
    requestable = reason in ("access-required", "grant-ended", "territory-limited")
    assert way == (f"http://test.ckan.net/demande-acces?dataset=fiche-{tier}" if requestable else None)
    rid = world.sheets[tier].resources[kind]
    shown = world.get(actor, f"/api/3/action/resource_show?id={rid}").json["result"]
    assert (shown["idgo_locked"], shown["idgo_reason"], shown["url"]) == (True, reason, "")
    decision = world.get(actor, f"/api/3/action/idgo_access_decision_show?id={rid}").json["result"]
    assert (decision["allowed"], decision["reason"]) == (False, reason)


def test_an_action_is_refused_with_its_reason(world: World) -> None:
    vid = world.sheets["restricted"].views["link"]
    response = world.get("anonymous", f"/api/3/action/resource_view_show?id={vid}")
    assert response.status_code == 403
    assert response.json["error"]["reason"] == "access-required"
    assert response.json["error"]["request_access"].endswith("/demande-acces?dataset=fiche-restricted")


def test_a_person_is_refused_by_a_page_that_says_why_and_where_to_sign_in(world: World) -> None:
    response = world.get("anonymous", download(world, "restricted"), headers={"Accept": "text/html"})
    assert response.status_code == 403
    assert response.content_type.startswith("text/html")
    assert "Réservé" in response.text
    assert "/user/login" in response.text


def test_the_public_part_of_a_locked_resource(world: World) -> None:
    shown = world.get("anonymous", "/api/3/action/package_show?id=fiche-restricted").json["result"]
    resource = next(
        r for r in shown["resources"] if r["id"] == world.sheets["restricted"].resources["upload"]
    )
    assert resource["name"] == "Fichier upload"
    assert (resource["format"], resource["crs"], resource["feature_count"]) == ("CSV", "EPSG:2154", 12)
    assert resource["size"] > 0
    assert not {"hash", "columns", "layers", "mimetype", "url_type", "extent"} & set(resource)


@pytest.mark.parametrize("kind", KINDS)
def test_a_resource_must_belong_to_the_dataset_of_the_address(world: World, kind: str) -> None:
    rid = world.sheets["restricted"].resources[kind]
    for actor in ("anonymous", "sysadmin"):
        assert world.get(actor, f"/dataset/fiche-open/resource/{rid}/download").status_code == 404


def test_head_is_guarded_like_get(world: World) -> None:
    path = download(world, "restricted")
    assert world.app.client.head(path).status_code == 403
    assert world.app.client.head(path, headers=world.headers("owner_member")).status_code == 200


def test_a_deleted_resource_gives_nothing(world: World) -> None:
    made = world.action(
        "owner_editor",
        "package_create",
        name="fiche-effacee",
        title="Fiche effacée",
        owner_org=world.organisation["id"],
        access_tier="open",
        resources=[{"url": f"https://donnees.example/{canary('canurl', 'restricted')}.csv"}],
    ).json["result"]
    path = f"/dataset/fiche-effacee/resource/{made['resources'][0]['id']}/download"
    assert world.get("anonymous", path).status_code == 302
    assert world.action("owner_editor", "package_patch", id=made["id"], resources=[]).status_code == 200
    for actor in ("anonymous", "outsider", "owner_editor"):
        assert world.get(actor, path).status_code == 404
    past = world.get("anonymous", f"/api/3/action/package_activity_list?id={made['id']}&limit=100")
    assert past.status_code == 200
    assert canary("canurl", "restricted") not in past.text


def _same(response, *identifiers: str) -> str:
    """The body without what differs between any two requests: the identifier asked, tokens."""
    text = response.text
    for identifier in identifiers:
        text = text.replace(identifier, "X")
    return re.sub(r'(csrf_token" content=|value=)"[^"]*"', "", text)


@pytest.mark.parametrize(
    "template",
    [
        "/api/3/action/package_show?id={id}",
        "/api/3/action/resource_show?id={rid}",
        "/api/3/action/idgo_access_decision_show?id={rid}",
        "/dataset/{id}",
        "/dataset/{id}/resource/{rid}",
        "/dataset/{id}/resource/{rid}/download",
    ],
)
@pytest.mark.parametrize("actor", ["anonymous", "outsider", "other_admin"])
def test_a_draft_answers_like_what_does_not_exist(world: World, template: str, actor: str) -> None:
    draft = model.Package.get(world.draft)
    nothing, no_resource = str(uuid.uuid4()), str(uuid.uuid4())
    hidden = world.get(actor, template.format(id=draft.id, rid=world.draft_resource))
    absent = world.get(actor, template.format(id=nothing, rid=no_resource))
    assert hidden.status_code == absent.status_code == 404
    assert _same(hidden, draft.id, world.draft_resource) == _same(absent, nothing, no_resource)


@pytest.mark.parametrize(
    "template",
    [
        "/dataset/edit/{id}",
        "/dataset/resources/{id}",
        "/dataset/activity/{id}",
        "/dataset/groups/{id}",
        "/dataset/followers/{id}",
        "/dataset/delete/{id}",
        "/dataset/{id}.ttl",
        "/dataset/{id}/iso19139.xml",
        "/dataset/{id}/resource/{rid}/edit",
        "/dataset/{id}/resource/{rid}/views",
        "/dataset/{id}/resource/{rid}/view/x",
        "/demande-acces?dataset={id}",
        "/api/3/action/package_activity_list?id={id}",
        "/api/3/action/resource_view_list?id={rid}",
        "/api/3/action/idgo_metadata_record_show?id={id}",
        "/api/3/action/idgo_viewer_preview?id={rid}",
        "/api/3/action/idgo_access_grant_list?dataset={id}",
        "/api/3/action/package_collaborator_list?id={id}",
        "/api/3/action/dataset_follower_count?id={id}",
        "/api/3/action/package_relationships_list?id={id}",
        "/api/3/action/am_following_dataset?id={id}",
        "/api/3/action/member_list?id={id}",
        "/api/3/action/task_status_show?entity_id={rid}&task_type=x&key=x",
    ],
)
@pytest.mark.parametrize("by", ["id", "name"])
def test_no_page_or_action_tells_a_draft_from_nothing(world: World, template: str, by: str) -> None:
    """Nothing there or something hidden: one status, one body, less the identifier asked."""
    nothing, no_resource = (str(uuid.uuid4()) if by == "id" else "fiche-absente-x"), str(uuid.uuid4())
    asked = world.draft if by == "id" else "fiche-brouillon"
    for actor in ("anonymous", "outsider"):
        hidden = world.get(actor, template.format(id=asked, rid=world.draft_resource))
        absent = world.get(actor, template.format(id=nothing, rid=no_resource))
        assert hidden.status_code == absent.status_code, actor
        there, not_there = _same(hidden, asked, world.draft_resource), _same(absent, nothing, no_resource)
        assert there == not_there, actor


@pytest.mark.parametrize(
    ("action", "status"), [("activity_show?id={act}", 200), ("user_invite", 409)], ids=["activity", "invite"]
)
def test_what_ckan_reads_without_asking_is_no_error_500(world: World, action: str, status: int) -> None:
    """Both were found by the crawler: ``include_data`` and ``group_id`` left out."""
    name, _, query = action.partition("?")
    sent = {"id": query.split("=")[1].format(act=world.sheets["open"].activity)} if query else {}
    assert world.action("outsider", name, **sent).status_code == status


def test_a_viewers_verdict_and_words_for_templates(world: World) -> None:
    rid = world.sheets["restricted"].resources["link"]
    with world.app.flask_app.test_request_context():
        assert tk.h.idgo_access_verdict(rid).allowed is False
        assert tk.h.idgo_access_tier_label("open")
        assert tk.h.idgo_access_tier_label(["restricted"]) == tk.h.idgo_access_tier_label(None)
        assert "Ville" in tk.h.idgo_access_refusal("members-only", "Ville d’Exemple")


def test_internal_code_sees_the_whole(world: World) -> None:
    """Jobs, harvesters, exports written by us: ``ignore_auth`` gets the dataset as stored."""
    shown = helpers.call_action("package_show", id="fiche-malformed")
    assert canary("canurl", "malformed") in {r["url"].rsplit("/", 1)[1][:-4] for r in shown["resources"]}
    assert not any("idgo_locked" in r for r in shown["resources"])


def test_search_and_show_give_the_same_resources(world: World) -> None:
    for actor in ALLOWED:
        for tier in TIERS:
            name = world.sheets[tier].name
            found = world.get(actor, f'/api/3/action/package_search?q=name:"{name}"').json["result"]
            shown = world.get(actor, f"/api/3/action/package_show?id={name}").json["result"]
            assert found["results"][0]["resources"] == shown["resources"], f"{actor} {tier}"


def test_twenty_results_cost_four_queries_more(world: World) -> None:
    """Memberships, grants, facts, rows: never one for each result, and no query on grants for nobody."""
    from sqlalchemy import event

    counted: list[str] = []

    def count(conn, cursor, statement, *rest) -> None:
        counted.append(statement)

    def queries(actor: str, rows: int) -> int:
        counted.clear()
        assert world.get(actor, f"/api/3/action/package_search?rows={rows}&q=fiche").status_code == 200
        return len(counted)

    event.listen(model.Session.get_bind(), "before_cursor_execute", count)
    try:
        assert queries("anonymous", 20) <= queries("anonymous", 0)
        assert not [s for s in counted if "idgo_access_grant" in s]
        none, many = queries("granted_person", 0), queries("granted_person", 20)
    finally:
        event.remove(model.Session.get_bind(), "before_cursor_execute", count)
    assert many - none <= 4, f"{many} queries for 20 results, {none} for 0"
    assert len([s for s in counted if "idgo_access_grant" in s]) == 1


def test_a_view_frame_of_an_open_file_is_a_page_and_not_a_download(world: World) -> None:
    sheet = world.sheets["open"]
    path = f"/dataset/{sheet.name}/resource/{sheet.resources['link']}/view/{sheet.views['link']}"
    response = world.get("anonymous", path)
    assert response.status_code == 200
    assert "Content-Disposition" not in response.headers


def test_another_room_before_this_one_stops_the_start(world: World) -> None:
    """Its index hook would derive fields from what this one has yet to hide."""
    from ckan.exceptions import CkanConfigurationException

    from ckanext.idgo.access.plugin import AccessPlugin

    with pytest.raises(CkanConfigurationException, match="idgo_catalogue"):
        AccessPlugin.update_config(None, {"ckan.plugins": "idgo idgo_catalogue idgo_access"})  # type: ignore[arg-type]
