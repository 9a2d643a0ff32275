"""Downloads on the server as it runs, and the page where tokens are made."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser
from test_pages import WIDTHS, _context, _faults, _sign_in

READERS = 50
SIZE_BYTES = 40_000_000


def _api(instance: dict[str, Any], action: str, files: Any = None, token: str = "", **fields: Any) -> Any:
    sent = {"data": fields, "files": files} if files else {"json": fields}
    headers = {"Authorization": token or instance["accounts"]["contributor"]["token"]}
    return requests.post(f"{instance['url']}/api/3/action/{action}", headers=headers, timeout=120, **sent)


@pytest.fixture(scope="module")
def big(instance: dict[str, Any]) -> Iterator[str]:
    """Path of an open download, larger than what sockets hold between a server and a reader."""
    mine = _api(instance, "organization_list_for_user", permission="create_dataset").json()["result"][0]["id"]
    fields = {"owner_org": mine, "notes": "Fichier de mesure. " * 5, "theme": "environnement-et-climat"}
    fields |= {"territory": ["departement:84"], "license_id": "lov2", "access_tier": "open"}
    fields |= {"frequency": "annually", "data_family": "statistical", "tags": [{"name": "mesure"}]}
    made = _api(instance, "package_create", name="essai-gros", title="Gros fichier", **fields).json()[
        "result"
    ]
    upload = {"upload": ("gros.bin", bytes(SIZE_BYTES))}
    resource = _api(instance, "resource_create", upload, package_id=made["id"], name="Gros, BIN").json()
    yield f"/dataset/{made['id']}/resource/{resource['result']['id']}/download"
    _api(instance, "package_delete", id=made["id"])


def _ask(instance: dict[str, Any], path: str) -> socket.socket:
    parts = urlsplit(instance["url"])
    sock = socket.create_connection((parts.hostname, parts.port), timeout=60)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
    return sock


def test_fifty_readers_who_do_not_read_freeze_no_page(instance: dict[str, Any], big: str) -> None:
    waiting = [_ask(instance, big) for _ in range(READERS)]
    try:
        assert {sock.recv(12) for sock in waiting} == {b"HTTP/1.1 200"}
        start = time.monotonic()
        for _ in range(6):  # both workers answer
            assert requests.get(instance["url"] + "/api/3/action/status_show", timeout=30).status_code == 200
        assert time.monotonic() - start < 30
    finally:
        for sock in waiting:
            sock.close()
    whole = requests.get(instance["url"] + big, timeout=60)
    assert (whole.status_code, len(whole.content)) == (200, SIZE_BYTES)
    part = requests.get(instance["url"] + big, headers={"Range": "bytes=-5"}, timeout=60)
    assert (part.status_code, part.content) == (206, bytes(5))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_token_is_made_on_its_page_with_a_scope_and_an_end(
    browser: Browser, instance: dict[str, Any], width: int
) -> None:
    context, wrong = _context(browser, width)
    page = context.new_page()
    _sign_in(page, instance, "contributor")
    name = instance["accounts"]["contributor"]["name"]
    page.goto(f"{instance['url']}/user/{name}/api-tokens")
    page.wait_for_load_state("networkidle")
    assert _faults(page) == []
    page.fill("form[hx-post] input[name=name]", f"Essai {width}")
    page.get_by_label("Lire les fiches").check()
    page.fill("#token-days", "30")
    page.locator("button[value=create]").click()
    shown = page.locator("#api-tokens-table code", has_text="eyJ")
    shown.wait_for()
    token = shown.inner_text()
    assert _faults(page) == []
    assert _api(instance, "package_search", token=token).status_code == 200
    refused = _api(instance, "package_patch", token=token, id="x")
    assert (refused.status_code, refused.json()["error"]["reason"]) == (403, "token-scope")
    listed = _api(instance, "api_token_list", user_id=name).json()["result"]
    mine = next(t for t in listed if t["name"] == f"Essai {width}")
    assert mine["scope"] == "metadata"
    page.reload()
    row = page.locator(f"#token-{mine['id']}")
    assert "Lire les fiches" in row.inner_text()
    assert _api(instance, "api_token_revoke", jti=mine["id"]).status_code == 200
    assert _api(instance, "api_token_list", token=token, user_id=name).status_code == 403
    context.close()
    assert wrong == []
