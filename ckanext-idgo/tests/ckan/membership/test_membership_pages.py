"""The pages: who gets in, CSRF on every form, nothing decided by GET, the terms at sign-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ckan import model
from ckan.common import config

PASSWORD = "Une-Phrase-9"  # (of the test's accounts)


class Visitor:
    """A browser without scripts: cookies, forms, CSRF tokens read from the page."""

    def __init__(self, site: Any, who: dict[str, Any] | None = None) -> None:
        self.client = site.flask_app.test_client()
        if who:
            user = model.User.get(who["id"])
            user.password = PASSWORD
            model.Session.commit()
            self.arrived = self.post("/user/login", "/user/login", login=who["name"], password=PASSWORD)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Accept-Language": "en"})

    def token(self, path: str) -> str:
        found = re.search(r'name="_csrf_token"[^>]*value="([^"]+)"', self.get(path).get_data(as_text=True))
        assert found, path
        return found[1]

    def post(self, path: str, page: str, **form: str) -> Any:
        """A form of ``page`` sent to ``path``."""
        return self.client.post(path, data={"_csrf_token": self.token(page), **form})


@pytest.fixture
def protected(world: Any, monkeypatch: Any, site: Any) -> Any:
    """CKAN's tests leave CSRF off; the application reads it at each request."""
    monkeypatch.setitem(config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(site.flask_app.config, "WTF_CSRF_ENABLED", True)
    return world


def _path(response: Any) -> str:
    return response.headers["Location"].replace("http://test.ckan.net", "")


def test_the_three_steps_and_the_decision_through_pages(protected: Any, site: Any) -> None:
    world = protected
    newcomer = Visitor(site, world.newcomer)
    assert _path(newcomer.arrived).startswith("/rejoindre/conditions?came_from=")
    assert _path(newcomer.get("/rejoindre")) == "/rejoindre/conditions"
    assert _path(newcomer.get("/rejoindre/organisme")) == "/rejoindre/conditions"
    assert newcomer.get("/dataset/").status_code == 200  # reading is not locked
    version = world.act("terms_show", None)["version"]
    page = "/rejoindre/conditions"
    assert newcomer.post(page, page, version=version).status_code == 400
    assert newcomer.post(page, page, version="1999-01-01", accept="1").status_code == 409
    away = newcomer.post(page, page, version=version, accept="1", came_from="//ailleurs.example/x")
    assert _path(away) == "/rejoindre/organisme"

    assert world.town["title"] in newcomer.get("/rejoindre/organisme?q=EXEMPLE ville").get_data(as_text=True)
    ask = f"/rejoindre/demande?organisme={world.town['name']}"
    form = {"organisme": world.town["name"], "role": "editor"}
    assert newcomer.post("/rejoindre/demande", ask, **form).status_code == 400  # no message
    assert _path(newcomer.post("/rejoindre/demande", ask, **form, message="<b>SIG</b>")) == "/mon-organisme"
    assert "Waiting since today" in newcomer.get("/mon-organisme").get_data(as_text=True)
    assert newcomer.get("/depot").status_code == 403

    desk = f"/organisme/{world.town['name']}/adhesions"
    referent = Visitor(site, world.referent)
    shown = referent.get(desk).get_data(as_text=True)
    assert "&lt;b&gt;SIG&lt;/b&gt;" in shown
    assert world.newcomer["email"] in shown
    request = world.act("request_list", world.newcomer)["results"][0]
    assert referent.post(f"{desk}/{request['id']}", desk, decision="refuse").status_code == 409  # no reason
    accepted = referent.post(f"{desk}/{request['id']}", desk, decision="accept", role="editor")
    assert _path(accepted) == desk
    assert newcomer.get("/depot").status_code == 200

    leave = f"/mon-organisme/{world.town['name']}/quitter"
    assert _path(newcomer.post(leave, leave)) == "/mon-organisme"
    assert newcomer.get("/depot").status_code == 403
    assert newcomer.get(leave).status_code == 404
    last = Visitor(site, world.referent)
    assert last.post(leave, leave).status_code == 403
    appoint = f"/mon-organisme/{world.town['name']}/successeur"
    assert last.post(appoint, leave, successor=world.rival["name"]).status_code == 400
    assert _path(last.post(leave, leave, successor=world.editor["name"])) == "/mon-organisme"
    assert world.rows(world.editor, world.town) == ["admin"]


def test_a_new_organization_is_compared_before_it_is_asked_for(protected: Any, site: Any) -> None:
    world = protected
    world.accept_terms(world.newcomer, world.desk)
    newcomer, page = Visitor(site, world.newcomer), "/rejoindre/demande"
    form = {"title": "Commune d'Exemple", "role": "admin", "message": "Nous arrivons"}
    near = newcomer.post(page, page, **form)
    assert near.status_code == 409
    assert world.town["title"] in near.get_data(as_text=True)
    assert newcomer.post(page, page, **{**form, "siren": "123456789"}, distinct="1").status_code == 400
    assert _path(newcomer.post(page, page, **form, distinct="1")) == "/mon-organisme"
    desk = Visitor(site, world.desk)
    assert world.town["title"] in desk.get("/guichet/adhesions").get_data(as_text=True)
    request = world.act("request_list", world.newcomer)["results"][0]
    queue = "/guichet/adhesions"
    sent = desk.post(f"{queue}/{request['id']}", queue, decision="accept", role="admin")
    assert _path(sent) == "/guichet/adhesions"
    assert world.act("request_show", world.newcomer, id=request["id"])["state"] == "accepted"


def _doors(world: Any, request_id: str) -> list[str]:
    town = world.town["name"]
    return [
        f"/organisme/{town}/adhesions/{request_id}",
        f"/guichet/adhesions/{request_id}",
        f"/mon-organisme/demande/{request_id}/retirer",
        f"/mon-organisme/{town}/quitter",
        f"/mon-organisme/{town}/successeur",
        "/rejoindre/conditions",
        "/rejoindre/demande",
    ]


def test_no_form_is_taken_without_its_token_and_none_by_get(protected: Any, site: Any) -> None:
    world = protected
    request = world.ask()
    world.accept_terms(world.referent)
    form = {"decision": "accept", "role": "editor", "accept": "1", "successor": world.editor["name"]}
    form |= {"message": "x", "organisme": world.town["name"]}
    referent = Visitor(site, world.referent)
    for path in _doors(world, request["id"]):
        for token in ({}, {"_csrf_token": ""}, {"_csrf_token": "forged"}):
            assert referent.client.post(path, data={**form, **token}).status_code == 400, path
    for path in _doors(world, request["id"])[:3]:
        asked = referent.client.get(path, query_string=form)
        assert asked.status_code in (404, 405), path
    assert world.act("request_show", world.referent, id=request["id"])["state"] == "pending"
    assert world.rows(world.newcomer, world.town) == []
    assert world.rows(world.referent, world.town) == ["admin"]


def test_strangers_find_no_door(protected: Any, site: Any) -> None:
    world = protected
    request = world.ask()
    world.accept_terms(world.rival, world.desk, world.editor)
    queue = f"/organisme/{world.town['name']}/adhesions"
    nobody = Visitor(site)
    assert nobody.get("/rejoindre").status_code == 200
    for path in (queue, "/guichet/adhesions", "/mon-organisme", "/rejoindre/organisme", "/rejoindre/demande"):
        assert _path(nobody.get(path)).startswith("/user/login?came_from="), path
    for who in (world.rival, world.desk, world.editor, world.newcomer):
        visitor = Visitor(site, who)
        assert visitor.get(queue).status_code == 404
        assert visitor.get("/guichet/adhesions").status_code == (200 if who is world.desk else 404)
        for path in (f"{queue}/{request['id']}", f"/guichet/adhesions/{request['id']}"):
            sent = visitor.post(path, "/mon-organisme", decision="accept", role="editor")
            # Whoever asked knows the request, and that nobody decides their own: the page is not theirs.
            assert sent.status_code in (403, 404), (who["name"], path)
    assert world.rows(world.newcomer, world.town) == []
    hidden = nobody.get(f"/organization/{world.town['name']}").get_data(as_text=True)
    assert "/adhesions" not in hidden
    assert f"/rejoindre?organisme={world.town['name']}" in hidden


def test_the_account_menu_counts_what_waits(protected: Any, site: Any) -> None:
    world = protected
    world.ask()
    world.accept_terms(world.referent, world.newcomer)
    menu = Visitor(site, world.referent).get("/mon-organisme").get_data(as_text=True)
    assert re.search(r'adhesions">.*?Membership requests.*?<span class="count">1</span>', menu, re.DOTALL)
    assert 'class="count"' not in Visitor(site, world.newcomer).get("/mon-organisme").get_data(as_text=True)


@pytest.mark.parametrize(
    "other", ["/\t/ville.example", "/\\ville.example", "//ville.example", "@ville.example"]
)
def test_signing_in_leads_to_no_other_site(protected: Any, site: Any, other: str) -> None:
    visitor = Visitor(site)
    for page in ("/user/login", "/user/_logout"):
        for name in ("came_from", "next"):
            answer = visitor.client.get(page, query_string={name: other})
            assert answer.status_code == 302
            assert "ville.example" not in answer.headers["Location"], (page, name)
    visitor = Visitor(site, protected.newcomer)
    version = protected.act("terms_show", None)["version"]
    form = {"accept": "1", "version": version, "came_from": other}
    sent = visitor.post("/rejoindre/conditions", "/rejoindre/conditions", **form)
    assert _path(sent) == "/rejoindre/organisme"
