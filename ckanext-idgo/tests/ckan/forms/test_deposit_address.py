"""An address given in the form, and a scripted server behind it that misbehaves (issue 3, bad input)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories, helpers

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "common"))

from conftest import CSV, PLUGINS, World
from guarded_servers import Handler, serving

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

INSIDE = "est une adresse de cette machine ou de son réseau"
REDIRECTS = {
    "/loop": "/loop",
    "/home": "http://127.0.0.1:1/secret.csv",
    "/home6": "http://[::1]/secret.csv",
    "/neighbour": "http://192.168.1.1/secret.csv",
    "/metadata": "http://169.254.169.254/latest/meta-data/",
    "/disk": "file:///etc/passwd",
}


class Form:
    """The deposit's pages, as a browser without scripts sends them."""

    def __init__(self, app: Any, world: World, base: str) -> None:
        self.client, self.world, self.base = app.flask_app.test_client(), world, base
        self.token = factories.APIToken(user=world.editor["name"])["token"]

    def __call__(self, method: str, url: str, **more: Any) -> Any:
        return self.client.open(url, method=method, headers={"Authorization": self.token}, **more)

    def give(self, path: str, draft: str = "") -> tuple[str, str]:
        """Post the address; gives the draft's page and where it is."""
        target = f"{draft}/fichier" if draft else "/depot"
        sent = self("POST", target, data={"url": path if "://" in path else self.base + path})
        assert sent.status_code == 302, sent.text
        place = sent.headers["Location"].replace("http://test.ckan.net", "")
        return self("GET", place).text, place


@pytest.fixture
def form(world: World, app: Any, monkeypatch: pytest.MonkeyPatch, ckan_config: Any) -> Iterator[Form]:
    with serving(REDIRECTS) as (port, _):
        limits = {"connect_seconds": 0.5, "read_seconds": 0.4, "total_seconds": 1.5}
        for name, value in {"allow": [f"127.0.0.1:{port}"], **limits}.items():
            monkeypatch.setitem(ckan_config, f"ckanext.idgo.http.{name}", value)
        monkeypatch.setitem(ckan_config, "ckan.max_resource_size", 1)
        monkeypatch.setattr(
            Handler, "plain", lambda self: self._answer(200, CSV, {"Content-Type": "text/csv"})
        )
        page = b"<!DOCTYPE html>\n<html><head><title>Fontaines</title></head><body>Rien ici.</body></html>"
        monkeypatch.setattr(Handler, "page", lambda self: self._answer(200, page, {}), raising=False)
        yield Form(app, world, f"http://127.0.0.1:{port}")


def test_what_an_address_does_wrong_is_said_and_what_was_typed_stays(form: Form) -> None:
    text, draft = form.give("/silent")
    assert "ne répond pas à temps" in text
    form.world.act("update", id=draft[-36:], fields={"title": "Fontaines", "notes": "Tapé avant."})
    wrong = {
        "/loop": "renvoie trop de fois",
        "/home": INSIDE,
        "/home6": INSIDE,
        "/neighbour": INSIDE,
        "/metadata": INSIDE,
        "/disk": "pas « file »",
        "/page": "C’est une page web",
        "/missing": "a répondu par l’erreur 404",
        "/announced-large": "dépasse la limite de 1 Mo",
        "/endless": "dépasse la limite de 1 Mo",
        "/cut": "a échoué ou s’est interrompue",
        "/dripping-body": "ne répond pas à temps",
        "http://localhost/a.csv": INSIDE,
        "http://10.1.2.3/a.csv": INSIDE,
    }
    for path, sentence in wrong.items():
        text, _ = form.give(path, draft)
        assert sentence in text.replace("\xa0", " "), path
        assert "Tapé avant." in text
        assert "Rien de ce que vous avez tapé n’est perdu" in text.replace("\xa0", " ")
    text, _ = form.give("/plain", draft)
    assert "Reçu et lu" in text
    assert 'value="Fontaines"' in text
    assert helpers.call_action("package_search")["count"] == 0


def test_an_address_of_another_shape_is_refused_at_its_field_and_the_file_stays(form: Form) -> None:
    for url in ("file:///etc/passwd", "ftp://ville.example/a.csv", "fontaines.csv"):
        refused = form("POST", "/depot", data={"url": url})
        assert refused.status_code == 400
        assert 'aria-describedby="url-hint url-error"' in refused.text
        assert f'value="{url}"' in refused.text
    assert form.world.act("list") == []
    _, draft = form.give("/plain")
    refused = form("POST", f"{draft}/fichier", data={"url": "file:///etc/passwd"})
    assert refused.status_code == 400
    assert "Donnez une adresse complète" in refused.text
    assert form.world.act("show", id=draft[-36:])["files"][0]["state"] == "read"


def test_an_address_is_tried_again(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    _, draft = form.give("/missing")
    monkeypatch.setattr(Handler, "missing", lambda self: self._answer(200, CSV, {}))
    assert "/relire" in form("GET", draft).text
    assert form("POST", f"{draft}/relire").status_code == 302
    assert "Reçu et lu" in form("GET", draft).text


def test_only_the_site_itself_draws(world: World) -> None:
    """The drawing takes a path: closed to everybody, sysadmins included."""
    import ckan.plugins.toolkit as tk

    boss = factories.Sysadmin()
    given = {"path": "/etc/passwd", "filename": "a.csv", "facts": {}}
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("idgo_viewer_sketch")({"user": boss["name"], "ignore_auth": False}, given)


def test_the_draft_is_drawn_for_its_owner_only(world: World, form: Form, app: Any) -> None:
    _, draft = form.give("/plain")
    shown = form("GET", f"{draft}/carte.svg")
    assert shown.mimetype == "image/svg+xml"
    assert shown.text.count("<circle") == 2
    assert shown.headers["Cache-Control"].startswith("private")
    token = factories.APIToken(user=world.colleague["name"])["token"]
    other = app.flask_app.test_client().get(f"{draft}/carte.svg", headers={"Authorization": token})
    assert other.status_code == 404


def test_the_card_says_what_the_drawing_leaves_out() -> None:
    from ckanext.idgo.forms.plugin import fact_helpers
    from ckanext.idgo.viewer.core import preview, sketch

    said = (fact_helpers.SKETCHED_LAYERS, fact_helpers.SKETCHED_FEATURES, fact_helpers.SKETCHED_BYTES)
    assert said == (len(sketch.LAYER_COLOURS), preview.SKETCH_FEATURES, preview.MAX_BYTES)
