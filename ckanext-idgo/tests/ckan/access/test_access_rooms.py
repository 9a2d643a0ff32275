"""What requests, grants, logs, exports, memberships and notices show, and to whom.

Words of one person are for that person and those who decide.
"""

from __future__ import annotations

from typing import Any

import pytest
from access_world import ACTORS, World
from ckan import model
from test_access_matrix import leaks

API = "/api/3/action"
#: What is written in each place, and who may read it. ``owner_admin`` is the referent who decides.
DECIDERS = frozenset({"owner_admin", "sysadmin"})
READERS: dict[str, frozenset[str]] = {
    "asking": DECIDERS | {"outsider"},
    "refusing": DECIDERS | {"other_admin"},
    "giving": DECIDERS | {"pending_member"},
    "joining": DECIDERS | {"expired_grant"},
}


def word(place: str) -> str:
    return f"canwordsqq{place}"


@pytest.fixture(scope="module")
def papers(built: World) -> dict[str, str]:
    """A request that waits, one refused, a grant with its reason, a request to join."""

    def call(actor: str, action: str, **fields: Any) -> Any:
        answer = built.action(actor, action, **fields)
        assert answer.status_code == 200, answer.json
        return answer.json["result"]

    ask = {"purpose": "study", "accept_license": True, "dataset": "fiche-restricted"}
    waits = call("outsider", "idgo_access_request_create", message=word("asking"), **ask)
    over = call("other_admin", "idgo_access_request_create", message=word("refusing"), **ask)
    call(
        "owner_admin", "idgo_access_request_decide", id=over["id"], decision="refuse", reason=word("refusing")
    )
    given = call(
        "owner_admin",
        "idgo_access_grant_create",
        dataset="fiche-jadis-ouverte",
        user=built.users["pending_member"]["name"],
        reason=word("giving"),
    )
    version = call("expired_grant", "idgo_membership_terms_show")["version"]
    call("expired_grant", "idgo_membership_terms_accept", version=version)
    joins = call(
        "expired_grant",
        "idgo_membership_request_create",
        organization="producteur",
        role="member",
        message=word("joining"),
    )
    grant = given["grants"][0] if isinstance(given, dict) else given[0]
    return {"waits": waits["id"], "over": over["id"], "grant": grant["id"], "joins": joins["id"]}


SURFACES = (
    *(f"{API}/idgo_access_{name}" for name in ("request_list", "grant_list", "log_list")),
    *(
        f"{API}/idgo_access_{name}?organization=producteur"
        for name in ("request_list", "grant_list", "log_list")
    ),
    API + "/idgo_access_grant_list?dataset=fiche-restricted",
    *(f"{API}/idgo_access_request_show?id={{{which}}}" for which in ("waits", "over")),
    API + "/idgo_membership_request_list",
    API + "/idgo_membership_request_list?organization=producteur",
    API + "/idgo_membership_request_show?id={joins}",
    API + "/idgo_notices_list",
    API + "/idgo_notices_outbox_list",
    "/mes-acces",
    "/mes-acces/termines",
    "/demandes-acces",
    *(f"/demande-acces/{{{which}}}" for which in ("waits", "over")),
    *(f"/organisme/producteur/{page}" for page in ("demandes", "acces", "acces.csv", "journal", "adhesions")),
    *(f"/organisme/producteur/demandes/{{{which}}}" for which in ("waits", "over")),
    "/organisme/producteur/acces/{grant}/retirer",
    "/mes-acces/{grant}/rendre",
    "/guichet/adhesions",
    "/notifications",
    "/mon-organisme",
    "/ckan-admin/notifications",
    "/rejoindre",
    "/organization/producteur",
    "/dataset/fiche-restricted",
    API + "/recently_changed_packages_activity_list?limit=100",
    API + "/organization_activity_list?id=producteur&limit=100",
)


@pytest.mark.parametrize("surface", SURFACES)
def test_words_reach_those_they_are_for(world: World, papers: dict[str, str], surface: str) -> None:
    path = surface.format(**papers)
    for actor in ACTORS:
        answer = world.get(actor, path)
        assert answer.status_code < 500, f"{actor} {path}"
        seen = {place for place in READERS if word(place) in answer.text}
        stranger = {place for place in seen if actor not in READERS[place]}
        assert not stranger, f"{actor} {path}"
        if actor != "pending_member":  # to whom ``papers`` gives a grant
            assert not leaks(answer, actor), f"{actor} {path}: content of a locked resource"


@pytest.mark.parametrize(
    ("actor", "path", "place"),
    [
        ("outsider", API + "/idgo_access_request_show?id={waits}", "asking"),
        ("owner_admin", API + "/idgo_access_request_show?id={waits}", "asking"),
        ("owner_admin", "/organisme/producteur/demandes/{waits}", "asking"),
        ("other_admin", "/demande-acces/{over}", "refusing"),
        ("owner_admin", API + "/idgo_access_grant_list?organization=producteur", "giving"),
        ("owner_admin", "/organisme/producteur/adhesions", "joining"),
    ],
)
def test_those_they_are_for_do_read_them(world: World, papers, actor: str, path: str, place: str) -> None:
    assert word(place) in world.get(actor, path.format(**papers)).text


def test_mails_say_no_content(world: World, papers: dict[str, str]) -> None:
    """Whatever waits in the outbox quotes public words only: no address, file name or row."""
    rows = model.Session.execute(model.meta.metadata.tables["idgo_notice_mail"].select()).all()
    sent = " ".join(str(tuple(row)) for row in rows)
    assert rows
    assert not [w for w in ("canurl", "canfile", "canbytes", "cancolumn", "canhash") if f"{w}zz" in sent]


def test_an_export_is_for_those_who_decide(world: World, papers: dict[str, str]) -> None:
    for actor in ACTORS:
        answer = world.get(actor, "/organisme/producteur/acces.csv")
        names = [world.users[name]["name"] for name in ("granted_person", "revoked_grant", "pending_member")]
        if actor in DECIDERS:
            assert answer.status_code == 200
        else:
            assert answer.status_code in (302, 403, 404), actor
            assert not [
                name
                for name in names
                if name in answer.text and name != world.users.get(actor, {}).get("name")
            ]
