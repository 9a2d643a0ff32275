"""Every surface × actor × tier × kind through HTTP: no canary reaches somebody who may not have it.

Daily, the heavy rows are tried as the actors whose rights differ; ``make soak`` tries all of the product.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from access_matrix import ORACLES, ROWS, Ask, Row
from access_world import ACTORS, ALLOWED, CANARIES, LOCKED_TIERS, TIERS, World, canary
from table_rows import TABLE_ORACLES, TABLE_ROWS

WHOLE = True
ALL_ROWS = (*ROWS, *TABLE_ROWS)
#: One actor for each way of having no right, and two who have some.
LIGHT_ACTORS = ("anonymous", "outsider", "pending_member", "expired_grant", "revoked_grant", "limited_grant")
LIGHT_ACTORS = (*LIGHT_ACTORS, "granted_person", "metadata_token")
#: Of a harvest: who runs the source, which is not who may have a dataset's content.
RUNNERS = frozenset({"owner_editor", "owner_admin", "sysadmin"})
GROUNDS = ("anonymous", "outsider", "granted_person", "granted_member", "owner_member", "sysadmin")
WORD = re.compile(rb"(%s)zz(%s)" % ("|".join(CANARIES).encode(), "|".join(TIERS).encode()), re.IGNORECASE)
TRIED: Counter[str] = Counter()


#: To whom a content that is not open is lent: the address of a link stays with its owner.
BORROWERS = frozenset(ALLOWED) - {"owner_member", "owner_editor", "owner_admin", "sysadmin"}


def may(actor: str, word: str, tier: str) -> bool:
    if word == "canurl" and actor in BORROWERS:
        return tier == "open"
    return actor in RUNNERS if word == "canoriginal" else tier in ALLOWED[actor]


def _found(sent: bytes) -> set[tuple[str, str]]:
    return {(m.group(1).decode().lower(), m.group(2).decode().lower()) for m in WORD.finditer(sent)}


def leaks(response, actor: str, asked: str | Ask = "") -> set[str]:
    """Canaries this actor may not have, in the body or in any header; not those of the request itself."""
    sent = response.data + repr(list(response.headers)).encode()
    found = _found(sent) - _found(unquote(str(asked)).encode())
    return {f"{word}/{tier}" for word, tier in found if not may(actor, word, tier)}


@pytest.fixture(scope="module", autouse=True)
def totals(built: World) -> Iterator[None]:
    yield
    print(f"\naccess matrix: {len(ALL_ROWS)} surfaces × {len(ACTORS)} roles × {len(TIERS)} tiers")
    print(f"  {TRIED['requests']} requests, leaks {TRIED['leaks']}, answers 5xx {TRIED['5xx']}")


def _asks(world: World, row: Row, actor: str, thorough: bool) -> Iterator[tuple[str, str | Ask]]:
    """Requests of one actor, each once. Daily, those about datasets the actor may have are left out: nothing
    of theirs can leak to them."""
    done: list[str | Ask] = []
    for name, sheet in world.sheets.items():
        if not thorough and sheet.tier in ALLOWED[actor] and actor != "metadata_token":
            continue
        for ask in row.build(sheet):
            if ask not in done:
                done.append(ask)
                yield name, ask


def _try(world: World, row: Row, actors: tuple[str, ...], thorough: bool = False) -> list[str]:
    tried, problems = 0, []
    for actor in actors:
        for tier, ask in _asks(world, row, actor, thorough):
            response = world.send(actor, ask)
            tried += 1
            found = leaks(response, actor, ask)
            TRIED["leaks"] += len(found)
            problems += [f"{actor} {tier} {ask}: {leak}" for leak in found]
            if response.status_code >= 500 and not _told(response):
                TRIED["5xx"] += 1
                problems.append(f"{actor} {tier} {ask}: {response.status_code}")
    TRIED["requests"] += tried
    assert tried
    return problems


def _told(response) -> bool:
    """502 and 504 of a link that is elsewhere, in our words: no break of ours."""
    return response.status_code in (502, 504)


@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: f"{row.number}-{row.name}".replace(" ", "_"))
def test_no_canary_leaves(world: World, elsewhere, row: Row) -> None:
    problems = _try(world, row, LIGHT_ACTORS if row.light else ACTORS)
    assert not problems, "\n".join(problems[:20])


@pytest.mark.soak
@pytest.mark.parametrize("row", ALL_ROWS, ids=lambda row: row.number)
def test_no_canary_leaves_in_the_whole_product(world: World, elsewhere, row: Row) -> None:
    problems = _try(world, row, ACTORS, thorough=True)
    assert not problems, "\n".join(problems[:20])


@pytest.mark.parametrize("row", [row for row in ALL_ROWS if row.shows], ids=lambda row: row.number)
def test_who_may_does_get_it(world: World, elsewhere, row: Row) -> None:
    """The other side: a surface closed to all would pass every test above. One actor for each ground."""
    for actor in GROUNDS:
        for tier in sorted(ALLOWED[actor]):
            if not may(actor, row.shows, tier):
                continue  # a link's own address: test_the_address_of_a_link_stays_with_its_owner
            wanted = re.compile(rb"%s\w*zz%s" % (row.shows.encode(), tier.encode()))
            bodies = b""
            for ask in row.build(world.sheets[tier]):
                response = world.send(actor, ask)
                bodies += response.data + repr(list(response.headers)).encode()
                if wanted.search(bodies):
                    break
            assert wanted.search(bodies), f"{actor} {tier}"


@pytest.mark.parametrize(
    "row", [row for row in ALL_ROWS if row.shows == "canurl"], ids=lambda row: row.number
)
@pytest.mark.parametrize(
    ("actor", "tier"),
    [("granted_person", "restricted"), ("granted_member", "restricted"), ("outsider", "authenticated")],
)
def test_the_address_of_a_link_stays_with_its_owner(
    world: World, elsewhere, row: Row, actor: str, tier: str
) -> None:
    """Whoever was granted a link has it fetched: its address would outlive the grant (issue 4, bytes)."""
    sheet = world.sheets[tier]
    bodies = b"".join(world.send(actor, ask).data for ask in row.build(sheet))
    assert canary("canurl", tier).encode() not in bodies
    assert b"/download" in bodies


def test_who_runs_a_source_gets_its_originals(world: World) -> None:
    for actor in RUNNERS:
        for way in ("harvest/object/{}", "harvest/object/{}/original"):
            answer = world.get(actor, "/" + way.format(world.sheets["restricted"].original))
            assert canary("canoriginal", "restricted") in answer.text, f"{actor} {way}"


def _followed(world: World, actor: str, ask: str | Ask) -> str:
    answer = world.send(actor, ask)
    there = answer.headers.get("Location")
    return (world.get(actor, there.split("ckan.net", 1)[-1]) if there else answer).text


def test_a_datatable_shows_its_rows(world: World) -> None:
    from table_rows import _datatables

    for actor, tier in (
        ("anonymous", "open"),
        ("granted_person", "restricted"),
        ("outsider", "authenticated"),
    ):
        table, _sorted, saved, _json = _datatables(world.sheets[tier])
        assert canary("canrow", tier) in world.send(actor, table).text
        assert canary("canrow", tier) in _followed(world, actor, saved)


def _bare(response, guess: str) -> bytes:
    """The answer less the words asked: what an observer can tell apart, its length included."""
    headers = [h for h in response.headers if h[0] not in ("Date", "Content-Length", "Set-Cookie", "ETag")]
    token = rb'(name="_csrf_token" (?:content|value)=)"[^"]*"'  # signed with the second it was made
    return (re.sub(token, b"", response.data) + repr(headers).encode()).replace(guess.encode(), b"?")


@pytest.mark.parametrize(("number", "template"), [*ORACLES, *TABLE_ORACLES])
@pytest.mark.parametrize("tier", LOCKED_TIERS)
def test_a_right_guess_answers_like_a_wrong_one(world: World, number: str, template: str, tier: str) -> None:
    actors = {"anonymous", "outsider", "revoked_grant", "limited_grant", "metadata_token"}
    for actor in sorted(actor for actor in actors if tier not in ALLOWED[actor]):
        for word in ("canurl", "canfile", "canhash", "cancolumn", "canalias", "canrow"):
            right = canary(word, tier)
            wrong = right[::-1]
            paths = [template.format(guess=guess, rid=world.sheets[tier].table) for guess in (right, wrong)]
            answers = [world.get(actor, path) for path in paths]
            assert len({a.status_code for a in answers}) == 1, f"{actor} {right}"
            pairs = zip(answers, (right, wrong), strict=True)
            assert len({_bare(answer, guess) for answer, guess in pairs}) == 1, f"{actor} {right}"
            TRIED["requests"] += 2


def test_the_open_canary_is_found_by_everybody(world: World) -> None:
    """The control of the oracles: where nothing is hidden, a right guess does answer otherwise."""
    path = "/api/3/action/package_search?rows=0&fq=res_url:*{}*"
    for actor in ACTORS:
        assert world.get(actor, path.format(canary("canurl", "open"))).json["result"]["count"] == 1
        assert world.get(actor, path.format("nepo")).json["result"]["count"] == 0
    for template in TABLE_ORACLES[:3]:
        rid = world.sheets["open"].table
        answers = [
            world.get("anonymous", template[1].format(guess=guess, rid=rid)).data
            for guess in (canary("canalias", "open"), canary("canalias", "open")[::-1])
        ]
        if template[1].startswith("/api/3/action/datastore_search?resource_id={guess}"):
            assert answers[0] != answers[1]


@pytest.mark.parametrize("sort", ["res_url", "urls", "text", "res_extras_hash", "metadata_modified"])
def test_an_order_tells_nothing(world: World, sort: str) -> None:
    """Sorting by what is hidden: refused, or the same for somebody who may not see as for an empty index."""
    paths = [f"/api/3/action/package_search?fl=id&sort={sort}%20{way}" for way in ("asc", "desc")]
    answers = [world.get("outsider", path) for path in paths]
    for answer in answers:
        assert answer.status_code in (200, 400, 409)
        assert not leaks(answer, "outsider")


def test_lengths_tell_nothing_of_a_locked_file(world: World) -> None:
    """A refusal has one length, whatever the file; HEAD and Range give no more than GET."""
    lengths = set()
    for tier in ("restricted", "was_open"):
        sheet = world.sheets[tier]
        for rid in sheet.everything.values():
            path = f"/dataset/{sheet.name}/resource/{rid}/download"
            for headers in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": '"x"'}):
                for method in ("GET", "HEAD"):
                    answer = world.app.client.open(
                        path, method=method, headers={"Accept": "application/json", **headers}
                    )
                    assert answer.status_code == 403
                    assert not {"ETag", "Last-Modified", "Accept-Ranges", "Content-Range"} & set(
                        answer.headers.keys()
                    )
                    body = answer.text.replace(sheet.name, "X")
                    lengths.add(len(body) if method == "GET" else None)
    assert len(lengths - {None}) == 1
