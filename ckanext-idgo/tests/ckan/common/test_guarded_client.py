"""The guarded client on real sockets: servers that lie, drip, never end, or send elsewhere (issue 3)."""

from __future__ import annotations

import hashlib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from guarded_servers import BODY, serving

from ckanext.idgo.common.core.addresses import Policy
from ckanext.idgo.common.core.errors import ForbiddenUrl, IdgoError, TooLarge, Unavailable
from ckanext.idgo.common.plugin import http
from ckanext.idgo.common.plugin.http import GuardedClient, Limits
from ckanext.idgo.common.plugin.http_body import filename_of

FAST = Limits(connect_seconds=0.5, read_seconds=0.4, total_seconds=0.8, max_bytes=100_000)


def client_for(*names: str, limits: Limits = FAST) -> GuardedClient:
    return GuardedClient(policy=Policy.of([80, 443], names), limits=limits)


@pytest.fixture
def server() -> Iterator[tuple[str, GuardedClient]]:
    with serving() as (port, _):
        yield f"http://127.0.0.1:{port}", client_for(f"127.0.0.1:{port}")


def code_of(call: Callable[[], object]) -> tuple[type, str]:
    with pytest.raises(IdgoError) as caught:
        call()
    return type(caught.value), caught.value.code


def test_an_allowed_server_is_read(server: tuple[str, GuardedClient], tmp_path: Path) -> None:
    base, client = server
    answer = client.get(f"{base}/plain")
    assert (answer.body, answer.status, answer.mimetype) == (BODY, 200, "text/csv")
    assert client.head(f"{base}/plain").headers["content-length"] == str(len(BODY))
    got = client.download(f"{base}/plain", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == BODY
    assert (got.filename, got.size_bytes, got.mimetype) == ("défib.csv", len(BODY), "text/csv")
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize("path", ["zipped", "chunked", "announced-short"])
def test_a_body_is_read_as_it_was_meant(server: tuple[str, GuardedClient], path: str) -> None:
    base, client = server
    assert client.get(f"{base}/{path}").body == BODY


def test_a_conditional_request_may_be_answered_unchanged(server: tuple[str, GuardedClient]) -> None:
    base, client = server
    assert client.get(f"{base}/unchanged", {"If-None-Match": '"a"'}).status == 304


@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [
        ("bomb", TooLarge, "answer-too-large"),
        ("announced-large", TooLarge, "answer-too-large"),
        ("endless", TooLarge, "answer-too-large"),
        ("cut", Unavailable, "broken-answer"),
        ("damaged", Unavailable, "broken-encoding"),
        ("brotli", Unavailable, "unknown-encoding"),
        ("missing", Unavailable, "http-status"),
        ("silent", Unavailable, "no-answer-in-time"),
        ("dripping-body", Unavailable, "no-answer-in-time"),
        ("dripping-headers", Unavailable, "no-answer-in-time"),
    ],
)
def test_a_bad_answer_is_a_clear_error_in_bounded_time(
    server: tuple[str, GuardedClient], tmp_path: Path, path: str, kind: type, code: str
) -> None:
    base, client = server
    started = time.monotonic()
    target = tmp_path / "out"
    assert code_of(lambda: client.download(f"{base}/{path}", target)) == (kind, code)
    assert time.monotonic() - started < 1.5
    assert list(tmp_path.iterdir()) == []  # nothing whole, nothing partial


def test_the_limit_may_be_given_a_call(server: tuple[str, GuardedClient]) -> None:
    base, client = server
    assert code_of(lambda: client.get(f"{base}/plain", max_bytes=3)) == (TooLarge, "answer-too-large")
    assert len(client.get(f"{base}/bomb", max_bytes=6_000_000).body) == 5_000_000


def test_redirects_pass_the_same_gates(tmp_path: Path) -> None:
    with serving() as (other_port, other_seen):
        targets = {
            "/good": "/plain",
            "/loop": "/loop",
            "/to-private": f"http://127.0.0.1:{other_port}/plain",
            "/to-name": f"http://localhost:{other_port}/plain",
            "/to-file": "file:///etc/passwd",
            "/to-meta": "http://169.254.169.254/latest/meta-data/",
            "/to-login": "http://user:secret@example.org/",
        }
        with serving(targets) as (port, _):
            base, client = f"http://127.0.0.1:{port}", client_for(f"127.0.0.1:{port}")
            assert client.get(f"{base}/good").final_url == f"{base}/plain"
            for path, kind, code in (
                ("to-private", ForbiddenUrl, "url-address"),
                ("to-name", ForbiddenUrl, "url-address"),
                ("to-file", ForbiddenUrl, "url-scheme"),
                ("to-meta", ForbiddenUrl, "url-address"),
                ("to-login", ForbiddenUrl, "url-credentials"),
                ("loop", Unavailable, "too-many-redirects"),
            ):
                assert code_of(lambda path=path: client.get(f"{base}/{path}")) == (kind, code)
        assert other_seen == []


def test_private_addresses_are_refused_before_any_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: object) -> socket.socket:
        raise AssertionError(f"connected to {args}")

    monkeypatch.setattr(http.socket, "create_connection", connect)
    for answer in (
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
        ["64:ff9b::a00:1"],
    ):
        client = GuardedClient(resolver=lambda host, port, answer=answer: answer)
        assert code_of(lambda client=client: client.get("http://example.org/")) == (
            ForbiddenUrl,
            "url-address",
        )


def test_a_name_server_that_changes_its_mind_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when checked, loopback when asked again. It is asked once a hop."""
    answers = iter([["93.184.216.34", "93.184.216.35"], ["127.0.0.1"]])
    tried: list[str] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(http.socket, "create_connection", connect)
    client = GuardedClient(resolver=lambda host, port: next(answers), limits=FAST)
    assert code_of(lambda: client.get("http://example.org/")) == (Unavailable, "broken-answer")
    assert tried == ["93.184.216.34", "93.184.216.35"]
    assert code_of(lambda: client.get("http://example.org/")) == (ForbiddenUrl, "url-address")
    assert len(tried) == 2


def test_the_connection_goes_to_the_checked_address_under_the_hosts_name() -> None:
    with serving() as (port, seen):
        name = f"catalogue.example:{port}"
        client = GuardedClient(
            policy=Policy.of([80], [name]), limits=FAST, resolver=lambda host, port: ["127.0.0.1"]
        )
        assert client.get(f"http://{name}/plain").body == BODY
        assert seen == [(name, "/plain")]


def test_a_name_that_does_not_exist_and_one_that_takes_too_long() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    def slow(host: str, port: int) -> list[str]:
        time.sleep(1)
        return ["93.184.216.34"]

    unknown = GuardedClient(resolver=nobody, limits=FAST)
    assert code_of(lambda: unknown.get("http://example.org/")) == (Unavailable, "unknown-host")
    late = GuardedClient(resolver=slow, limits=Limits(total_seconds=0.2))
    assert code_of(lambda: late.get("http://example.org/")) == (Unavailable, "no-answer-in-time")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for ``secure.example``, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return folder


def test_the_certificate_is_checked_for_the_name_not_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with serving(wrap=lambda s: context.wrap_socket(s, server_side=True)) as (port, _):
        names = [f"secure.example:{port}", f"other.example:{port}"]
        client = GuardedClient(
            policy=Policy.of([443], names), limits=FAST, resolver=lambda host, port: ["127.0.0.1"]
        )
        assert code_of(lambda: client.get(f"https://{names[0]}/")) == (Unavailable, "bad-certificate")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate / "cert.pem"))
        assert client.get(f"https://{names[0]}/").body == BODY
        assert code_of(lambda: client.get(f"https://{names[1]}/")) == (Unavailable, "bad-certificate")


@pytest.mark.parametrize(
    ("disposition", "url", "name"),
    [
        ("", "https://a.example/x/%C3%A9coles.csv?y=1", "écoles.csv"),
        ("", "https://a.example/", "download"),
        ('attachment; filename="../../etc/passwd"', "https://a.example/", "passwd"),
        ('attachment; filename="C:\\\\a\\\\b.csv"', "https://a.example/", "b.csv"),
        ('attachment; filename="a\x00b<script>.csv"', "https://a.example/", "abscript.csv"),
        (f'attachment; filename="{"a" * 300}.geojson"', "https://a.example/", "a" * 142 + ".geojson"),
        ('attachment; filename="..."', "https://a.example/", "download"),
    ],
)
def test_a_file_name_is_never_a_path(disposition: str, url: str, name: str) -> None:
    assert filename_of({"content-disposition": disposition}, url) == name
