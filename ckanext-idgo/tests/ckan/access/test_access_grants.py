"""Grants: given, counted at the very next request, taken back or given back, ended with what they opened."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from access_world import World, canary
from ckan import model
from ckan.lib.search import clear_all, rebuild
from ckan.tests import factories, helpers
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ckanext.idgo.access.plugin import reminding
from ckanext.idgo.access.plugin.model import AccessGrant, AccessLog, AccessRequest, utcnow
from ckanext.idgo.common.plugin import cli as house

GIVE, TAKE, LIST = "idgo_access_grant_create", "idgo_access_grant_revoke", "idgo_access_grant_list"
_names = (f"fiche-a-donner-{n}" for n in itertools.count())


@pytest.fixture
def sheet(built: World) -> dict[str, Any]:
    """A restricted dataset of one's own, with two links."""
    context = {"user": built.users["owner_editor"]["name"], "ignore_auth": False}
    url = f"https://donnees.example/{canary('canurl', 'restricted')}"
    return helpers.call_action(
        "package_create",
        context=context,
        name=next(_names),
        title="Fiche à donner",
        owner_org=built.organisation["id"],
        access_tier="restricted",
        license_id="lov2",
        resources=[{"url": f"{url}-{n}.csv", "name": f"Lien {n}"} for n in (1, 2)],
    )


def root(world: World) -> dict[str, Any]:
    return {"user": world.users["sysadmin"]["name"], "ignore_auth": False}


def give(
    world: World, sheet: dict[str, Any], actor: str = "owner_admin", **more: Any
) -> list[dict[str, Any]]:
    about = {} if "resources" in more else {"dataset": sheet["name"]}
    whom = {} if {"user", "organization"} & set(more) else {"user": world.users["outsider"]["name"]}
    response = world.action(actor, GIVE, **{"reason": "Convention", **about, **whom, **more})
    assert response.status_code == 200, response.json
    return response.json["result"]


def opens(world: World, actor: str, sheet: dict[str, Any], which: int = 0) -> bool:
    """Whatever shows the address shows the same: download, action, search."""
    rid = sheet["resources"][which]["id"]
    status = world.get(actor, f"/dataset/{sheet['name']}/resource/{rid}/download").status_code
    assert status in (200, 302, 403, 404)  # fetched for who holds a grant, redirected where it is open
    shown = world.get(actor, f"/api/3/action/resource_show?id={rid}")
    url = shown.json["result"]["url"] if shown.status_code == 200 else ""
    found = world.get(actor, f'/api/3/action/package_search?q=name:"{sheet["name"]}"').json["result"][
        "results"
    ]
    urls = [r["url"] for d in found for r in d["resources"] if r["id"] == rid]
    assert bool(url) == (status in (200, 302))
    assert urls in ([], [url])
    return status in (200, 302)


def state(world: World, grant: dict[str, Any]) -> tuple[str, str | None]:
    model.Session.expire_all()
    row = AccessGrant.get(grant["id"])
    return row.state(utcnow()), row.revoke_reason


def lines(kind: str, **columns: Any) -> list[AccessLog]:
    return list(model.Session.query(AccessLog).filter_by(kind=kind, **columns))


def test_given_then_taken_back_at_the_next_request(world: World, sheet, told) -> None:
    grant = give(world, sheet)[0]
    assert (grant["state"], grant["license_id"], grant["ends_at"]) == ("current", "lov2", None)
    assert opens(world, "outsider", sheet)
    assert not opens(world, "other_admin", sheet)
    assert told[-1].kind == "access.granted"
    assert told[-1].recipients == (world.users["outsider"]["id"],)
    assert world.action("owner_admin", TAKE, id=grant["id"]).status_code == 409  # a reason is needed
    taken = world.action("owner_admin", TAKE, id=grant["id"], reason="Fin de l’étude").json["result"]
    assert (taken["state"], taken["revoke_reason"]) == ("revoked", "Fin de l’étude")
    assert not opens(world, "outsider", sheet)
    assert (told[-1].kind, told[-1].facts["reason"]) == ("access.revoked", "Fin de l’étude")
    assert "already-over" in world.action("owner_admin", TAKE, id=grant["id"], reason="x").json["error"]
    log = world.action("owner_admin", "idgo_access_log_list", organization="producteur").json["result"]
    assert [line["kind"] for line in log["results"][:2]] == ["revoked", "granted"]
    assert log["results"][1]["detail"]["reason"] == "Convention"
    assert log["results"][0]["detail"]["dataset"] == "Fiche à donner"


def test_one_resource_opens_that_one_only(world: World, sheet) -> None:
    given = give(world, sheet, resources=[sheet["resources"][0]["id"]])
    assert given[0]["resource_name"] == "Lien 1"
    assert opens(world, "outsider", sheet, 0)
    assert not opens(world, "outsider", sheet, 1)


def test_a_day_given_is_whole_in_paris(world: World, sheet) -> None:
    grant = give(world, sheet, until="2027-07-14")[0]
    assert (grant["until"], grant["ends_at"]) == ("2027-07-14", "2027-07-14T22:00:00")
    assert opens(world, "outsider", sheet)
    row = AccessGrant.get(grant["id"])
    row.ends_at = utcnow()
    model.Session.commit()
    assert not opens(world, "outsider", sheet)


@pytest.mark.parametrize("actor", ["other_admin", "guichet", "owner_editor", "owner_member", "outsider"])
def test_only_referents_of_the_owner_give(world: World, sheet, actor: str) -> None:
    whom = {"user": world.users["pending_member"]["name"], "reason": "x"}
    assert world.action(actor, GIVE, dataset=sheet["name"], **whom).status_code == 403
    grant = give(world, sheet, user=world.users["pending_member"]["name"])[0]
    assert world.action(actor, TAKE, id=grant["id"], reason="x").status_code == 404
    assert world.action(actor, LIST, organization="producteur").status_code == 404
    assert state(world, grant)[0] == "current"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user": None}, "user"),
        ({"organization": "beneficiaire"}, "user"),
        ({"user": "nobody-there"}, "user"),
        ({"user": None, "organization": "nulle-part"}, "organization"),
        ({"user": None, "organization": "producteur"}, "organization"),
        ({"reason": " "}, "reason"),
        ({"until": "hier"}, "until"),
        ({"until": "2999-01-01"}, "until"),
        ({"territory": ["commune:00000"]}, "territory"),
        ({"territory": "partout"}, "territory"),
    ],
)
def test_what_is_wrong_is_said_and_gives_nothing(world: World, sheet, change, field) -> None:
    sent = {"dataset": sheet["name"], "user": world.users["outsider"]["name"], "reason": "x", **change}
    response = world.action("owner_admin", GIVE, **sent)
    assert response.status_code == 409
    assert field in response.json["error"]
    assert not opens(world, "outsider", sheet)


def test_nobody_gives_to_themselves(world: World, sheet) -> None:
    sent = {"dataset": sheet["name"], "user": world.users["owner_admin"]["name"], "reason": "x"}
    assert world.action("owner_admin", GIVE, **sent).status_code == 403


def test_given_back_by_who_holds_it(world: World, sheet) -> None:
    grant = give(world, sheet)[0]
    back = world.action("outsider", TAKE, id=grant["id"]).json["result"]
    assert (back["state"], back["revoke_reason"]) == ("revoked", None)
    assert not opens(world, "outsider", sheet)
    shared = give(world, sheet, organization="beneficiaire")[0]
    assert opens(world, "granted_member", sheet)
    assert not opens(world, "granted_pending", sheet)
    assert world.action("granted_member", TAKE, id=shared["id"]).status_code == 403  # a member is no referent
    who = {"id": "beneficiaire", "username": world.users["sysadmin"]["name"]}
    helpers.call_action("organization_member_create", root(world), **who, role="admin")  # one must stay
    who["username"] = world.users["granted_member"]["name"]
    helpers.call_action("organization_member_create", root(world), **who, role="admin")
    assert world.action("granted_member", TAKE, id=shared["id"]).status_code == 200
    helpers.call_action("organization_member_create", root(world), **who, role="member")
    assert not opens(world, "granted_member", sheet)
    assert lines("given-back", package_id=sheet["id"])


def test_each_sees_their_own(world: World, sheet) -> None:
    grant = give(world, sheet)[0]
    mine = world.action("outsider", LIST, dataset=sheet["name"], state="current").json["result"]
    assert [(g["id"], g["granted_by"], g["reason"]) for g in mine["results"]] == [(grant["id"], None, None)]
    theirs = world.action("owner_admin", LIST, organization="producteur", dataset=sheet["name"]).json[
        "result"
    ]
    assert theirs["results"][0]["granted_by"] == world.users["owner_admin"]["id"]
    assert world.action("pending_member", LIST, dataset=sheet["name"]).json["result"]["count"] == 0


def test_a_grant_says_nothing_of_a_dataset_withdrawn_from_the_public(world: World, sheet) -> None:
    give(world, sheet)
    helpers.call_action("package_patch", root(world), id=sheet["id"], private=True, title="Titre secret")
    assert not opens(world, "outsider", sheet)
    mine = world.action("outsider", LIST, dataset=sheet["id"]).json["result"]["results"][0]
    assert (mine["package_title"], mine["package_name"], mine["available"]) == (None, None, False)
    helpers.call_action("package_patch", root(world), id=sheet["id"], private=False)
    assert opens(world, "outsider", sheet)


def test_the_dataset_in_the_bin_sleeps_and_the_purge_ends(world: World, sheet, told) -> None:
    grant = give(world, sheet)[0]
    ask = {"purpose": "study", "message": "x", "accept_license": True}
    asked = world.action("pending_member", "idgo_access_request_create", dataset=sheet["name"], **ask).json[
        "result"
    ]
    helpers.call_action("package_delete", root(world), id=sheet["id"])
    assert not opens(world, "outsider", sheet)
    assert state(world, grant) == ("current", None)
    helpers.call_action("dataset_purge", root(world), id=sheet["id"])
    assert state(world, grant) == ("revoked", "dataset-purged")
    line = lines("closed", package_id=sheet["id"])[0]
    assert (line.actor_id, line.detail["dataset"]) == (None, "Fiche à donner")
    closed = model.Session.get(AccessRequest, asked["id"])
    assert (closed.state, closed.decision_reason) == ("refused", "dataset-purged")
    told.clear()
    reminding.remind()
    kinds = {event.kind: event.recipients for event in told}
    assert kinds["access.revoked"] == (world.users["outsider"]["id"],)
    assert kinds["access.refused"] == (world.users["pending_member"]["id"],)
    told.clear()
    assert not any(reminding.remind().values())
    assert told == []


def test_a_removed_resource_ends_its_grants(world: World, sheet) -> None:
    both = give(world, sheet, resources=[r["id"] for r in sheet["resources"]])
    whole = give(world, sheet, user=world.users["pending_member"]["name"])[0]
    first = sheet["resources"][0]["id"]
    helpers.call_action("package_patch", root(world), id=sheet["id"], resources=sheet["resources"][1:])
    ended = {g["resource_id"]: state(world, g) for g in both}
    assert ended.pop(first) == ("revoked", "resource-removed")
    assert list(ended.values()) == [("current", None)]
    assert state(world, whole) == ("current", None)
    assert opens(world, "outsider", sheet, 1)


def test_another_owner_ends_the_grants_of_the_former(world: World, sheet, told) -> None:
    """And a request follows its dataset: the new owner is told."""
    grant = give(world, sheet)[0]
    ask = {"purpose": "study", "message": "x", "accept_license": True}
    asked = world.action("pending_member", "idgo_access_request_create", dataset=sheet["name"], **ask).json[
        "result"
    ]
    helpers.call_action("package_patch", root(world), id=sheet["id"], owner_org=world.other["id"])
    assert state(world, grant) == ("revoked", "owner-changed")
    assert not opens(world, "outsider", sheet)
    assert world.action("owner_admin", TAKE, id=grant["id"], reason="x").status_code == 409
    told.clear()
    reminding.remind()
    new = [event for event in told if event.kind == "access.requested"]
    assert [event.recipients for event in new] == [(world.users["other_admin"]["id"],)]
    assert world.action("owner_admin", "idgo_access_request_show", id=asked["id"]).status_code == 404
    decided = world.action("other_admin", "idgo_access_request_decide", id=asked["id"], decision="grant")
    assert decided.status_code == 200, decided.json
    assert opens(world, "pending_member", sheet)
    helpers.call_action("package_owner_org_update", root(world), id=sheet["id"], organization_id="producteur")
    assert not opens(world, "pending_member", sheet)
    assert not opens(world, "outsider", sheet)  # what ended does not come back with the first owner
    rebuild(sheet["id"])  # CKAN's action leaves the index as it was


def test_a_grant_of_another_owner_opens_nothing_even_if_the_row_stays(world: World, sheet) -> None:
    """A dataset moved by a script, around everything of ours."""
    give(world, sheet)
    move = text("UPDATE package SET owner_org = :o WHERE id = :i")
    for owner, expected in ((world.other, False), (world.organisation, True)):
        model.Session.execute(move, {"o": owner["id"], "i": sheet["id"]})
        model.Session.commit()
        assert opens(world, "outsider", sheet) is expected


def test_closed_accounts_and_organisations_lose_everything(world: World, sheet) -> None:
    person = factories.User()
    group = factories.Organization()
    to_person = give(world, sheet, user=person["name"])[0]
    to_group = give(world, sheet, organization=group["name"])[0]
    helpers.call_action("user_delete", root(world), id=person["id"])
    helpers.call_action("organization_delete", root(world), id=group["id"])
    assert state(world, to_person) == state(world, to_group) == ("revoked", "holder-closed")
    back = model.User.get(person["id"])
    back.state = "active"
    model.Session.commit()
    assert state(world, to_person)[0] == "revoked"  # restored by hand, without what was ended
    assert (
        world.action(
            "owner_admin", GIVE, dataset=sheet["name"], organization=group["name"], reason="x"
        ).status_code
        == 409
    )


def test_a_renamed_organisation_changes_nothing(world: World, sheet) -> None:
    give(world, sheet, organization="beneficiaire")
    helpers.call_action("organization_patch", root(world), id=world.granted["id"], name="nouveau-nom")
    helpers.call_action("package_patch", root(world), id=sheet["id"], name=f"{sheet['name']}-bis")
    renamed = {**sheet, "name": f"{sheet['name']}-bis"}
    assert opens(world, "granted_member", renamed)
    helpers.call_action("organization_patch", root(world), id=world.granted["id"], name="beneficiaire")


def test_the_log_cannot_be_rewritten(world: World, sheet) -> None:
    give(world, sheet)
    line = lines("granted", package_id=sheet["id"])[0]
    line.actor_id = "somebody-else"
    with pytest.raises(DBAPIError, match="append only"):
        model.Session.commit()
    model.Session.rollback()


def test_reminders_say_each_thing_once(world: World, sheet, told, monkeypatch) -> None:
    noon = datetime.now(timezone.utc).replace(hour=12, minute=0)
    until = (noon + timedelta(days=60)).date().isoformat()
    grant = give(world, sheet, until=until)[0]
    ask = {"purpose": "study", "message": "x", "accept_license": True}
    asked = world.action("pending_member", "idgo_access_request_create", dataset=sheet["name"], **ask).json[
        "result"
    ]
    model.Session.get(AccessRequest, asked["id"]).created = noon.replace(tzinfo=None)
    reminding.remind()
    told.clear()
    said = []
    for day in range(0, 62):
        monkeypatch.setattr(reminding, "now", lambda day=day: noon + timedelta(days=day))
        for _twice in range(2):
            reminding.remind()
        ours = [e for e in told if grant["id"] in e.key or asked["id"] in e.key]
        said += [(e.kind, e.recipients, day) for e in ours]
        told.clear()
    holder, decider = (world.users["outsider"]["id"],), (world.users["owner_admin"]["id"],)
    assert sorted(said) == sorted(
        [
            ("access.waiting", decider, 3),
            ("access.waiting", decider, 7),
            ("access.ending", holder, 31),
            ("access.ending", holder, 54),
        ]
    )
    assert [line.detail["until"] for line in lines("ended", package_id=sheet["id"])] == [until]


def test_a_renewed_grant_is_not_announced(world: World, sheet, told) -> None:
    soon = (datetime.now(timezone.utc) + timedelta(days=5)).date().isoformat()
    grant = give(world, sheet, until=soon)[0]
    row = AccessGrant.get(grant["id"])
    row.starts_at = utcnow() - timedelta(days=90)
    model.Session.commit()
    give(world, sheet)
    reminding.remind()
    assert not [event for event in told if event.kind == "access.ending" and grant["id"] in event.key]


def test_the_scheduler_takes_the_job(world: World) -> None:
    from ckan.lib.redis import connect_to_redis
    from ckan.plugins import get_plugin
    from rq.cron import CronScheduler

    scheduler = CronScheduler(connection=connect_to_redis(), name="idgo-test")
    for function, cron in get_plugin("idgo_access").idgo_schedule().items():
        scheduler.register(function, "default", cron=cron)
    assert [job.func for job in scheduler.get_jobs()] == [reminding.remind]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(house.idgo, ["access", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_line(world: World, sheet, tmp_path) -> None:
    grant = give(world, sheet, reason="=HYPERLINK(1)")[0]
    listed = run("grants", "--dataset", sheet["name"])
    assert grant["id"] in listed
    assert sheet["name"] in listed
    target = tmp_path / "grants.csv"
    run("export", "--organization", "producteur", "--state", "current", "--output", str(target))
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    mine = next(row for row in rows if row["id"] == grant["id"])
    assert (mine["grantee"], mine["license_id"]) == (world.users["outsider"]["name"], "lov2")
    assert mine["reason"].startswith("'=")
    assert canary("canurl", "restricted") not in target.read_text(encoding="utf-8")
    assert "revoked" in run("revoke", grant["id"], "--reason", "Abus")
    assert not opens(world, "outsider", sheet)
    assert "ending:" in run("remind")


def test_old_activities_are_masked_in_place(world: World, sheet) -> None:
    """A row written before the plugin holds the address; afterwards the database does not."""
    from ckanext.activity.model import Activity

    secret = sheet["resources"][0]["url"]
    whole = tk.get_action("package_show")({"ignore_auth": True}, {"id": sheet["id"]})
    assert whole["resources"][0]["url"] == secret
    old = Activity(
        user_id=world.users["owner_editor"]["id"],
        object_id=sheet["id"],
        activity_type="changed package",
        data={"package": whole, "actor": "x"},
    )
    model.Session.add(old)
    model.Session.commit()
    identifier = old.id
    assert "0 changed" not in run("migrate-activities")
    model.Session.expire_all()
    kept = model.Session.get(Activity, identifier)
    assert secret not in str(kept.data)
    assert kept.data["actor"] == "x"
    assert kept.data["package"]["resources"][0]["name"] == "Lien 1"
    assert run("migrate-activities").strip().endswith("0 changed")


def test_solr_rebuilt_from_zero_gives_the_same_answers(world: World, sheet) -> None:
    give(world, sheet)
    actors = ("anonymous", "outsider", "granted_person", "expired_grant", "owner_member", "sysadmin")

    def answers() -> dict[str, Any]:
        url = "/api/3/action/package_search?q=fiche&rows=100&sort=name+asc"
        return {actor: world.get(actor, url).json["result"]["results"] for actor in actors}

    before = answers()
    clear_all()
    rebuild()
    after = answers()
    for actor in actors:
        assert after[actor] == before[actor], actor


def test_another_process_agrees_at_once(world: World, sheet) -> None:
    """Nothing is kept between requests: a grant written by another connection counts, and its end too."""
    import sqlalchemy as sa

    grant = give(world, sheet)[0]
    assert opens(world, "outsider", sheet)
    engine = sa.create_engine(tk.config["sqlalchemy.url"])
    for at, expected in ((utcnow(), False), (None, True)):
        with engine.begin() as connection:
            change = text("UPDATE idgo_access_grant SET revoked_at = :at WHERE id = :id")
            connection.execute(change, {"at": at, "id": grant["id"]})
        assert opens(world, "outsider", sheet) is expected
    with engine.begin() as connection:
        change = text("UPDATE idgo_access_grant SET codes = :codes WHERE id = :id")
        connection.execute(change, {"codes": "[1, null]", "id": grant["id"]})
    engine.dispose()
    assert not opens(world, "outsider", sheet)  # a limit that cannot be read is not "no limit"
