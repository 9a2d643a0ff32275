"""A request's life: asked, seen by those who decide and nobody else, answered once, told, kept in the log."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from access_world import World
from ckan import model
from ckan.tests import factories, helpers

from ckanext.idgo.access.plugin import requesting
from ckanext.idgo.access.plugin.model import AccessGrant, AccessLog, AccessRequest
from ckanext.idgo.common.core.events import KINDS

ASK = {"purpose": "study", "message": "Schéma directeur.", "accept_license": True}
CREATE, DECIDE = "idgo_access_request_create", "idgo_access_request_decide"


@pytest.fixture(autouse=True)
def clean(built: World):
    """Each test starts without requests, and with the world's grants only."""
    kept = {row[0] for row in model.Session.query(AccessGrant.id)}
    yield
    model.Session.rollback()
    model.Session.query(AccessRequest).delete()
    model.Session.query(AccessGrant).filter(AccessGrant.id.notin_(kept)).delete()
    model.Session.commit()


def ask(world: World, actor: str = "outsider", **more: Any) -> dict[str, Any]:
    subject = {} if {"dataset", "resources", "renews"} & set(more) else {"dataset": "fiche-restricted"}
    response = world.action(actor, CREATE, **{**ASK, **subject, **more})
    assert response.status_code == 200, response.json
    return response.json["result"]


def decide(world: World, request: dict[str, Any], actor: str = "owner_admin", **data: Any) -> Any:
    return world.action(actor, DECIDE, **{"id": request["id"], "decision": "grant", **data})


def member(world: World, **who: Any) -> None:
    """Make somebody a member with ``role``, or no member any more."""
    verb = "create" if "role" in who else "delete"
    helpers.call_action(f"organization_member_{verb}", {"user": world.users["sysadmin"]["name"]}, **who)


def opens(world: World, actor: str, tier: str = "restricted", kind: str = "link") -> bool:
    sheet = world.sheets[tier]
    path = f"/dataset/{sheet.name}/resource/{sheet.resources[kind]}/download"
    status = world.get(actor, path).status_code
    assert status in (302, 200, 403)
    return status != 403


def test_asked_seen_granted_opened(world: World, told) -> None:
    """The whole road, with what each person sees of it."""
    until = (date.today() + timedelta(days=90)).isoformat()
    request = ask(world, until=until, territory=["commune:84003"])
    assert (request["state"], request["until"], request["codes"]) == ("pending", until, ["commune:84003"])
    assert request["license_accepted_at"]
    assert [item["package_name"] for item in request["items"]] == ["fiche-restricted"]
    assert not opens(world, "outsider")
    assert [(e.kind, e.recipients) for e in told] == [
        ("access.requested", (world.users["owner_admin"]["id"],))
    ]
    queue = world.action(
        "owner_admin", "idgo_access_request_list", organization="producteur", state="pending"
    )
    assert [r["id"] for r in queue.json["result"]["results"]] == [request["id"]]
    decided = decide(world, request, territory=[], reason="Étude d’intérêt général").json["result"]
    assert decided["state"] == "granted"
    grant = decided["grants"][0]
    assert (grant["until"], grant["codes"], grant["grantee_type"]) == (until, [], "user")
    assert grant["license_accepted_at"] == request["license_accepted_at"]
    assert opens(world, "outsider")
    assert told[-1].kind == "access.granted"
    assert told[-1].recipients == (world.users["outsider"]["id"],)
    assert told[-1].facts["until"] == until
    mine = world.action("outsider", "idgo_access_request_show", id=request["id"]).json["result"]
    assert [(line["kind"], line["by"]) for line in mine["history"]] == [
        ("requested", "requester"),
        ("granted", "decider"),
    ]
    assert mine["decided_by"] is None
    assert mine["grants"][0]["granted_by"] is None
    assert {e.kind for e in told} <= KINDS


def test_refused_with_a_reason_that_is_told(world: World, told) -> None:
    request = ask(world)
    silent = decide(world, request, decision="refuse")
    assert silent.status_code == 409
    assert "reason" in silent.json["error"]
    refused = decide(world, request, decision="refuse", reason="Passez par le guichet DT-DICT").json["result"]
    assert (refused["state"], refused["grants"]) == ("refused", [])
    assert told[-1].kind == "access.refused"
    assert told[-1].facts["reason"] == "Passez par le guichet DT-DICT"
    assert not opens(world, "outsider")
    mine = world.action("outsider", "idgo_access_request_list").json["result"]
    assert mine["results"][0]["decision_reason"] == "Passez par le guichet DT-DICT"
    assert ask(world)["state"] == "pending"  # a refusal is no ban


@pytest.mark.parametrize(
    "actor", ["other_admin", "guichet", "owner_editor", "granted_person", "pending_member"]
)
def test_others_find_nothing(world: World, actor: str) -> None:
    """Another organisation's referent, the guichet where there is a referent, mere members: 404, no trace."""
    request = ask(world)
    nothing = world.action(actor, "idgo_access_request_show", id="00000000-0000-0000-0000-000000000000")
    shown = world.action(actor, "idgo_access_request_show", id=request["id"])
    assert shown.status_code == 404
    assert shown.json["error"] == nothing.json["error"]
    assert decide(world, request, actor).status_code == 404
    assert world.action(actor, "idgo_access_request_withdraw", id=request["id"]).status_code == 404
    listed = world.action(actor, "idgo_access_request_list", organization="producteur")
    unknown = world.action(actor, "idgo_access_request_list", organization="nulle-part")
    assert listed.status_code == unknown.status_code == 404
    assert listed.json["error"] == unknown.json["error"]
    assert world.action(actor, "idgo_access_log_list", organization="producteur").status_code == 404
    assert world.action(actor, "idgo_access_request_list").json["result"]["count"] == 0


def test_who_has_not_signed_in_asks_nothing(world: World) -> None:
    for name in (
        CREATE,
        DECIDE,
        "idgo_access_request_list",
        "idgo_access_grant_list",
        "idgo_access_log_list",
    ):
        assert world.action("anonymous", name, **ASK, id="x", organization="producteur").status_code == 403


def test_nobody_decides_their_own_request(world: World, told) -> None:
    """Somebody who asked and became referent since."""
    request = ask(world)
    who = {"id": "producteur", "username": world.users["outsider"]["name"]}
    member(world, **who, role="admin")
    try:
        own = decide(world, request, "outsider")
        assert own.status_code == 403
        assert opens(world, "outsider")  # as a member, not by that request
    finally:
        member(world, **who)
    assert model.Session.get(AccessRequest, request["id"]).state == "pending"
    assert not opens(world, "outsider")


def test_two_deciders_at_once_one_wins(world: World, monkeypatch) -> None:
    """Both read "pending", then both decide: the row is held, so that the second sees the first."""
    request = ask(world)
    both = threading.Barrier(2, timeout=30)
    answers: dict[str, Any] = {}
    locked = requesting._locked

    def together(request_id: object) -> Any:
        both.wait()
        return locked(request_id)

    monkeypatch.setattr(requesting, "_locked", together)

    def send(actor: str, decision: str) -> None:
        body = {"id": request["id"], "decision": decision, "reason": "Motif"}
        client = world.app.flask_app.test_client()
        url = f"/api/3/action/{DECIDE}"
        answers[decision] = client.post(url, json=body, headers=world.headers(actor))

    pairs = (("owner_admin", "grant"), ("sysadmin", "refuse"))
    threads = [threading.Thread(target=send, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(a.status_code for a in answers.values()) == [200, 409]
    loser = next(a for a in answers.values() if a.status_code == 409)
    assert "already-decided" in loser.json["error"]
    model.Session.expire_all()
    won = model.Session.get(AccessRequest, request["id"]).state
    assert won == ("granted" if answers["grant"].status_code == 200 else "refused")
    given = model.Session.query(AccessGrant).filter(AccessGrant.request_id == request["id"]).count()
    assert given == (1 if won == "granted" else 0)
    lines = model.Session.query(AccessLog).filter(AccessLog.request_id == request["id"]).count()
    assert lines == 2


def test_a_flood_is_stopped(world: World, monkeypatch) -> None:
    first = ask(world)
    again = world.action("outsider", CREATE, **ASK, dataset="fiche-restricted")
    assert again.status_code == 409
    assert first["id"] in again.json["error"]["already-asked"][0]
    rid = world.sheets["restricted"].resources["link"]
    assert "already-asked" in world.action("outsider", CREATE, **ASK, resources=[rid]).json["error"]
    from ckan.common import config

    monkeypatch.setitem(config, "ckanext.idgo.access.pending_per_user", 1)
    full = world.action("outsider", CREATE, **ASK, dataset="fiche-jadis-ouverte")
    assert "too-many-requests" in full.json["error"]
    assert world.action("outsider", "idgo_access_request_withdraw", id=first["id"]).status_code == 200
    assert ask(world, dataset="fiche-jadis-ouverte")["state"] == "pending"


def test_two_clicks_are_one_request(world: World) -> None:
    """Sent twice at the same moment: the requests of one person follow one another."""
    answers: list[int] = []

    def send() -> None:
        body = {**ASK, "dataset": "fiche-restricted"}
        client = world.app.flask_app.test_client()
        sent = client.post(f"/api/3/action/{CREATE}", json=body, headers=world.headers("outsider"))
        answers.append(sent.status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [200, 409, 409, 409]


def test_withdrawn_once(world: World, told) -> None:
    request = ask(world)
    assert world.action("owner_admin", "idgo_access_request_withdraw", id=request["id"]).status_code == 403
    gone = world.action("outsider", "idgo_access_request_withdraw", id=request["id"]).json["result"]
    assert gone["state"] == "withdrawn"
    assert "already-decided" in decide(world, request).json["error"]
    assert world.action("outsider", "idgo_access_request_withdraw", id=request["id"]).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "curiosité"}, "purpose"),
        ({"purpose": None}, "purpose"),
        ({"message": "   "}, "message"),
        ({"message": ["x"]}, "message"),
        ({"message": "x" * 2001}, "message"),
        ({"accept_license": False}, "accept_license"),
        ({"accept_license": None}, "accept_license"),
        ({"until": "31/12/2027"}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2999-01-01"}, "until"),
        ({"territory": ["commune:99999"]}, "territory"),
        ({"for_organization": "producteur"}, "for_organization"),
        ({"for_organization": "nulle-part"}, "for_organization"),
        ({"renews": "nothing"}, "renews"),
        ({"dataset": None}, "dataset"),
        ({"resources": ["a"]}, "dataset"),
        ({"dataset": "fiche-open"}, "already-held"),
        ({"dataset": "fiche-authenticated"}, "already-held"),
        ({"dataset": "fiche-malformed"}, "not-requestable"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(world: World, change, field) -> None:
    response = world.action("outsider", CREATE, **{**ASK, "dataset": "fiche-restricted", **change})
    assert response.status_code == 409
    assert field in response.json["error"], response.json["error"]
    assert model.Session.query(AccessRequest).count() == 0


def test_a_draft_cannot_be_asked_for(world: World) -> None:
    """It answers like what does not exist, by its id or by its resource's."""
    draft = world.action("outsider", CREATE, **ASK, dataset=world.draft)
    nothing = world.action("outsider", CREATE, **ASK, dataset="nulle-part")
    assert draft.status_code == nothing.status_code == 404
    assert draft.json["error"] == nothing.json["error"]
    for odd in ([world.draft_resource], ["nothing"], ["a\x00b"], [7], [["x"]]):
        assert world.action("outsider", CREATE, **ASK, resources=odd).status_code in (404, 409)


def test_who_already_has_it_all_is_told_so(world: World) -> None:
    for actor in ("granted_person", "granted_member", "owner_member", "sysadmin"):
        held = world.action(actor, CREATE, **ASK, dataset="fiche-restricted")
        assert "already-held" in held.json["error"], actor
    assert ask(world, "limited_grant")["state"] == "pending"  # more than a territory may be asked for
    assert ask(world, "expired_grant")["state"] == "pending"


def test_for_an_organisation_every_member_is_given(world: World) -> None:
    asker, colleague = factories.User(), factories.User()
    users = [{"name": u["name"], "capacity": "member"} for u in (asker, colleague)]
    group = factories.Organization(users=users)
    world.tokens["asker"] = factories.APIToken(user=asker["name"])["token"]
    world.tokens["colleague"] = factories.APIToken(user=colleague["name"])["token"]
    request = ask(world, "asker", for_organization=group["name"])
    assert request["for_organization"] == group["id"]
    assert request["for_organization_title"] == group["title"]
    decided = decide(world, request).json["result"]
    assert (decided["grants"][0]["grantee_type"], decided["grants"][0]["grantee_id"]) == (
        "organization",
        group["id"],
    )
    assert opens(world, "asker")
    assert opens(world, "colleague")
    member(world, id=group["id"], username=colleague["name"])
    assert not opens(world, "colleague")  # who leaves loses it at once


def test_a_decider_gives_less_than_was_asked(world: World) -> None:
    sheet = world.sheets["restricted"]
    request = ask(world)
    link, upload = sheet.resources["link"], sheet.resources["upload"]
    foreign = decide(world, request, resources=[world.sheets["open"].resources["link"]])
    assert "resources" in foreign.json["error"]
    assert decide(world, request, resources=[]).status_code == 409  # nothing chosen is not everything
    assert "grantee" in decide(world, request, grantee="organization").json["error"]
    given = decide(world, request, resources=[link], territory=["commune:84003"]).json["result"]["grants"]
    assert [(g["resource_id"], g["codes"]) for g in given] == [(link, ["commune:84003"])]
    assert not opens(world, "outsider")
    shown = world.action("outsider", "idgo_access_decision_show", id=link).json["result"]
    assert shown == {
        "id": link,
        "allowed": False,
        "reason": "territory-limited",
        "tier": "restricted",
        "clip": ["commune:84003"],
    }
    other = world.action("outsider", "idgo_access_decision_show", id=upload).json["result"]
    assert (other["reason"], other["clip"]) == ("access-required", None)


def _referent(world: World, state: str) -> None:
    found = model.Session.query(model.Member).filter_by(
        group_id=world.organisation["id"], table_id=world.users["owner_admin"]["id"]
    )
    found.one().state = state
    model.Session.commit()


def test_without_a_referent_the_guichet_decides(world: World, told) -> None:
    _referent(world, "pending")  # the last one cannot be removed by an action (room membership)
    try:
        request = ask(world)
        assert told[-1].recipients == (world.users["guichet"]["id"],)
        assert decide(world, request, "owner_editor").status_code == 404
        assert decide(world, request, "guichet").status_code == 200
    finally:
        _referent(world, "active")
    assert opens(world, "outsider")
    assert world.action("guichet", "idgo_access_request_show", id=request["id"]).status_code == 404


def test_renewed_in_one_request(world: World) -> None:
    mine = world.action("expired_grant", "idgo_access_grant_list", state="ended", dataset="fiche-restricted")
    old = mine.json["result"]["results"][0]
    request = ask(world, "expired_grant", renews=old["id"])
    assert (request["renews"], request["items"][0]["package_name"]) == (old["id"], "fiche-restricted")
    assert not opens(world, "expired_grant")
    assert decide(world, request).status_code == 200
    assert opens(world, "expired_grant")
    other = world.action("outsider", CREATE, **ASK, renews=old["id"])
    assert "renews" in other.json["error"]
    revoked = world.action("revoked_grant", "idgo_access_grant_list", state="revoked").json["result"][
        "results"
    ]
    assert "renews" in world.action("revoked_grant", CREATE, **ASK, renews=revoked[0]["id"]).json["error"]


def test_lists_are_paged_and_odd_pages_are_refused(world: World) -> None:
    ask(world)
    ask(world, dataset="fiche-jadis-ouverte")
    first = world.action("outsider", "idgo_access_request_list", limit=1).json["result"]
    second = world.action("outsider", "idgo_access_request_list", limit=1, offset=1).json["result"]
    assert first["count"] == second["count"] == 2
    assert first["results"][0]["id"] != second["results"][0]["id"]
    assert world.action("outsider", "idgo_access_request_list", limit=0).json["result"]["results"] == []
    for odd in ({"limit": -1}, {"offset": "x"}, {"offset": 10**12}, {"state": "lost"}, {"limit": [1]}):
        assert world.action("outsider", "idgo_access_request_list", **odd).status_code == 409
