"""How bytes leave: parts, conditions, names, caches, other servers; and the one signal of each download."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import file_keeper as fk
import pytest
from access_world import World, canary
from ckan import model
from ckan.common import config
from elsewhere import BODY, origin

from ckanext.idgo.access.plugin import delivering, linked, stored
from ckanext.idgo.common.core.events import Download
from ckanext.idgo.common.plugin.client import guarded_client
from ckanext.idgo.common.plugin.signals import downloaded


@pytest.fixture
def heard(world: World) -> Iterator[list[Download]]:
    found: list[Download] = []

    def listen(sender: str, download: Download) -> None:
        assert sender == download.resource_id
        found.append(download)

    with downloaded.connected_to(listen):
        yield found
    assert delivering.places._taken == 0, "a stream kept its place"


def path(world: World, tier: str, kind: str = "upload") -> str:
    return f"/dataset/{world.sheets[tier].name}/resource/{world.sheets[tier].resources[kind]}/download"


def whole(world: World, tier: str = "restricted") -> bytes:
    return world.get("owner_member", path(world, tier), buffered=True).data


def fetch(world: World, url: str, method: str = "GET", actor: str = "owner_member", **headers: str) -> Any:
    sent = {**world.headers(actor), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return world.app.client.open(url, method=method, headers=sent, buffered=True, follow_redirects=False)


# ---- uploads


def test_a_part_is_a_part_and_several_are_the_whole(world: World, heard) -> None:
    file, url = whole(world), path(world, "restricted")
    heard.clear()
    for asked, sent in (("bytes=2-9", file[2:10]), ("bytes=-4", file[-4:]), ("bytes=5-999999", file[5:])):
        response = fetch(world, url, Range=asked)
        assert (response.status_code, response.data) == (206, sent)
        assert int(response.headers["Content-Length"]) == len(sent)
        assert response.headers["Content-Range"].endswith(f"/{len(file)}")
        assert heard.pop() == _told(world, "restricted", "upload", "range", len(sent))
    several = fetch(world, url, Range="bytes=0-1,4-5")
    assert (several.status_code, several.data) == (200, file)
    beyond = fetch(world, url, Range=f"bytes={len(file)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(file)}")
    assert [d.channel for d in heard] == ["file"]
    for response in (several, beyond):
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


def _told(
    world: World, tier: str, kind: str, channel: str, size: int, actor: str = "owner_member"
) -> Download:
    sheet = world.sheets[tier]
    user = world.users[actor]["id"] if actor in world.users else None
    return Download(sheet.resources[kind], sheet.id, user, tier, channel, size)


def test_conditions_and_head_send_nothing_and_tell_nobody(world: World, heard) -> None:
    file, url = whole(world), path(world, "restricted")
    first = fetch(world, url, method="HEAD")
    assert (first.status_code, first.data) == (200, b"")
    assert int(first.headers["Content-Length"]) == len(file)
    assert first.headers["Accept-Ranges"] == "bytes"
    etag = first.headers["ETag"]
    heard.clear()
    same = fetch(world, url, If_None_Match=etag)
    dated = fetch(world, url, If_Modified_Since=first.headers["Last-Modified"])
    assert (same.status_code, same.data, dated.status_code) == (304, b"", 304)
    assert same.headers["ETag"] == etag
    assert fetch(world, url, If_Match='"other"').status_code == 412
    for response in (first, same, dated):
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert not heard
    assert fetch(world, url, Range="bytes=0-3", If_Range=etag).status_code == 206
    assert fetch(world, url, Range="bytes=0-3", If_Range='"other"').status_code == 200


@pytest.mark.parametrize("kind", ["upload", "link"])
def test_a_locked_resource_has_no_validator_to_guess(world: World, heard, kind: str) -> None:
    url = path(world, "restricted", kind)
    right = fetch(world, url, method="HEAD").headers.get("ETag", '"x"')
    answers = [
        fetch(world, url, actor="outsider", Accept="application/json", **asked)
        for asked in ({}, {"If_None_Match": right}, {"If_Match": '"wrong"'}, {"Range": "bytes=999999999-"})
    ]
    assert {a.status_code for a in answers} == {403}
    assert len({a.data for a in answers}) == 1
    for answer in answers:
        assert not {"ETag", "Last-Modified", "Accept-Ranges", "Content-Range"} & set(answer.headers.keys())
    assert not heard


def test_a_file_leaves_under_its_own_name_whatever_the_address_says(world: World) -> None:
    rid = world.sheets["restricted"].resources["upload"]
    named = fetch(world, path(world, "restricted") + "/facture.exe")
    name = f"{canary('canfile', 'restricted')}.csv"
    assert named.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    row = model.Resource.get(rid)
    kept, row.url = row.url, "données d’été.csv"
    model.Session.commit()
    try:
        odd = fetch(world, path(world, "restricted")).headers["Content-Disposition"]
    finally:
        row = model.Resource.get(rid)
        row.url = kept
        model.Session.commit()
    plain, full = "donnees dete.csv", "donn%C3%A9es%20d%E2%80%99%C3%A9t%C3%A9.csv"
    assert odd == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"


def test_every_download_tells_once(world: World, heard) -> None:
    for tier in ("open", "restricted"):
        file = whole(world, tier)
        assert heard == [_told(world, tier, "upload", "file", len(file))]
        heard.clear()
    assert fetch(world, path(world, "open", "link"), actor="anonymous").status_code == 302
    assert fetch(world, path(world, "open", "link"), actor="anonymous", method="HEAD").status_code == 302
    assert heard == [_told(world, "open", "link", "redirect", 0, "anonymous")]
    heard.clear()
    fetched = fetch(world, path(world, "restricted", "link"))
    assert fetched.data == canary("canbytes", "restricted").encode()
    assert heard == [_told(world, "restricted", "link", "link", len(fetched.data))]
    heard.clear()
    assert fetch(world, path(world, "restricted"), actor="outsider").status_code == 403
    assert not heard


def test_a_tracked_file_of_a_resource_tells_too(world: World, heard) -> None:
    """CKAN's own routes of files: the same bytes, another door."""
    rid = world.sheets["restricted"].resources["upload"]
    file = fetch(world, f"/file/download/{world.sheets['restricted'].files['resource']}")
    assert file.data == canary("canbytes", "restricted").encode()
    assert heard.pop() == _told(world, "restricted", "upload", "file", len(file.data))
    stored_at = f"/file/public-download/default/resources/{rid[:3]}/{rid[3:6]}/{rid[6:]}"
    part = fetch(world, stored_at, Range="bytes=0-4")
    assert (part.status_code, len(part.data)) == (206, 5)
    assert heard.pop() == _told(world, "restricted", "upload", "range", 5)
    for refused in (fetch(world, stored_at, actor="outsider"), fetch(world, stored_at, method="HEAD")):
        assert refused.status_code in (200, 403)
    assert not heard


def test_who_hangs_up_counts_for_what_was_sent(world: World, heard, tmp_path) -> None:
    from ckanext.idgo.access.plugin.bodies import Chunks, FileSlice

    file = tmp_path / "f"
    file.write_bytes(b"x" * 1000)
    counts: list[int] = []
    read = FileSlice(file, 100, 800, counts.append)
    assert len(read.read(300)) == 300
    read.close()
    sent_by_kernel = FileSlice(file, 100, 800, counts.append)
    sent_by_kernel.seek(650)  # what ``socket.sendfile`` does when the reader is gone
    sent_by_kernel.close()
    chunks = Chunks(iter([b"a" * 10, b"b" * 10, b"c" * 10]), lambda: None, counts.append)
    assert [len(next(chunks)) for _ in range(3)] == [10, 10, 10]
    chunks.close()
    chunks.close()
    assert counts == [300, 550, 20]


def test_a_listener_has_a_session_of_its_own(world: World) -> None:
    """The request is over: what it read must be out of reach, what is new must be found."""
    found: list[str] = []

    def listen(sender: str, download: Download) -> None:
        package = model.Package.get(download.package_id)
        found.append(package.name if package else "")

    with downloaded.connected_to(listen):
        whole(world)
    assert found == ["fiche-restricted"]


# ---- other servers give the bytes


def test_nginx_is_told_where_the_file_lies_and_nothing_else(world: World, heard, monkeypatch) -> None:
    file, rid = whole(world), world.sheets["restricted"].resources["upload"]
    monkeypatch.setitem(config, "ckanext.idgo.access.x_accel_prefix", "/_idgo-files/")
    heard.clear()
    response = fetch(world, path(world, "restricted"))
    assert response.status_code == 200
    assert response.data == b""
    assert response.headers["X-Accel-Redirect"] == f"/_idgo-files/{rid[:3]}/{rid[3:6]}/{rid[6:]}"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert heard.pop() == _told(world, "restricted", "upload", "file", len(file))
    assert fetch(world, path(world, "restricted"), Range="bytes=0-1").headers["X-Accel-Redirect"]
    assert heard.pop() == _told(world, "restricted", "upload", "range", 2)
    head = fetch(world, path(world, "restricted"), method="HEAD")
    assert "X-Accel-Redirect" not in head.headers
    assert re.fullmatch(r'"[0-9a-f]{8}-[0-9a-f]+"', head.headers["ETag"])  # nginx' own form
    assert fetch(world, path(world, "restricted"), If_None_Match=head.headers["ETag"]).status_code == 304
    refused = fetch(world, path(world, "restricted"), actor="outsider")
    assert "X-Accel-Redirect" not in refused.headers
    for climbing in ("../secrets.json", "a//b", "./a", "a/../../b"):
        with pytest.raises(FileNotFoundError):
            stored._internal(climbing)
    assert stored._internal("abc/déf/x y") == "/_idgo-files/abc/d%C3%A9f/x%20y"


class _Bucket(fk.Storage):
    """A storage that is no folder, as S3 is: streams, and signs addresses where it may."""

    hidden = True

    class ReaderFactory(fk.Reader):
        capabilities = fk.Capability.STREAM | fk.Capability.LINK_TEMPORARY

        def stream(self, data: Any, extras: Any) -> Any:
            return iter([BODY[i : i + 1000] for i in range(0, len(BODY), 1000)])

        def temporary_link(self, data: Any, duration: int, extras: Any) -> str:
            return f"https://bucket.example/{data.location}?expires={duration}&signature=abc"

    class ManagerFactory(fk.Manager):
        capabilities = fk.Capability.ANALYZE

        def size(self, location: Any, extras: Any) -> int:
            return len(BODY)


@pytest.fixture
def bucket(monkeypatch) -> None:
    class Uploader:
        storage = _Bucket({"name": "bucket"})

        def get_path(self, resource_id: str) -> fk.Location:
            return fk.Location(f"{resource_id[:3]}/{resource_id[3:6]}/{resource_id[6:]}")

    monkeypatch.setattr(stored.uploader, "get_resource_uploader", lambda _resource: Uploader())


def test_a_storage_elsewhere_is_streamed(world: World, bucket, heard) -> None:
    response = fetch(world, path(world, "restricted"))
    assert (response.status_code, response.data) == (200, BODY)
    assert heard.pop() == _told(world, "restricted", "upload", "file", len(BODY))
    assert response.headers["Content-Length"] == str(len(BODY))
    part = fetch(world, path(world, "restricted"), Range="bytes=0-9")  # this one cannot cut
    assert (part.status_code, part.data) == (200, BODY)


def test_a_presigned_address_lives_seconds_and_only_where_it_was_asked_for(
    world: World, bucket, heard, monkeypatch
) -> None:
    rid = world.sheets["restricted"].resources["upload"]
    monkeypatch.setitem(config, "ckanext.idgo.access.presigned_seconds", 30)
    response = fetch(world, path(world, "restricted"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(f"https://bucket.example/{rid[:3]}/{rid[3:6]}/{rid[6:]}?")
    assert "expires=30&" in response.headers["Location"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "public" not in response.headers["Cache-Control"]
    assert heard.pop() == _told(world, "restricted", "upload", "file", len(BODY))
    public = fetch(world, path(world, "open"), actor="anonymous")
    assert "no-store" in public.headers["Cache-Control"]
    assert "public" not in public.headers["Cache-Control"]
    assert fetch(world, path(world, "restricted"), method="HEAD").status_code == 200
    assert "Location" not in fetch(world, path(world, "restricted"), actor="outsider").headers


def test_streams_leave_threads_for_pages(world: World, heard, monkeypatch) -> None:
    monkeypatch.setitem(config, "ckanext.idgo.access.max_streams", 1)
    assert delivering.places.take(1)
    try:
        busy = fetch(world, path(world, "restricted"), Accept="application/json")
    finally:
        delivering.places.leave()
    assert (busy.status_code, busy.json["error"]["reason"]) == (503, "too-many-downloads")
    assert busy.headers["Retry-After"] == "60"
    assert "no-store" in busy.headers["Cache-Control"]
    assert not heard
    assert fetch(world, path(world, "restricted")).status_code == 200


# ---- links fetched by this server


@pytest.fixture
def link(world: World, monkeypatch) -> Iterator[Any]:
    """Sets the restricted link to a path of a server on this machine; gives what that server saw."""
    monkeypatch.setattr(linked, "guarded_client", guarded_client)
    row = model.Resource.get(world.sheets["restricted"].resources["link"])
    kept = row.url, row.name
    with origin() as (host, seen):
        monkeypatch.setitem(config, "ckanext.idgo.http.allow", [host])

        def point(place: str) -> list[dict[str, str]]:
            row = model.Resource.get(world.sheets["restricted"].resources["link"])
            row.url = place if "://" in place else f"http://{host}/{place}"
            row.name = "Réseau d’eau"
            model.Session.commit()
            return seen

        yield point
    row = model.Resource.get(world.sheets["restricted"].resources["link"])
    row.url, row.name = kept
    model.Session.commit()


#: What the other server says of itself, and where it is.
SECRETS = re.compile(rb"127\.0\.0\.1|interne\.example|whole\.|session=|confidentielles|169\.254|stack trace")


def _nothing_told(response: Any) -> None:
    headers = [f"{k}: {v}" for k, v in response.headers.items() if k != "Set-Cookie"]
    found = SECRETS.search(repr(headers).encode() + (response.data if response.status_code >= 400 else b""))
    assert not found, found
    assert "Location" not in response.headers


def test_a_link_that_is_not_open_is_fetched_and_never_shown(world: World, link, heard, caplog) -> None:
    caplog.set_level(logging.INFO)
    seen = link("whole.csv")
    url = path(world, "restricted", "link")
    response = fetch(world, url, Cookie="ckan=mine", X_Forwarded_For="192.0.2.1", Accept="text/csv")
    assert (response.status_code, response.data) == (200, BODY)
    assert heard.pop() == _told(world, "restricted", "link", "link", len(BODY))
    _nothing_told(response)
    assert set(seen[0]) == {"host", "user-agent", "connection", "accept", "accept-encoding"}
    assert not {"Keep-Alive", "X-Backend"} & set(response.headers.keys())
    assert "session" not in response.headers.get("Set-Cookie", "")
    assert response.headers["Content-Disposition"].endswith(
        "filename*=UTF-8''R%C3%A9seau%20d%E2%80%99eau.csv"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert (response.headers["ETag"], response.headers["Content-Length"]) == ('"v1"', str(len(BODY)))
    for actor in ("outsider", "anonymous", "pending_member"):
        refused = fetch(world, url, actor=actor)
        assert refused.status_code == 403
        _nothing_told(refused)
    assert len(seen) == 1
    assert "whole" not in caplog.text


def test_parts_and_conditions_pass_through_a_fetched_link(world: World, link, heard) -> None:
    seen = link("parts.csv")
    url = path(world, "restricted", "link")
    part = fetch(world, url, Range="bytes=10-19")
    assert (part.status_code, part.data) == (206, BODY[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(BODY)}"
    assert heard.pop() == _told(world, "restricted", "link", "range", 10)
    assert fetch(world, url, Range="bytes=999999-").status_code == 416
    same = fetch(world, url, If_None_Match='"v1"')
    assert (same.status_code, same.data) == (304, b"")
    head = fetch(world, url, method="HEAD")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(BODY)))
    assert not heard
    several = fetch(world, url, Range="bytes=0-1,3-4")
    assert (several.status_code, len(several.data)) == (200, len(BODY))
    assert "range" not in seen[-1]


def test_a_link_answered_compressed_is_given_plain(world: World, link, heard) -> None:
    link("zipped.csv")
    response = fetch(world, path(world, "restricted", "link"))
    assert response.data == BODY
    assert "Content-Encoding" not in response.headers
    assert heard.pop().size_bytes == len(BODY)


@pytest.mark.parametrize(
    ("place", "status", "code"),
    [
        ("broken.csv", 502, "origin-failed"),
        ("inside.csv", 502, "origin-forbidden"),
        ("http://127.0.0.1:1/x", 502, "origin-forbidden"),
        ("http://[::ffff:10.0.0.1]/x", 502, "origin-forbidden"),
        ("ftp://ftp.example/x", 502, "origin-forbidden"),
        ("http://nulle-part.invalid/x", 502, "origin-failed"),
        ("large.csv", 502, "origin-too-large"),
        ("slow.csv", 504, "origin-too-slow"),
    ],
)
def test_a_link_that_cannot_be_fetched_says_so_without_saying_where(
    world: World, link, heard, caplog, monkeypatch, place, status, code
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setitem(config, "ckanext.idgo.access.link_max_bytes", 1_000_000)
    monkeypatch.setitem(config, "ckanext.idgo.http.read_seconds", 1)
    link(place)
    for accept in ("application/json", "text/html"):
        response = fetch(world, path(world, "restricted", "link"), Accept=accept)
        assert response.status_code == status
        assert code in response.text
        assert not re.search(r"nulle-part|ftp\.example|::ffff", response.text)
        _nothing_told(response)
        assert "no-store" in response.headers["Cache-Control"]
    assert not re.search(r"127\.0\.0\.1:|nulle-part|169\.254", caplog.text)
    assert not heard


def test_half_a_link_is_no_whole_one(world: World, link, heard) -> None:
    """The connection ends before the announced length, and the log does not say where it came from."""
    link("cut.csv")
    with pytest.raises(ConnectionResetError) as broken:
        fetch(world, path(world, "restricted", "link"))
    assert "127.0.0.1" not in str(broken.value)
    assert heard.pop().size_bytes == 1000


# ---- copies for other catalogues


def test_copies_are_the_same_for_all_and_name_our_route(world: World) -> None:
    sheet = world.sheets["restricted"]
    route = path(world, "restricted").split("/resource/")[1]
    places_ = (
        f"/dataset/{sheet.name}.ttl",
        f"/dataset/{sheet.name}.jsonld?profiles=schemaorg",
        "/catalog.ttl",
        "/api/3/action/dcat_catalog_search?format=ttl",
        f"/dataset/{sheet.name}/iso19139.xml",
    )
    for place in places_:
        copies = {
            re.sub(r"N[0-9a-f]{32}", "", world.get(a, place).text) for a in ("anonymous", "owner_editor")
        }
        words = [sorted(re.findall(r"\w+zzrestricted|https?://[^\s>\"<]+", copy)) for copy in copies]
        assert all(word == words[0] for word in words), place
        assert f"/dataset/{sheet.id}/resource/{route}" in copies.pop(), place
        assert not any("zzrestricted" in word for word in words[0])
    shown = world.get("owner_editor", f"/api/3/action/package_show?id={sheet.name}").text
    assert canary("canurl", "restricted") in shown
