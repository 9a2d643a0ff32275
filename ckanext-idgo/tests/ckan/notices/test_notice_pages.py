"""Actions and pages: one's own only, administrators only, forms from our own pages, words stay words."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from conftest import PLUGINS, World, tell

from ckanext.idgo.notices.plugin import cli
from ckanext.idgo.notices.plugin.auth import ADMINISTRATORS, OWN

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)
MARKUP = '<script>alert(1)</script> "><img src=x onerror=alert(2)>'


@pytest.fixture
def as_user(app: Any) -> Any:
    """A function: GET or POST as somebody, following no redirect."""

    def ask(user: dict[str, Any] | None, path: str, post: dict[str, Any] | None = None) -> Any:
        token = {"Authorization": factories.APIToken(user=user["name"])["token"]} if user else {}
        method = app.get if post is None else app.post
        more = {} if post is None else {"data": post}
        return method(path, headers=token, follow_redirects=False, expect_errors=True, **more)

    return ask


def test_everybody_reads_and_marks_their_own(world: World) -> None:
    for dataset in ("A", "B", "C"):
        tell("access.granted", world.asker, dataset=dataset)
    tell("access.requested", world.referent, dataset="Z")
    mine = world.act("list")
    assert (mine["count"], mine["unread"]) == (3, 3)
    assert next(row["subject"] for row in mine["results"]) == "Accès accordé à «\u00a0C\u00a0»"
    others = [row["id"] for row in world.act("list", world.referent)["results"]]
    assert world.act("mark_read", ids=[*others, mine["results"][0]["id"], "\x00", "é"]) == {"unread": 2}
    assert world.act("list", world.referent)["unread"] == 1
    assert [row["subject"][-3] for row in world.act("list", unread=True, limit=1)["results"]] == ["B"]
    assert world.act("mark_read", all=True) == {"unread": 0}
    assert world.act("list")["count"] == 3


def test_who_may_not_is_refused(world: World) -> None:
    tried = [(action, "") for action in (*OWN, *ADMINISTRATORS)]
    tried += [(action, who["name"]) for action in ADMINISTRATORS for who in (world.asker, world.referent)]
    for action, name in tried:
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action(
                f"idgo_notices_{action}",
                {"user": name, "ignore_auth": False},
                kind="access.granted",
                language="fr",
            )


NO_ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("list", {"limit": "x"}),
    ("list", {"offset": -1}),
    ("list", {"limit": [1]}),
    ("list", {"unread": "perhaps"}),
    ("mark_read", {"ids": [1]}),
    ("mark_read", {"ids": {"a": 1}}),
    ("choices_update", {"channels": ["a"]}),
    ("choices_update", {"channels": {"nothing": "none"}}),
    ("choices_update", {"channels": {"answers": ["none"]}}),
    ("choices_update", {"channels": {"answers": "later"}}),
    ("choices_update", {"language": "de"}),
    ("choices_update", {"language": ["fr"]}),
    ("outbox_list", {"state": "lost"}),
    ("outbox_list", {"state": ["sent"]}),
    ("words_update", {"kind": "access.granted", "language": "fr", "subject": ["x"], "body": "y"}),
    ("words_update", {"kind": "access.granted", "language": "fr", "subject": "x", "body": "{zz}"}),
]


def test_what_is_not_an_answer_is_said_and_changes_nothing(world: World) -> None:
    for action, data in NO_ANSWERS:
        with pytest.raises(tk.ValidationError):
            world.act(action, world.admin, **data)
    assert world.act("choices_show", world.admin)["channels"]["answers"] == "at_once"


NOT_THERE: list[tuple[str, dict[str, Any]]] = [
    ("outbox_retry", {"id": "nothing"}),
    ("outbox_retry", {"id": ["x"]}),
    ("outbox_retry", {"id": "\x00"}),
    ("words_show", {"kind": "../../etc/passwd"}),
    ("words_show", {"kind": ["access.granted"]}),
    ("words_update", {"kind": "_mail", "language": "fr"}),
    ("words_preview", {"kind": "access.granted", "language": "de"}),
]


def test_what_is_not_there_is_not_found(world: World) -> None:
    for action, data in NOT_THERE:
        with pytest.raises(tk.ObjectNotFound):
            world.act(action, world.admin, **data)


def test_an_administrator_writes_the_words_and_sees_them(world: World) -> None:
    new = {"kind": "access.granted", "language": "fr", "subject": "Bravo", "body": "C’est fait.\n{reason}"}
    seen = world.act("words_preview", world.admin, **new)
    assert (seen["subject"], "Pour une étude" in seen["body"]) == ("Bravo", True)
    assert not any(row["edited"] for row in world.act("words_show", world.admin))
    kept = world.act("words_update", world.admin, **new)
    assert (kept["edited"], kept["modified_by"]) == (True, world.admin["id"])
    tell("access.granted", world.asker, dataset="A")
    assert world.act("list")["results"][0]["subject"] == "Bravo"
    world.act("words_update", world.admin, kind="access.granted", language="fr")
    assert world.act("list")["results"][0]["subject"] == "Accès accordé à «\u00a0A\u00a0»"


def test_the_bell_costs_one_query_and_nothing_for_strangers(
    world: World, as_user: Any, ckan_config: Any
) -> None:
    tell("access.granted", world.asker, dataset="A")
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "idgo_notice" in statement:
            asked.append(statement)

    engine = model.Session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        stranger = as_user(None, "/about")
        assert (len(asked), "/notifications" in stranger.body) == (0, False)
        page = as_user(world.asker, "/about")
        assert len(asked) == 1
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert re.search(r'class="count" aria-hidden="true">1<', page.body)
    assert as_user(world.referent, "/about").body.count('class="count"') == 0


def test_a_notice_is_opened_marked_and_its_words_stay_words(world: World, as_user: Any) -> None:
    tell("access.refused", world.asker, dataset=MARKUP, reason=MARKUP, path="/mes-acces")
    tell("access.refused", world.asker, dataset="Autre")
    page = as_user(world.asker, "/notifications").body
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "2 notifications non lues" in page
    one = world.act("list")["results"][1]
    went = as_user(world.asker, "/notifications/lues", {"id": one["id"], "path": one["path"]})
    assert (went.status_code, went.headers["Location"].split("ckan.net")[-1]) == (302, "/mes-acces")
    assert world.act("list")["unread"] == 1
    away = as_user(world.asker, "/notifications/lues", {"path": "//ailleurs.example/x"})
    assert "ailleurs" not in away.headers["Location"]
    assert world.act("list")["unread"] == 0
    assert "Unread" not in as_user(world.asker, "/en/notifications?page=99").body
    for path in ("/notifications", "/notifications/reglages"):
        answer = as_user(None, path)
        assert (answer.status_code, "/user/login" in answer.headers["Location"]) == (302, True)


def test_choices_are_made_on_their_page(world: World, as_user: Any) -> None:
    sent = {"answers": "digest", "endings": "none", "language": "en", "zz": "x"}
    assert as_user(world.asker, "/notifications/reglages", sent).status_code == 302
    chosen = world.act("choices_show")
    assert chosen["language"] == "en"
    assert chosen["channels"] == {
        "to_decide": "at_once",
        "answers": "digest",
        "endings": "none",
        "organization": "at_once",
    }
    as_user(world.asker, "/notifications/reglages", {"answers": "zz"})
    assert world.act("choices_show") == chosen


def test_the_administrators_pages(world: World, as_user: Any) -> None:
    tell("access.granted", world.asker, dataset="A")
    paths = ("", "?state=queued", "/textes", "/textes/access.granted/fr")
    for path in paths:
        assert as_user(world.asker, f"/ckan-admin/notifications{path}").status_code == 403
        assert as_user(None, f"/ckan-admin/notifications{path}").status_code == 302
        assert as_user(world.admin, f"/ckan-admin/notifications{path}").status_code == 200
    for path in ("?state=zz", "/textes/access.granted/de", "/textes/zz/fr"):
        assert as_user(world.admin, f"/ckan-admin/notifications{path}").status_code == 404
    editor = "/ckan-admin/notifications/textes/access.granted/fr"
    typed = {"subject": MARKUP, "body": "{zz}", "act": "keep"}
    wrong = as_user(world.admin, editor, typed)
    assert (wrong.status_code, "<script>alert" in wrong.body) == (400, False)
    shown = as_user(world.admin, editor, {"subject": MARKUP, "body": "Bonjour", "act": "preview"})
    assert (shown.status_code, "<script>alert" in shown.body) == (200, False)
    assert not world.act("words_show", world.admin, kind="access.granted")[0]["edited"]
    assert as_user(world.admin, editor, {"subject": "X", "body": "Y", "act": "keep"}).status_code == 302
    assert world.act("words_show", world.admin, kind="access.granted")[0]["subject"] == "X"
    assert as_user(world.admin, editor, {"subject": "X", "body": "Y", "act": "default"}).status_code == 302
    assert not world.act("words_show", world.admin, kind="access.granted")[0]["edited"]
    mail = world.act("outbox_list", world.admin)["results"][0]
    assert as_user(world.admin, "/ckan-admin/notifications/renvoyer", {"id": mail["id"]}).status_code == 302


def test_a_form_of_another_site_is_refused(
    world: World, app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By session, without the page's token: nothing is changed."""
    monkeypatch.setitem(ckan_config, "WTF_CSRF_ENABLED", True)
    tell("access.granted", world.asker, dataset="A")
    user = model.User.get(world.asker["id"])
    with app.test_client() as client:
        with client.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
            session["last_active"] = datetime.now(timezone.utc)
        assert client.get("/notifications").status_code == 200
        client.post("/notifications/lues", data={})
        client.post("/notifications/reglages", data={"answers": "none"})
    assert world.act("list")["unread"] == 1
    assert world.act("choices_show")["channels"]["answers"] == "at_once"


def test_the_commands(world: World, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    tell("access.granted", world.asker, dataset="A")
    sent = CliRunner().invoke(cli.notices, ["send"])
    assert sent.exit_code == 0
    assert sent.output == "no mail leaves: no-server\n0 sent, 0 put off, 0 failed, 0 dropped\n"
    listed = CliRunner().invoke(cli.notices, ["outbox", "--state", "queued"])
    assert listed.exit_code == 0, listed.exception
    assert "1 queued" in listed.output
    assert "smtp.server" in listed.output
    assert "ville" in listed.output
