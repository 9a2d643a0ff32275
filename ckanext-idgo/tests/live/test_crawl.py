"""An independent look for leaks (issue 4, "Done when"): its own datasets, its own words, HTTP only.

Shares nothing with the matrix. ``IDGO_CRAWL`` says how many requests at least (10 000); ``IDGO_CRAWL_SEED``
repeats a run's order.
"""

from __future__ import annotations

import base64
import gzip
import io
import os
import random
import secrets
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from crawl_canaries import Canaries
from crawl_seed import clean, seed
from crawl_walk import Walker

DISGUISES = {
    "plain": lambda word: f"x{word}y".encode(),
    "upper": lambda word: word.upper().encode(),
    "backwards": lambda word: word[::-1].encode(),
    "percent": lambda word: "".join(f"%{ord(c):02X}" for c in word).encode(),
    "percent twice": lambda word: quote("".join(f"%{ord(c):02X}" for c in word)).encode(),
    "JSON": lambda word: "".join(f"\\u{ord(c):04x}" for c in word).encode(),
    "entities": lambda word: "".join(f"&#{ord(c)};" for c in word).encode(),
    "UTF-16": lambda word: word.encode("utf-16"),
    "gzip": lambda word: gzip.compress(word.encode()),
    "base64": lambda word: b"x, " + base64.b64encode(b"ab" + word.encode() + b"c") + b", y",
    "base64 shifted": lambda word: base64.urlsafe_b64encode(b"abc" + word.encode()),
    "hexadecimal": lambda word: b"\\x" + word.encode().hex().encode(),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_word_is_recognised_in_disguise(name: str) -> None:
    """The crawler's own eyes: what it cannot see, it cannot miss."""
    canaries = Canaries()
    word = canaries.new("here", "owner")
    sent = DISGUISES[name](word)
    assert canaries.found("anonymous", sent) == ["here"]
    assert canaries.found("owner", sent) == []
    assert canaries.found("anonymous", DISGUISES[name](f"zq{secrets.token_hex(6)}")) == []


def test_a_word_is_recognised_in_an_archive() -> None:
    canaries = Canaries()
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", canaries.new("inside") * 3)
    assert canaries.found("anonymous", kept.getvalue()) == ["inside"]


@pytest.mark.soak
def test_nothing_leaks_to_a_stranger(instance: dict[str, Any]) -> None:
    most = int(os.environ.get("IDGO_CRAWL", "10000"))
    start = int(os.environ.get("IDGO_CRAWL_SEED", secrets.randbelow(10**6)))
    seeded = seed(instance)
    before = [seeded.call("contributor", "package_show", id=dataset) for dataset in seeded.datasets]
    walker = Walker(seeded, most, threads=8, draw=random.Random(start))
    try:
        walker.links(most // 4)
        walker.methods(most // 5)
        walker.actions(most - walker.report.requests)
        after = [seeded.call("contributor", "package_show", id=dataset) for dataset in seeded.datasets]
        read = seeded.call("granted", "package_show", id=seeded.datasets[0])
    finally:
        told = walker.report
        print(f"\ncrawl (order {start}): {told.requests} requests, {len(told.actions)} actions,", end=" ")
        print(f"{len(told.shapes)} shapes of address; {len(seeded.canaries.words)} words")
        print("by status:", dict(sorted(told.statuses.items())), "leaks:", len(told.leaks))
        for line, count in told.breaks.most_common():
            print(f"  {count} × {line}")
        for leak in told.leaks[:40]:
            print(f"  LEAK {leak}")
        clean(seeded)
    assert not told.leaks, "\n".join(told.leaks[:40])
    assert told.requests >= min(most, 10_000)
    assert after == before, "somebody changed what they may not"
    assert all(resource["url"] for resource in read["resources"]), "who may have it has it"
    broken = [line for line in told.breaks if not line.startswith(("502", "503", "504"))]
    assert not broken, broken
