"""Joining and leaving through the actions: nothing before a decision, nothing by oneself, nothing twice."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.common import config
from ckan.tests import factories, helpers

from ckanext.idgo.membership.core.roles import ROLES
from ckanext.idgo.membership.plugin import people, reminding

REFUSED = (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError)


def test_terms_are_accepted_before_asking_and_again_when_they_change(
    world: Any, monkeypatch: Any, tmp_path: Any
) -> None:
    asked = {"organization": world.town["name"], "role": "member", "message": "Bonjour"}
    with pytest.raises(tk.NotAuthorized, match="terms of use"):
        world.act("request_create", world.newcomer, **asked)
    shown = world.act("terms_show", world.newcomer, lang="en")
    assert shown["accepted_at"] is None
    with pytest.raises(tk.ValidationError, match="read the new version"):
        world.act("terms_accept", world.newcomer, version="1999-01-01")
    first = world.act("terms_accept", world.newcomer, version=shown["version"])
    assert world.act("terms_accept", world.newcomer, version=shown["version"]) == first
    assert world.act("terms_show", world.newcomer)["accepted_at"] == first["accepted_at"]

    for version in (shown["version"], "2026-11-20"):
        (tmp_path / "terms").mkdir(exist_ok=True)
        (tmp_path / "terms" / f"{version}.fr.md").write_text("## Conditions", encoding="utf-8")
    monkeypatch.setenv("IDGO_SCHEMAS_DIR", str(tmp_path))
    assert world.act("terms_show", world.newcomer)["accepted_at"] is None
    with pytest.raises(tk.NotAuthorized, match="terms of use"):
        world.act("request_create", world.newcomer, **asked)
    monkeypatch.setitem(config, "ckanext.idgo.terms.version", shown["version"])
    assert world.act("request_create", world.newcomer, **asked)["terms_version"] == shown["version"]


def _rights(world: Any, who: dict[str, Any], dataset: str) -> list[str]:
    """What a person manages to do with the town's things, each tried for real."""
    town = world.town["id"]
    tries = {
        "package_create": {"name": "intrus", "owner_org": town},
        "package_update": {"id": dataset, "title": "Pris"},
        "package_delete": {"id": dataset},
        "organization_patch": {"id": town, "title": "Prise"},
        "organization_member_create": {"id": town, "username": who["name"], "role": "admin"},
        "member_create": {"id": town, "object": who["id"], "object_type": "user", "capacity": "editor"},
        "organization_member_delete": {"id": town, "username": world.referent["name"]},
        "user_invite": {"group_id": town, "email": "contact@ville.example", "role": "editor"},
        "idgo_forms_deposit_create": {},
        "idgo_membership_request_list": {"organization": town},
        "idgo_membership_leave": {"organization": town, "user": world.editor["id"]},
    }
    done = []
    for action, data in tries.items():
        try:
            world.call(action, who, **data)
        except REFUSED:
            continue
        done.append(action)
    shown = world.call("package_search", who, include_private=True, q="", fq="name:ferme")
    return [*done, *(["package_search"] if shown["count"] else [])]


def test_a_pending_request_gives_nothing_and_a_decision_gives_the_role(world: Any) -> None:
    dataset = factories.Dataset(owner_org=world.town["id"], user=world.editor, name="ferme", private=True)
    request = world.ask(role="admin")
    assert world.rows(world.newcomer, world.town) == []
    assert world.rows(world.newcomer, world.town, "pending") == []
    assert _rights(world, world.newcomer, dataset["id"]) == []
    with pytest.raises(tk.NotAuthorized, match="Nobody decides their own"):
        world.decide(world.newcomer, request)

    decided = world.decide(world.referent, request, role="editor")
    assert (decided["state"], decided["decided_role"]) == ("accepted", "editor")
    assert world.rows(world.newcomer, world.town) == ["editor"]
    assert world.call("package_show", world.newcomer, id=dataset["id"])["id"] == dataset["id"]
    assert world.kinds() == ["membership.requested", "membership.accepted"]
    assert world.told[0].recipients == (world.referent["id"],)
    assert world.told[1].recipients == (world.newcomer["id"],)


def test_only_those_entitled_see_and_decide(world: Any) -> None:
    request = world.ask()
    for who in (world.rival, world.editor, world.member, world.desk, world.colleague):
        for decision in ("accept", "refuse"):
            with pytest.raises(tk.ObjectNotFound):
                world.decide(who, request, decision, reason="non")
        with pytest.raises(tk.ObjectNotFound):
            world.act("request_show", who, id=request["id"])
        with pytest.raises(tk.ObjectNotFound):
            world.act("request_withdraw", who, id=request["id"])
        with pytest.raises(tk.ObjectNotFound):
            world.act("request_list", who, organization=world.town["id"])
    for action in ("request_show", "request_decide", "request_withdraw"):
        with pytest.raises(tk.NotAuthorized):
            world.act(action, None, id=request["id"], decision="accept")
        for forged in ("nowhere", "", "x\x00", 7, ["a"], None):
            with pytest.raises((tk.ObjectNotFound, tk.ValidationError)):
                world.act(action, world.referent, id=forged, decision="accept")
    shown = world.act("request_show", world.referent, id=request["id"])
    assert shown["requester"]["email"] == world.newcomer["email"]
    assert shown["can_decide"]
    assert "requester" not in world.act("request_show", world.newcomer, id=request["id"])
    with pytest.raises(tk.NotAuthorized):
        world.act("request_withdraw", world.referent, id=request["id"])
    refused = world.decide(world.referent, request, "refuse", reason="Inconnu au service")
    assert refused["state"] == "refused"
    assert (
        world.act("request_show", world.newcomer, id=request["id"])["decision_reason"] == "Inconnu au service"
    )
    assert world.rows(world.newcomer, world.town) == []


@pytest.mark.parametrize("second", ["accept", "refuse"])
def test_a_second_decision_is_refused(world: Any, second: str) -> None:
    request = world.ask()
    world.decide(world.referent, request, "refuse", reason="non")
    with pytest.raises(tk.ValidationError, match="already been dealt with"):
        world.decide(world.sysadmin, request, second, reason="oui")
    assert world.rows(world.newcomer, world.town) == []


def _at_once(acts: list[Any]) -> list[bool]:
    """Run them at the same instant, each on a connection of its own; whether each one was done."""
    done, barrier = [False] * len(acts), threading.Barrier(len(acts))

    def run(number: int) -> None:
        barrier.wait()
        try:
            acts[number]()
            done[number] = True
        except REFUSED:
            done[number] = False
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_of_two_decisions_at_the_same_instant_one_counts(world: Any) -> None:
    request = world.ask()
    accepted, refused = _at_once(
        [
            lambda: world.decide(world.referent, request, "accept"),
            lambda: world.decide(world.sysadmin, request, "refuse", reason="non"),
        ]
    )
    assert accepted != refused
    assert bool(world.rows(world.newcomer, world.town)) == accepted
    state = world.act("request_show", world.newcomer, id=request["id"])["state"]
    assert state == ("accepted" if accepted else "refused")


def test_without_a_referent_the_guichet_decides(world: Any) -> None:
    request = world.ask(organization=world.lonely["id"], role="admin")
    assert world.told[-1].recipients == (world.desk["id"],)
    for who in (world.rival, world.referent, world.colleague):
        with pytest.raises(tk.ObjectNotFound):
            world.decide(who, request)
    queue = world.act("request_list", world.desk, guichet=True, state="pending")
    assert [row["id"] for row in queue["results"]] == [request["id"]]
    with pytest.raises(tk.ObjectNotFound):
        world.act("request_list", world.referent, guichet=True)
    world.decide(world.desk, request)
    assert world.rows(world.newcomer, world.lonely) == ["admin"]
    # Now it has one: the guichet team has no say any more.
    other = world.ask(world.member, organization=world.lonely["id"])
    with pytest.raises(tk.ObjectNotFound):
        world.decide(world.desk, other)
    world.decide(world.newcomer, other)


def test_a_new_organization_is_made_by_the_guichet_with_the_requester_in_it(world: Any) -> None:
    wanted = {"title": "Mairie d'Exemple", "siren": "218400034", "website": "https://exemple.example"}
    with pytest.raises(tk.ValidationError):
        world.ask(new_organization=wanted, organization=world.town["id"])
    with pytest.raises(tk.ValidationError):
        world.ask(new_organization=wanted, role="member")
    request = world.ask(new_organization=wanted, role="admin")
    with pytest.raises(tk.ValidationError, match="already asked"):
        world.ask(new_organization={"title": "MAIRIE d'Exemple"}, role="editor")
    with pytest.raises(tk.ObjectNotFound):
        world.decide(world.referent, request)
    shown = world.act("request_show", world.desk, id=request["id"])
    assert [one["name"] for one in shown["near_duplicates"]] == [world.town["name"]]
    made = world.decide(world.desk, request)["organization"]
    organization = helpers.call_action("organization_show", id=made["id"], include_users=True)
    assert organization["title"] == "Mairie d'Exemple"
    assert {e["key"]: e["value"] for e in organization["extras"]}["siren"] == "218400034"
    assert [(u["name"], u["capacity"]) for u in organization["users"]] == [(world.newcomer["name"], "admin")]
    done = world.act("request_list", world.desk, guichet=True, state="accepted")["results"]
    assert [row["requester"]["name"] for row in done] == [world.newcomer["name"]]
    led = world.act("request_list", world.newcomer, organization=made["id"])
    assert led["count"] == 0  # the request that made it is the guichet's


def test_nobody_climbs_by_asking(world: Any) -> None:
    own = world.ask(world.editor, role="admin")
    assert world.rows(world.editor, world.town) == ["editor"]
    with pytest.raises(tk.NotAuthorized):
        world.decide(world.editor, own)
    with pytest.raises(tk.ValidationError, match="already has"):
        world.decide(world.referent, own, role="member")  # an acceptance never lowers
    with pytest.raises(tk.ValidationError):
        world.decide(world.referent, own, role="sysadmin")
    with pytest.raises(tk.ValidationError):
        world.ask(world.editor, role="member")
    with pytest.raises(tk.NotAuthorized):
        world.ask(organization=world.guichet["name"])
    with pytest.raises(tk.ValidationError):
        world.ask(role="superadmin")
    new = {"new_organization": {"title": "Agence toute neuve"}}
    mine = world.ask(world.desk, **new, role="admin")
    with pytest.raises(tk.NotAuthorized):
        world.decide(world.desk, mine)  # not even of the guichet team
    alike = world.ask(world.sysadmin, role="member")
    with pytest.raises(tk.NotAuthorized):
        world.decide(world.sysadmin, alike)


WAYS_OUT = (
    "member_create",
    "organization_member_create",
    "group_member_create",
    "organization_member_delete",
)
WAYS_OUT += (
    "member_delete",
    "group_member_delete",
    "organization_update",
    "group_update",
    "organization_patch",
)
WAYS_OUT += ("idgo_membership_leave",)


def _out(world: Any, way: str, by: dict[str, Any], who: dict[str, Any], without: list[Any]) -> Any:
    """Take ``who`` out of the town, or down, by one of CKAN's ways; ``without``: the list of users left."""
    town = world.town
    member = {"id": town["id"], "object": who["id"], "object_type": "user"}
    data = {
        "member_create": {**member, "capacity": "editor"},
        "member_delete": member,
        "organization_member_delete": {"id": town["id"], "username": who["name"]},
        "group_member_delete": {"id": town["id"], "username": who["name"]},
        "idgo_membership_leave": {"organization": town["id"], "user": who["id"]},
    }
    if way.endswith("member_create"):
        data.setdefault(way, {"id": town["id"], "username": who["name"], "role": "member"})
    fields = {"id": town["id"], "name": town["name"], "title": town["title"], "type": "organization"}
    return world.call(way, by, **data.get(way, {**fields, "users": without}))


@pytest.mark.parametrize("way", WAYS_OUT)
def test_the_last_referent_stays_whatever_the_way(world: Any, way: str) -> None:
    rest = [{"name": world.editor["name"], "capacity": "editor"}]
    for by in (world.referent, world.sysadmin):
        with pytest.raises(REFUSED):
            _out(world, way, by, world.referent, rest)
        assert world.rows(world.referent, world.town) == ["admin"]
    assert world.kinds() == []
    # With a successor, the way is free.
    world.call(
        "organization_member_create",
        world.referent,
        id=world.town["id"],
        username=world.editor["name"],
        role="admin",
    )
    left = [
        {"name": world.editor["name"], "capacity": "admin"},
        {"name": world.member["name"], "capacity": "member"},
    ]
    _out(world, way, world.editor, world.referent, left)
    assert "admin" not in world.rows(world.referent, world.town)


def test_a_closed_account_or_the_server_is_no_successor(world: Any) -> None:
    gone = factories.User()
    helpers.call_action(
        "organization_member_create", id=world.town["id"], username=gone["name"], role="admin"
    )
    helpers.call_action(
        "user_patch", {"ignore_auth": True, "user": world.sysadmin["name"]}, id=gone["id"], state="deleted"
    )
    with pytest.raises(REFUSED):
        world.act("leave", world.referent, organization=world.town["id"])
    with pytest.raises(REFUSED):
        world.act("leave", world.referent, organization=world.town["id"], successor=gone["id"])
    with pytest.raises(REFUSED):
        world.act("leave", world.referent, organization=world.town["id"], successor=world.rival["id"])
    with pytest.raises(REFUSED):
        world.act("leave", world.referent, organization=world.town["id"], without_successor=True)
    world.act("leave", world.referent, organization=world.town["id"], successor=world.editor["name"])
    assert world.rows(world.editor, world.town) == ["admin"]
    # A sysadmin may, by saying so.
    world.act(
        "leave",
        world.sysadmin,
        organization=world.town["id"],
        user=world.editor["id"],
        without_successor=True,
    )
    assert world.rows(world.editor, world.town) == []
    assert world.told[-1].recipients == (world.desk["id"],)


@pytest.mark.parametrize("way", ["leave", "organization_member_delete", "organization_patch", "user_delete"])
def test_leaving_ends_everything_at_once_and_datasets_stay(world: Any, way: str) -> None:
    dataset = factories.Dataset(owner_org=world.town["id"], user=world.editor, private=True)
    elsewhere = factories.Dataset(owner_org=world.county["id"], private=True)
    for package in (dataset, elsewhere):
        model.Session.add(
            model.PackageMember(package_id=package["id"], user_id=world.editor["id"], capacity="editor")
        )
    model.Session.commit()
    rise = world.ask(world.editor, role="admin")
    other = world.ask(world.editor, organization=world.county["id"])
    if way == "leave":
        world.act("leave", world.editor, organization=world.town["id"])
    elif way == "organization_member_delete":
        world.call(way, world.referent, id=world.town["id"], username=world.editor["name"])
    elif way == "organization_patch":
        stay = [{"name": world.referent["name"], "capacity": "admin"}]
        world.call(way, world.referent, id=world.town["id"], users=stay)
    else:
        world.call(way, world.sysadmin, id=world.editor["id"])
    gone = way == "user_delete"
    assert world.rows(world.editor, world.town) == []
    shared = model.Session.query(model.PackageMember).filter_by(user_id=world.editor["id"]).all()
    assert [row.package_id for row in shared] == ([] if gone else [elsewhere["id"]])
    states = {r: world.act("request_show", world.sysadmin, id=r)["state"] for r in (rise["id"], other["id"])}
    assert states == {rise["id"]: "withdrawn", other["id"]: "withdrawn" if gone else "pending"}
    kept = helpers.call_action("package_show", id=dataset["id"])
    assert (kept["owner_org"], kept["state"]) == (world.town["id"], "active")
    # Whoever took somebody out knows it already.
    assert ("membership.left" in world.kinds()) == (way in ("leave", "user_delete"))
    if not gone:
        for action in ("package_show", "package_delete"):
            with pytest.raises(REFUSED):
                world.call(action, world.editor, id=dataset["id"])


def test_a_referent_acts_inside_their_organization_only(world: Any) -> None:
    for role, who in itertools.product(ROLES, (world.newcomer, world.referent)):
        with pytest.raises(tk.NotAuthorized):
            world.call(
                "organization_member_create",
                world.referent,
                id=world.county["id"],
                username=who["name"],
                role=role,
            )
    with pytest.raises(REFUSED):
        world.act("leave", world.referent, organization=world.county["id"], user=world.rival["id"])
    with pytest.raises(REFUSED):
        world.act("leave", world.editor, organization=world.town["id"], user=world.member["id"])
    world.act("leave", world.referent, organization=world.town["id"], user=world.member["id"])
    assert world.rows(world.member, world.town) == []


def test_reminders_are_said_once_and_nothing_expires(world: Any) -> None:
    request = world.ask()
    world.told.clear()
    assert reminding.remind() == (0, 1)
    for days, expected in ((3.1, 1), (0.5, 0), (4, 1), (90, 0)):
        world.age(request, days)
        assert reminding.remind() == (expected, 1)
        assert reminding.remind() == (0, 1)
    assert [event.facts["days"] for event in world.told] == ["3", "7"]
    assert {event.recipients for event in world.told} == {(world.referent["id"],)}
    late = world.ask(organization=world.county["id"])
    world.told.clear()
    world.age(late, 20)  # the job did not run for three weeks: one message, not two
    reminding.remind()
    assert [event.facts["days"] for event in world.told] == ["7"]
    world.act("request_withdraw", world.newcomer, id=request["id"])
    assert world.act("request_show", world.newcomer, id=request["id"])["state"] == "withdrawn"
    assert reminding.remind() == (0, 1)


def test_nobody_is_forgotten_when_those_who_decide_go(world: Any) -> None:
    waits = world.ask()
    world.age(waits, 8)
    assert reminding.remind() == (1, 1)
    gone = {"organization": world.town["id"], "user": world.referent["id"]}
    world.act("leave", world.sysadmin, **gone, without_successor=True)
    world.told.clear()
    assert reminding.remind() == (1, 1)  # said again, to the guichet team now
    assert world.told[0].recipients == (world.desk["id"],)
    world.call("organization_delete", world.sysadmin, id=world.town["id"])
    queue = world.act("request_list", world.desk, guichet=True, state="pending")
    assert [row["id"] for row in queue["results"]] == [waits["id"]]
    with pytest.raises(tk.ValidationError, match="closed"):
        world.decide(world.desk, waits)
    world.decide(world.desk, waits, "refuse", reason="Organisme fermé")
    assert world.rows(world.newcomer, world.town) == []


def test_two_referents_who_leave_at_the_same_instant_are_not_both_let_go(world: Any) -> None:
    second = {"id": world.town["id"], "username": world.editor["name"]}
    world.call("organization_member_create", world.referent, **second, role="admin")
    ways = [("idgo_membership_leave", {"organization": world.town["id"]})]
    ways.append(("organization_member_delete", {"id": world.town["id"], "username": world.editor["name"]}))
    done = _at_once(
        [
            lambda: world.call(ways[0][0], world.referent, **ways[0][1]),
            lambda: world.call(ways[1][0], world.editor, **ways[1][1]),
        ]
    )
    assert sorted(done) == [False, True]
    left = [world.rows(who, world.town) for who in (world.referent, world.editor)]
    assert sorted(left) == [[], ["admin"]]


def test_lists_are_cut_and_odd_values_refused(world: Any) -> None:
    for place in (world.town, world.county, world.lonely):
        world.ask(organization=place["id"])
    with pytest.raises(tk.ValidationError, match="already asked"):
        world.ask()
    mine = world.act("request_list", world.newcomer, limit=2)
    assert (mine["count"], len(mine["results"])) == (3, 2)
    for odd in (
        {"limit": -1},
        {"offset": "x"},
        {"limit": True},
        {"state": "granted"},
        {"state": ["pending"]},
    ):
        with pytest.raises(tk.ValidationError):
            world.act("request_list", world.newcomer, **odd)
    for odd in (
        {"message": ""},
        {"message": 3},
        {"message": "x" * 2001},
        {"role": None},
        {"organization": []},
    ):
        with pytest.raises(REFUSED):
            world.ask(world.member, **{"organization": world.county["id"], **odd})
    shown = world.act("referents_list", world.newcomer, organization=world.town["id"])
    assert shown == {"count": 1, "decided_by": "referents", "referents": []}
    inside = world.act("referents_list", world.member, organization=world.town["id"])
    assert [one["name"] for one in inside["referents"]] == [world.referent["name"]]


def test_an_invitation_by_a_referent_still_works(world: Any, mail_server: Any) -> None:
    invited = world.call(
        "user_invite", world.referent, group_id=world.town["id"], email="contact@ville.example", role="editor"
    )
    assert world.rows(invited, world.town) == ["editor"]
    assert len(mail_server.get_smtp_messages()) == 1


@pytest.mark.parametrize(
    "change", [{"state": "deleted"}, {"approval_status": "denied"}, {"state": "deleted", "users": []}]
)
@pytest.mark.parametrize("way", ["organization_patch", "organization_update", "group_update"])
def test_a_referent_does_not_close_the_organization(world: Any, way: str, change: dict[str, Any]) -> None:
    """CKAN takes ``state`` from an organisation's administrator, whatever the rule about deleting says."""
    town = {"id": world.town["id"], "name": world.town["name"], "title": "Ville", "type": "organization"}
    with pytest.raises(tk.NotAuthorized):
        world.call(way, world.referent, **town, **change)
    model.Session.expire_all()
    group = model.Group.get(world.town["id"])
    assert (group.state, group.approval_status) == ("active", "approved")
    assert world.rows(world.referent, world.town) == ["admin"]
    same = {"state": "active", "approval_status": "approved", "description": "Relue"}
    assert world.call(way, world.referent, **town, **same)["description"] == "Relue"
    if "approval_status" in change:
        world.call("organization_patch", world.sysadmin, id=town["id"], **change)
        with pytest.raises(tk.NotAuthorized):  # nor does one open again what the site closed
            world.call(way, world.referent, **{**town, "approval_status": "approved"})


def test_two_referents_do_not_demote_each_other_at_once(world: Any, monkeypatch: Any) -> None:
    """The referents are counted under the lock: what was counted before may have changed while waiting."""
    second = world.colleague
    town = world.town["id"]
    world.call("organization_member_create", world.referent, id=town, username=second["name"], role="admin")
    lock = people.lock

    def after_the_other(organization_id: str) -> None:
        row = model.Session.query(model.Member).filter_by(
            table_name="user", table_id=second["id"], group_id=town, state="active"
        )
        row.update({"capacity": "member"})
        model.Session.flush()
        lock(organization_id)

    monkeypatch.setattr(people, "lock", after_the_other)
    demotion = {"id": town, "username": world.referent["name"], "role": "member"}
    with pytest.raises(tk.NotAuthorized, match="last referent"):
        world.call("organization_member_create", second, **demotion)
    assert world.rows(world.referent, world.town) == ["admin"]
