"""Ranges, conditions, file names, locators: without a server."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.access.core.delivery import Delivery, Version, delivery
from ckanext.idgo.access.core.filenames import attachment, named_after, safe_name
from ckanext.idgo.access.core.locators import for_export

WHEN = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone.utc)
TEN = Version(10, '"a-10"', WHEN)
SAME, OLD, NEW = (
    "Tue, 24 Nov 2026 12:00:00 GMT",
    "Mon, 23 Nov 2026 12:00:00 GMT",
    "Wed, 25 Nov 2026 12:00:00 GMT",
)

WHOLE = Delivery(200, 0, 10)
ANSWERS = [
    ({}, WHOLE),
    ({"range": "bytes=2-4"}, Delivery(206, 2, 3)),
    ({"range": "bytes=0-0"}, Delivery(206, 0, 1)),
    ({"range": "bytes=7-"}, Delivery(206, 7, 3)),
    ({"range": "bytes=7-99999999999999999"}, Delivery(206, 7, 3)),
    ({"range": "bytes=-3"}, Delivery(206, 7, 3)),
    ({"range": "bytes=-99"}, Delivery(206, 0, 10)),
    ({"range": "Bytes=2 - 4 "}, Delivery(206, 2, 3)),
    ({"range": "bytes=10-"}, Delivery(416)),
    ({"range": "bytes=-0"}, Delivery(416)),
    ({"range": "bytes=4-2"}, WHOLE),
    ({"range": "bytes=0-1,3-4"}, WHOLE),
    ({"range": "bytes=-"}, WHOLE),
    ({"range": "lines=1-2"}, WHOLE),
    ({"range": "bytes=" + "9" * 5000 + "-"}, WHOLE),
    ({"range": "bytes=2-4", "if-range": '"a-10"'}, Delivery(206, 2, 3)),
    ({"range": "bytes=2-4", "if-range": SAME}, Delivery(206, 2, 3)),
    ({"range": "bytes=2-4", "if-range": '"b-10"'}, WHOLE),
    ({"range": "bytes=2-4", "if-range": 'W/"a-10"'}, WHOLE),
    ({"range": "bytes=2-4", "if-range": OLD}, WHOLE),
    ({"if-none-match": '"x", W/"a-10"'}, Delivery(304)),
    ({"if-none-match": "*"}, Delivery(304)),
    ({"if-none-match": '"x"', "if-modified-since": SAME}, WHOLE),
    ({"if-modified-since": SAME}, Delivery(304)),
    ({"if-modified-since": OLD}, WHOLE),
    ({"if-modified-since": "yesterday"}, WHOLE),
    ({"if-match": '"a-10"'}, WHOLE),
    ({"if-match": 'W/"a-10"'}, Delivery(412)),
    ({"if-match": '"x"', "if-none-match": '"a-10"'}, Delivery(412)),
    ({"if-unmodified-since": OLD}, Delivery(412)),
    ({"if-unmodified-since": NEW}, WHOLE),
    ({"range": "bytes=10-", "if-none-match": '"a-10"'}, Delivery(304)),
]


@pytest.mark.parametrize(("headers", "expected"), ANSWERS)
def test_what_a_request_asks(headers: dict, expected: Delivery) -> None:
    assert delivery("GET", headers, TEN) == expected


def test_head_is_answered_whole_and_an_empty_file_has_no_part() -> None:
    assert delivery("HEAD", {"range": "bytes=2-4"}, TEN) == WHOLE
    empty = Version(0, '"e"')
    assert delivery("GET", {}, empty) == Delivery(200, 0, 0)
    assert delivery("GET", {"range": "bytes=0-"}, empty).status == 416
    assert delivery("GET", {"range": "bytes=-5"}, empty).status == 416
    assert delivery("GET", {"if-modified-since": SAME}, empty).status == 200


@given(
    first=st.one_of(st.none(), st.integers(0, 30)),
    last=st.one_of(st.none(), st.integers(0, 30)),
    content=st.binary(max_size=20),
)
def test_a_part_is_what_python_would_cut(first: int | None, last: int | None, content: bytes) -> None:
    """Whatever is asked, the slice lies inside the file and is what the header means."""
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    found = delivery("GET", {"range": header}, Version(len(content), '"x"'))
    sent = content[found.start : found.start + found.length_bytes]
    assert len(sent) == found.length_bytes
    if found.status == 206 and first is not None:
        assert sent == content[first : None if last is None else last + 1]
    elif found.status == 206:
        assert sent == content[-(last or 0) :]
    elif found.status == 200:
        assert sent == content
        assert (first is None and last is None) or (first is not None and last is not None and last < first)
    else:
        assert found.status == 416
        assert (last == 0 or not content) if first is None else first >= len(content)


@given(st.integers(0, 10**9))
def test_dates_are_compared_by_the_second(seconds: int) -> None:
    version = Version(1, '"x"', WHEN - timedelta(seconds=seconds) + timedelta(microseconds=900_000))
    assert delivery("GET", {"if-modified-since": version.last_modified or ""}, version).status == 304


@given(st.text(max_size=200))
def test_any_name_makes_one_safe_header(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    plain = re.fullmatch(r'attachment; filename="([^"\\/]+)"(; filename\*=UTF-8\'\'(\S+))?', header)
    assert plain
    assert unquote(plain[3] or plain[1]) == safe_name(name)
    assert not set(safe_name(name)) & set('<>:"/\\|?*\r\n')


def test_names() -> None:
    assert attachment("eau.csv") == 'attachment; filename="eau.csv"'
    assert attachment("réseau d’eau.csv") == (
        "attachment; filename=\"reseau deau.csv\"; filename*=UTF-8''r%C3%A9seau%20d%E2%80%99eau.csv"
    )
    assert attachment("../../etc/passwd") == 'attachment; filename="passwd"'
    assert attachment("") == 'attachment; filename="download"'
    assert safe_name("photo\u202egnp.exe") == "photognp.exe"
    assert len(safe_name("é" * 400 + ".geojson")) <= 150
    assert safe_name("é" * 400 + ".geojson").endswith(".geojson")
    assert named_after("Réseau", "CSV") == "Réseau.csv"
    assert named_after("eau/assainissement", "GeoJSON") == "eau-assainissement.geojson"
    assert named_after("Parcelles", "SHP") == "Parcelles.zip"
    assert named_after("plan.pdf", "PDF") == "plan.pdf"
    assert named_after("Flux", "OGC API Features") == "Flux"


def test_a_copy_for_others_names_our_route_and_never_the_address() -> None:
    dataset = {
        "id": "d1",
        "access_tier": "open",
        "resources": [
            {"id": "r1", "url": "https://a.example/x", "access_tier": ""},
            {"id": "r2", "url": "https://secret.example/x", "hash": "h", "access_tier": "restricted"},
            {"id": "r3", "url": "https://odd.example/x", "access_tier": "Open"},
        ],
    }
    copied = for_export(dataset, "https://idgo.example/")
    assert copied["resources"][0] == dataset["resources"][0]
    for resource in copied["resources"][1:]:
        assert resource["url"] == f"https://idgo.example/dataset/d1/resource/{resource['id']}/download"
        assert "hash" not in resource
        assert "idgo_locked" not in resource
    assert for_export(copied, "https://idgo.example") == copied
    assert dataset["resources"][1]["url"] == "https://secret.example/x"
