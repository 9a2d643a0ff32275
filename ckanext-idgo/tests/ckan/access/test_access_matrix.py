"""Every surface × actor × tier × kind through HTTP: no canary reaches somebody who may not have it."""

from __future__ import annotations

import re

import pytest
from access_matrix import ORACLES, ROWS, Row
from access_world import ACTORS, ALLOWED, CANARIES, LOCKED_TIERS, TIERS, World, canary

#: Rows of whole pages or many requests are tried as those whose rights differ, the others as everybody; no
#: address is asked for twice by the same person.
HEAVY = frozenset({"2", "3", "4", "9", "11", "12", "24", "25"})
HEAVY_ACTORS = (
    "anonymous",
    "pending_member",
    "expired_grant",
    "revoked_grant",
    "limited_grant",
    "granted_person",
)
GROUNDS = ("anonymous", "outsider", "granted_person", "granted_member", "owner_member", "sysadmin")
WORD = re.compile(rb"(%s)zz(%s)" % ("|".join(CANARIES).encode(), "|".join(TIERS).encode()), re.IGNORECASE)


def leaks(response, actor: str) -> set[str]:
    """Canaries of tiers this actor may not have, in the body or in any header."""
    sent = response.data + repr(list(response.headers)).encode()
    found = {(m.group(1).decode().lower(), m.group(2).decode().lower()) for m in WORD.finditer(sent)}
    return {f"{word}/{tier}" for word, tier in found if tier not in ALLOWED[actor]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.name}".replace(" ", "_"))
def test_no_canary_leaves(world: World, row: Row) -> None:
    tried, problems = 0, []
    paths = dict.fromkeys(path for sheet in world.sheets.values() for path in row.build(sheet))
    for actor in HEAVY_ACTORS if row.number in HEAVY else ACTORS:
        for path in paths:
            response = world.get(actor, path)
            tried += 1
            problems += [f"{actor} {path}: {leak}" for leak in leaks(response, actor)]
            if response.status_code >= 500:
                problems.append(f"{actor} {path}: {response.status_code}")
    print(f"{row.number} {row.name}: {tried} requests")
    assert tried
    assert not problems, "\n".join(problems[:20])


@pytest.mark.parametrize("row", [row for row in ROWS if row.shows], ids=lambda row: row.number)
def test_who_may_does_get_it(world: World, row: Row) -> None:
    """The other side: a surface closed to all would pass every test above. One actor for each ground."""
    for actor in GROUNDS:
        for tier in ALLOWED[actor]:
            bodies = b""
            for path in row.build(world.sheets[tier]):
                response = world.get(actor, path)
                bodies += response.data + repr(list(response.headers)).encode()
            assert re.search(rb"%s\w*zz%s" % (row.shows.encode(), tier.encode()), bodies), f"{actor} {tier}"


@pytest.mark.parametrize(("number", "template"), ORACLES)
@pytest.mark.parametrize("tier", LOCKED_TIERS)
def test_a_right_guess_answers_like_a_wrong_one(world: World, number: str, template: str, tier: str) -> None:
    actors = {"anonymous", "outsider", "revoked_grant", "limited_grant"}
    for actor in sorted(actor for actor in actors if tier not in ALLOWED[actor]):
        for word in ("canurl", "canfile", "canhash", "cancolumn"):
            right, wrong = canary(word, tier), canary(word, tier)[::-1]
            answers = [world.get(actor, template.format(guess=guess)) for guess in (right, wrong)]
            statuses = {a.status_code for a in answers}
            bodies = {a.data.replace(g.encode(), b"?") for a, g in zip(answers, (right, wrong), strict=True)}
            assert len(statuses) == 1, f"{actor} {right}"
            assert len(bodies) == 1, f"{actor} {right}"


def test_the_open_canary_is_found_by_everybody(world: World) -> None:
    """The control of the oracles: where nothing is hidden, a right guess does answer otherwise."""
    path = "/api/3/action/package_search?rows=0&fq=res_url:*{}*"
    for actor in ACTORS:
        assert world.get(actor, path.format(canary("canurl", "open"))).json["result"]["count"] == 1
        assert world.get(actor, path.format("nepo")).json["result"]["count"] == 0
