"""tus 1.0.0 at ``/idgo/depot/envois``, and the pages, through HTTP."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from ckan.tests import factories

from ckanext.idgo.common.core.errors import TooLarge
from ckanext.idgo.common.core.sizes import Size
from ckanext.idgo.forms.plugin import edge

sys.path.insert(0, str(Path(__file__).parent))

from conftest import CSV, PLUGINS, World

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

HERE = "/idgo/depot/envois"
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Client:
    """Requests with the token of one user."""

    def __init__(self, app: Any, user: dict[str, Any]) -> None:
        self.client = app.flask_app.test_client()
        self.token = factories.APIToken(user=user["name"])["token"]

    def __call__(self, method: str, url: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        return self.client.open(
            url, method=method, headers={"Authorization": self.token, **(headers or {})}, **more
        )

    def begin(self, length: int, filename: str = "eau.csv", **more: str) -> Any:
        pairs = {"filename": filename, **more}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
        return self("POST", HERE, {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata})


@pytest.fixture
def client(world: World, app: Any) -> Client:
    return Client(app, world.editor)


def test_what_the_server_can_do(client: Client) -> None:
    answer = client("OPTIONS", HERE)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert "creation" in answer.headers["Tus-Extension"]
    assert int(answer.headers["Tus-Max-Size"]) > 0


def test_a_cut_upload_goes_on_where_it_stopped(client: Client, world: World) -> None:
    address = client.begin(len(CSV)).headers["Location"]
    assert (
        client("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=CSV[:20]).headers["Upload-Offset"]
        == "20"
    )
    assert client("HEAD", address, TUS).headers["Upload-Offset"] == "20"
    wrong = client("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=CSV)
    assert wrong.status_code == 409
    done = client("PATCH", address, {**PATCH, "Upload-Offset": "20"}, data=CSV[20:])
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(CSV)))
    file = world.act("show", id=address.split("/")[-2])["files"][0]
    assert (file["state"], file["facts"]["hash"]) == ("read", f"sha256:{hashlib.sha256(CSV).hexdigest()}")


def test_too_large_is_refused_before_it_is_sent_and_names_the_limit(client: Client, ckan_config: Any) -> None:
    limit = int(ckan_config["ckan.max_resource_size"]) * 1024 * 1024
    answer = client.begin(limit + 1)
    assert answer.status_code == 413
    assert "limit" in answer.json["error"]["message"]
    assert client.begin(limit).status_code == 201


@pytest.mark.parametrize(("language", "limit"), [("fr", "2\u00a0Go"), ("en", "2\u00a0GB")])
def test_the_limit_is_said_in_the_language_of_the_page(
    client: Client, world: World, language: str, limit: str
) -> None:
    length = {**TUS, "Upload-Length": str(3 * 1024**3), "Upload-Metadata": "filename YQ=="}
    refused = client("POST", f"/{language}{HERE}", headers=length)
    assert limit in refused.json["error"]["message"]
    assert limit in client("GET", f"/{language}/depot").get_data(as_text=True)


def test_a_size_kept_in_a_draft_is_said_later_in_any_language(app: Any) -> None:
    kept = json.loads(json.dumps(edge.kept(TooLarge("large", "More than {limit}", limit=Size(1536)))))
    for language, said in (("fr", "1,5\u00a0ko"), ("en", "1.5\u00a0kB")):
        with app.flask_app.test_request_context(f"/{language}/", environ_overrides={"CKAN_LANG": language}):
            assert edge.message(kept) == f"More than {said}"


def test_more_than_announced_is_refused_and_not_kept(client: Client) -> None:
    address = client.begin(10).headers["Location"]
    assert client("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=b"x" * 11).status_code == 413
    assert client("HEAD", address, TUS).headers["Upload-Offset"] == "0"


def test_a_wrong_checksum_keeps_nothing(client: Client) -> None:
    address = client.begin(10).headers["Location"]
    digest = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    headers = {**PATCH, "Upload-Offset": "0", "Upload-Checksum": f"sha256 {digest}"}
    assert client("PATCH", address, headers, data=b"x" * 10).status_code == 460
    assert client("HEAD", address, TUS).headers["Upload-Offset"] == "0"


def test_two_writers_at_once_are_one_too_many(client: Client) -> None:
    from ckanext.idgo.forms.plugin import store

    address = client.begin(10).headers["Location"]
    with store.path_of(*address.split("/")[-2:]).open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert client("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=b"x" * 5).status_code == 423
    assert client("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=b"x" * 5).status_code == 204


def test_only_its_owner_touches_an_upload(client: Client, world: World, app: Any) -> None:
    address = client.begin(10).headers["Location"]
    colleague = Client(app, world.colleague)
    assert colleague("HEAD", address, TUS).status_code == 404
    assert colleague("PATCH", address, {**PATCH, "Upload-Offset": "0"}, data=b"x").status_code == 404
    assert colleague("DELETE", address, TUS).status_code == 404
    assert Client(app, world.reader).begin(10).status_code == 403
    assert app.flask_app.test_client().post(HERE, headers={**TUS, "Upload-Length": "1"}).status_code == 403


def test_an_upload_can_be_given_up(client: Client) -> None:
    address = client.begin(10).headers["Location"]
    assert client("DELETE", address, TUS).status_code == 204
    assert client("HEAD", address, TUS).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "5"}, 412),
        ({**TUS}, 400),
        ({**TUS, "Upload-Length": "0"}, 400),
        ({**TUS, "Upload-Length": "many"}, 400),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "filename !!"}, 400),
    ],
)
def test_a_creation_that_is_none(client: Client, headers: dict[str, str], status: int) -> None:
    assert client("POST", HERE, headers).status_code == status


def test_the_body_has_its_type(client: Client) -> None:
    address = client.begin(10).headers["Location"]
    assert client("PATCH", address, {**TUS, "Upload-Offset": "0"}, data=b"x").status_code == 415


def test_pages_ask_who_you_are_and_lead_back(world: World, app: Any) -> None:
    answer = app.flask_app.test_client().get("/depot")
    assert answer.status_code == 302
    assert "came_from=/depot" in answer.headers["Location"].replace("%2F", "/")
    assert Client(app, world.reader)("GET", "/depot").status_code == 403


def test_a_form_of_another_site_is_refused(world: World, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    import ckan.plugins.toolkit as tk

    monkeypatch.setitem(tk.config, "WTF_CSRF_ENABLED", True)
    session = app.flask_app.test_client()
    with session.session_transaction() as cookie:
        cookie["_user_id"] = world.editor["id"]
        cookie["_fresh"] = True
    before = world.act("list")
    session.post("/depot", data={"url": "https://ville.example/a.csv"})
    answer = session.post(HERE, headers={**TUS, "Upload-Length": "5"})
    assert (answer.status_code, answer.json["error"]["__type"]) == (400, "CSRF Error")
    assert world.act("list") == before


def test_the_form_shows_script_as_text(world: World, client: Client) -> None:
    draft = world.act(
        "create",
        fields={"title": "<script>alert(1)</script>", "notes": "</textarea><script>alert(2)</script>"},
    )
    page = client("GET", f"/depot/{draft['id']}").text
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_form_works_without_scripts(world: World, client: Client) -> None:
    import io

    sent = client(
        "POST", "/depot", data={"upload": (io.BytesIO(CSV), "eau.csv")}, content_type="multipart/form-data"
    )
    assert sent.status_code == 302
    address = sent.headers["Location"].replace("http://test.ckan.net", "")
    assert "eau.csv" in client("GET", address).text
    refused = client("POST", address, data={"title": "Points d'eau", "act": "publish"})
    assert refused.status_code == 400
    assert 'aria-describedby="m-notes' in refused.text
    assert "Points d&#39;eau" in refused.text
    answers = {**world.answers(), "tags": "eau", "territory": "Arles (13004)", "act": "publish"}
    published = client("POST", address, data=answers)
    assert published.status_code == 302, published.text
    assert world.call("package_show", id=published.headers["Location"].rsplit("/", 1)[-1])["territory"] == [
        "commune:13004"
    ]


def test_cks_edit_address_opens_the_ten_fields(world: World, client: Client) -> None:
    name = world.published()["name"]
    answer = client("GET", f"/dataset/edit/{name}")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/depot/modifier/{name}")


def test_remove_and_put_back_from_the_pages(world: World, client: Client) -> None:
    name = world.published()["name"]
    assert client("POST", f"/depot/retirer/{name}").status_code == 200
    assert world.call("package_show", id=name)["state"] == "deleted"
    assert client("POST", f"/depot/retablir/{name}").status_code == 302
    assert world.call("package_show", id=name)["state"] == "active"


@pytest.mark.parametrize("body", ["[1]", '"x"', "1", "null", "{"])
def test_an_autosave_that_is_not_an_object_is_refused(world: World, client: Client, body: str) -> None:
    draft = world.act("create")
    address = f"/depot/{draft['id']}/champs"
    answer = client("POST", address, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["message"] == "Les champs sont un objet de noms et de valeurs."
