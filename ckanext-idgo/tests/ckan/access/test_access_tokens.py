"""Tokens: what each scope is refused, when each ends, and that nothing goes around the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from access_world import World, canary
from ckan import logic, model
from ckan.common import config
from ckan.tests import factories, helpers
from test_access_surface import SURFACE
from werkzeug.exceptions import MethodNotAllowed, NotFound

API = "/api/3/action"
MakeToken = Callable[..., str]


@pytest.fixture
def make(world: World) -> MakeToken:
    """A token of an actor, made by the action; ``owner_editor`` writes and sees everything of its own."""

    def made(scope: str | None = None, actor: str = "owner_editor", **more: Any) -> str:
        name = world.users[actor]["name"]
        asked = {"user": name, "name": "essai", **more, **({"scope": scope} if scope else {})}
        return helpers.call_action("api_token_create", context={"user": name}, **asked)["token"]

    return made


def call(world: World, token: str, path: str, method: str = "GET", **more: Any) -> Any:
    headers = {"Authorization": token, **more.pop("headers", {})}
    return world.app.client.open(path, method=method, headers=headers, follow_redirects=False, **more)


def reason(response: Any) -> tuple[int, str | None]:
    body = response.json if response.is_json else {}
    error = body.get("error", {}) if isinstance(body, dict) else {}
    return response.status_code, error.get("reason") if isinstance(error, dict) else None


REFUSED = (403, "token-scope")


def test_a_token_of_metadata_reads_descriptions_and_open_content_only(world: World, make) -> None:
    token = make("metadata")
    rid = world.sheets["restricted"].resources["upload"]
    shown = call(world, token, f"{API}/package_show?id=fiche-restricted")
    assert shown.status_code == 200
    assert b"zzrestricted" not in shown.data
    assert call(world, token, f"{API}/package_show?id={world.draft}").json["result"]["state"] == "draft"
    opened = world.sheets["open"].resources["upload"]
    assert call(world, token, f"/dataset/fiche-open/resource/{opened}/download").status_code == 200
    closed = call(world, token, f"/dataset/fiche-restricted/resource/{rid}/download")
    assert reason(closed) == REFUSED
    assert closed.json["success"] is False
    assert "no-store" in closed.headers["Cache-Control"]
    file = world.sheets["restricted"].files["resource"]
    assert reason(call(world, token, f"/file/download/{file}")) == REFUSED
    for name in ("harvest_object_show", "task_status_show", "idgo_forms_deposit_list"):
        assert reason(call(world, token, f"{API}/{name}?id=x")) == REFUSED
    for name in ("idgo_membership_request_list", "idgo_notices_list", "member_list", "api_token_list"):
        assert reason(call(world, token, f"{API}/{name}?id=x")) == REFUSED  # people are no metadata
    view = world.sheets["restricted"].views["link"]
    assert reason(call(world, token, f"{API}/resource_view_show?id={view}")) == REFUSED
    decision = call(world, token, f"{API}/idgo_access_decision_show?id={rid}").json["result"]
    assert decision["allowed"] is False


def test_a_token_of_data_reads_content_and_changes_nothing(world: World, make) -> None:
    token = make("data")
    rid = world.sheets["restricted"].resources["upload"]
    given = call(world, token, f"/dataset/fiche-restricted/resource/{rid}/download")
    assert canary("canbytes", "restricted").encode() in given.data
    shown = call(world, token, f"{API}/package_show", method="POST", json={"id": "fiche-restricted"})
    assert canary("canurl", "restricted").encode() in shown.data
    patch = call(world, token, f"{API}/package_patch", method="POST", json={"id": "fiche-open", "notes": "x"})
    assert reason(patch) == REFUSED
    assert model.Package.get("fiche-open").notes != "x"


def test_a_token_of_writing_does_what_its_owner_may(world: World, make) -> None:
    for token in (make("write"), make()):
        sent = {"id": "fiche-open", "notes": "Écrit par jeton"}
        assert call(world, token, f"{API}/package_patch", method="POST", json=sent).status_code == 200
        sent = {"id": "fiche-open", "notes": "Une fiche"}
        assert call(world, token, f"{API}/package_patch", method="POST", json=sent).status_code == 200
    outsider = make("write", actor="outsider")
    refused = call(world, outsider, f"{API}/package_patch", method="POST", json=sent)
    assert refused.status_code == 403
    assert reason(refused) != REFUSED


@pytest.mark.parametrize("scope", ["metadata", "data"])
def test_no_action_with_a_side_effect_passes_with_a_token_that_reads(
    world: World, make, scope: str, monkeypatch
) -> None:
    """Every registered action, by both methods: what CKAN says of the action decides, not the method."""
    token, ran, refused = make(scope), [], 0
    logic.get_action("package_show")
    acting = [n for n, a in logic._actions.items() if not getattr(a, "side_effect_free", False)]
    for name in set(logic._actions) - set(acting):
        assert name not in SURFACE["actions"]["write"], f"{name} says it changes nothing"
    for name in acting:
        monkeypatch.setitem(logic._actions, name, lambda context, data_dict, name=name: ran.append(name))
    for name in acting:
        for method in ("GET", "POST"):
            response = call(world, token, f"{API}/{name}", method=method, json={})
            refused += reason(response) == REFUSED
            assert response.status_code >= 400, f"{method} {name}"
    assert not ran
    assert refused > 150
    for name, asked in (("package_show", {"id": "fiche-open"}), ("package_search", {}), ("status_show", {})):
        assert call(world, token, f"{API}/{name}", method="POST", json=asked).status_code == 200


def _endpoint(world: World, path: str, method: str) -> str | None:
    try:
        return world.app.flask_app.url_map.bind("x").match(path, method)[0]
    except (NotFound, MethodNotAllowed):
        return None


@pytest.mark.parametrize("scope", ["metadata", "data"])
def test_no_view_that_may_change_something_passes_with_a_token_that_reads(
    world: World, make, scope: str
) -> None:
    """Every route but the named ones: forms, deposits, uploads, links that act when they are followed."""
    token, tried, passed = make(scope), 0, set()
    for rule in world.app.flask_app.url_map.iter_rules():
        known = {"id": "fiche-open", "name": "fiche-open", "ver": 3, "package_type": "dataset"}
        known |= {"_format": "ttl", "resource_id": world.sheets["open"].resources["upload"]}
        values = {name: known.get(name, world.draft) for name in rule.arguments}
        built = rule.build({**values, **(rule.defaults or {})})
        if built is None or rule.endpoint == "api.action":
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            response = call(world, token, built[1], method=method)
            tried += 1
            if reason(response) == REFUSED:
                continue
            if _endpoint(world, built[1], method) != rule.endpoint:  # another rule has this address
                continue
            assert method == "GET", f"{method} {built[1]}: {response.status_code}"
            passed.add(rule.endpoint)
    print(f"{tried} requests, {len(passed)} routes pass")
    assert tried > 200
    assert {"dataset.read", "dataset.search", "dataset_resource.download", "feeds.general"} <= passed
    acts = ("idgo_depot", "idgo_envois", "idgo_forms", "admin.", "harvester.", "dashboard.", "activity.dashb")
    assert not [e for e in passed if e.startswith(acts)]
    names = {"user.logout", "user.login", "user.edit", "user.api_tokens", "user.register", "user.me"}
    assert not passed & (names | {"dataset.new", "dataset.edit", "dataset.delete", "resource.edit"})


def test_a_scope_nobody_knows_opens_nothing(world: World, make) -> None:
    token = make("write")
    row = _last_token()
    for odd in ("admin", "Write", ["write"], None):
        row.set_extra("idgo_access", {"scope": odd, "ends_at": "2099-01-01T00:00:00+00:00"}, True)
        for path in (f"{API}/package_show?id=fiche-open", "/dataset/fiche-open", f"{API}/package_patch"):
            assert reason(call(world, token, path)) == REFUSED, odd
    row.set_extra("idgo_access", "write", True)
    assert call(world, token, f"{API}/api_token_list?user_id=deposante").status_code == 403


def _last_token() -> Any:
    table: Any = model.ApiToken
    return model.Session.query(table).order_by(table.created_at.desc()).first()


def _mine(world: World, token: str) -> int:
    """A question that only the signed-in owner may ask."""
    return call(world, token, f"{API}/api_token_list?user_id=deposante").status_code


def test_a_token_that_ended_was_revoked_or_lost_its_owner_is_nobody_at_once(world: World, make) -> None:
    token = make("write")
    assert _mine(world, token) == 200
    row = _last_token()
    past = (datetime.now(timezone.utc) - timedelta(seconds=1)).isoformat()
    row.set_extra("idgo_access", {"scope": "write", "ends_at": past}, True)
    assert _mine(world, token) == 403
    revoked = make("write")
    assert _mine(world, revoked) == 200
    helpers.call_action("api_token_revoke", context={"user": "deposante"}, jti=_last_token().id)
    assert _mine(world, revoked) == 403
    rid = world.sheets["restricted"].resources["upload"]
    for dead in (token, revoked):
        refused = call(world, dead, f"/dataset/fiche-restricted/resource/{rid}/download")
        assert refused.status_code == 403
    user = factories.User()
    orphan = helpers.call_action(
        "api_token_create", context={"user": user["name"]}, user=user["name"], name="x"
    )["token"]
    assert call(world, orphan, f"{API}/api_token_list?user_id={user['name']}").status_code == 200
    row = model.User.get(user["id"])
    row.state = "deleted"
    model.Session.commit()
    assert call(world, orphan, f"{API}/api_token_list?user_id={user['name']}").status_code == 403


def test_the_token_itself_holds_its_end(world: World, make) -> None:
    """Should the row be altered, the signed date still ends it."""
    from ckan.lib.api_token import decode_token

    token = make("data", expires_in_days=3)
    left = decode_token(token)["exp"] - datetime.now(timezone.utc).timestamp()
    assert 0 < 3 * 86400 - left < 60


def test_a_shorter_maximum_ends_longer_tokens_at_once(world: World, make, monkeypatch) -> None:
    token = make("write", expires_in_days=700)
    row = _last_token()
    row.created_at = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=100)
    model.Session.commit()
    assert _mine(world, token) == 200
    monkeypatch.setitem(config, "ckanext.idgo.access.token_max_days", 90)
    assert _mine(world, token) == 403


def test_a_token_from_before_writes_and_ends(world: World, make) -> None:
    token = make("metadata")
    row = _last_token()
    row.plugin_extras = None
    model.Session.commit()
    sent = {"id": "fiche-open", "notes": "Une fiche"}
    assert call(world, token, f"{API}/package_patch", method="POST", json=sent).status_code == 200
    row = _last_token()
    row.created_at = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=731)
    model.Session.commit()
    assert _mine(world, token) == 403


def test_a_token_weighs_more_than_the_cookie_beside_it(world: World, make) -> None:
    """Else a page of another site, or a script in the browser, would go around the scope with the session."""
    client = world.app.test_client()
    with client.session_transaction(base_url=config["ckan.site_url"]) as session:
        session["_user_id"] = model.User.get("deposante").get_id()
    rid = world.sheets["restricted"].resources["upload"]
    path = f"/dataset/fiche-restricted/resource/{rid}/download"
    assert client.get(path).status_code == 200
    narrow = {"Authorization": make("metadata")}
    assert reason(client.get(path, headers=narrow)) == REFUSED
    edit = "/dataset/edit/fiche-open"
    assert reason(client.post(edit, headers=narrow, data={"notes": "x"})) == REFUSED
    assert reason(client.get("/user/deposante/api-tokens", headers=narrow)) == REFUSED
    patch = {"id": "fiche-open", "notes": "x"}
    assert reason(client.post(f"{API}/package_patch", headers=narrow, json=patch)) == REFUSED


def test_what_the_action_takes_and_gives(world: World, make, monkeypatch) -> None:
    monkeypatch.setitem(config, "ckanext.idgo.access.token_max_days", 400)

    def create(**asked: Any) -> Any:
        return world.action("owner_editor", "api_token_create", user="deposante", name="n", **asked)

    made = create(scope="data", expires_in_days=30).json["result"]
    assert made["scope"] == "data"
    days = datetime.fromisoformat(made["expires_at"]) - datetime.now(timezone.utc).replace(tzinfo=None)
    assert timedelta(days=29, hours=23) < days <= timedelta(days=30)
    assert create().json["result"]["scope"] == "write"
    for wrong in ({"scope": "all"}, {"scope": ["data"]}, {"expires_in_days": 401}, {"expires_in_days": 0}):
        refused = create(**wrong)
        assert refused.status_code == 409
        assert set(refused.json["error"]) & {"scope", "expires_in_days"}
    for wrong in ("-1", "1e3", "²", True):
        assert create(expires_in_days=wrong).status_code == 409, wrong
    listed = world.get("owner_editor", f"{API}/api_token_list?user_id=deposante").json["result"]
    assert {"scope": "data", "expires_at": made["expires_at"]}.items() <= next(
        t for t in listed if t["id"] == made["id"]
    ).items()


def test_a_token_makes_none_that_outlives_it(world: World, make) -> None:
    mother = make("write", expires_in_days=2)
    sent = {"user": "deposante", "name": "fille", "expires_in_days": 300}
    daughter = call(world, mother, f"{API}/api_token_create", method="POST", json=sent).json["result"]
    limit = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=2)
    assert datetime.fromisoformat(daughter["expires_at"]) <= limit
