"""From an event to a mailbox, through a real mail server, with everything that may go wrong on the way."""

from __future__ import annotations

import logging
import re
import sys
import threading
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.tests import helpers
from redis.exceptions import ConnectionError as RedisDown
from rq import Queue

sys.path.insert(0, str(Path(__file__).parent))

from conftest import PLUGINS, Mailbox, World, tell

from ckanext.idgo.notices.plugin import delivery, jobs, sending
from ckanext.idgo.notices.plugin.model import Mail, Notice
from ckanext.idgo.notices.plugin.sending import Done

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)
SECRET = "https://sig.ville.example/dl/secret.zip?key=zzcanary"


def mails() -> list[Mail]:
    model.Session.expire_all()
    return list(model.Session.query(Mail).order_by(Mail.created))


def due_again() -> None:
    """What time does: waiting mails and leases are over."""
    for mail in mails():
        mail.next_try = datetime.utcnow() - timedelta(seconds=1)
    model.Session.commit()


def test_a_mail_is_written_as_mails_are(world: World, smtp: Mailbox) -> None:
    reason = f"Voir {SECRET}\r\nBcc: x@ailleurs.example <b>gras</b>"
    tell("access.refused", world.asker, dataset="Réseau d’eau", reason=reason, path="/mes-acces")
    assert smtp.mails == []
    assert sending.send_due() == Done(sent=1)
    (mail,), (raw,) = smtp.mails, smtp.raw
    assert mail["To"].addresses[0].addr_spec == "contact@ville.example"
    assert mail["To"].addresses[0].display_name == "Ville d’exemple"
    assert mail["From"].addresses[0].addr_spec == "ne-pas-repondre@idgo.example"
    assert mail["Subject"] == "Accès refusé à «\u00a0Réseau d’eau\u00a0»"
    assert mail["Bcc"] is None
    assert abs(parsedate_to_datetime(mail["Date"]).timestamp() - datetime.now().timestamp()) < 120
    assert re.fullmatch(r"<[0-9a-f-]{36}@test\.ckan\.net>", mail["Message-ID"])
    assert mail["List-Unsubscribe"] == "<http://test.ckan.net/notifications/reglages>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) < 998
    text = mail.get_content()
    assert "Motif\u00a0: Voir [à lire sur le site] Bcc: x@ailleurs.example <b>gras</b>" in text
    assert "http://test.ckan.net/mes-acces\n" in text
    assert "zzcanary" not in text
    assert [m.state for m in mails()] == ["sent"]
    assert sending.send_due() == Done()


def test_a_server_that_was_down_gets_everything_when_it_is_up(
    world: World, smtp: Mailbox, ckan_config: Any, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    tell("access.granted", world.asker, dataset="A")
    tell("access.requested", world.referent, dataset="B")
    before = datetime.utcnow()
    assert sending.send_due() == Done(put_off=1), "the second is not even tried: the server is down"
    tried = next(mail for mail in mails() if mail.tries)
    assert tried.last_error
    assert tried.last_error["code"] == "server-silent"
    assert timedelta(seconds=59) < tried.next_try - before < timedelta(seconds=90)
    shown = world.act("outbox_list", world.admin)["results"]
    assert {row["state"] for row in shown} == {"queued"}
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{free_port}")
    due_again()
    assert sending.send_due() == Done(sent=2)
    assert {str(mail["To"]).split("<")[-1].rstrip(">") for mail in smtp.mails} == {
        "contact@ville.example",
        "referent@syndicat.example",
    }


def test_the_schedule_ends_in_failed_and_an_administrator_sends_it_again(
    world: World, smtp: Mailbox, ckan_config: Any, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    tell("access.granted", world.asker, dataset="A")
    for _ in range(12):
        assert sending.send_due() == Done(put_off=1)
        due_again()
    assert sending.send_due() == Done(failed=1)
    (mail,) = mails()
    assert (mail.state, mail.tries) == ("failed", 13)
    due_again()
    assert sending.send_due() == Done()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{free_port}")
    assert world.act("outbox_retry", world.admin, id=mail.id) == {"count": 1}
    assert sending.send_due() == Done(sent=1)
    assert smtp.mails[0]["Message-ID"] == mail.message_id


@pytest.mark.parametrize(
    ("answer", "done", "code"),
    [
        ("550 no such mailbox", Done(sent=1, failed=1), "failed"),
        ("450 later", Done(sent=1, put_off=1), "queued"),
    ],
)
def test_a_refused_address_stops_nobody_else(
    world: World, smtp: Mailbox, answer: str, done: Done, code: str
) -> None:
    smtp.refused = {"contact@ville.example": answer}
    tell("access.granted", world.asker, world.referent, dataset="A")
    assert sending.send_due() == done
    assert [str(mail["To"]) for mail in smtp.mails] == [
        f"{world.referent['fullname']} <referent@syndicat.example>"
    ]
    held = next(mail for mail in mails() if mail.state != "sent")
    assert held.state == code
    assert held.last_error == {"code": "refused", "detail": answer}


def test_a_line_dropped_before_the_answer_is_tried_again(world: World, smtp: Mailbox) -> None:
    smtp.drops_at = "DATA"
    tell("access.granted", world.asker, dataset="A")
    assert sending.send_due() == Done(put_off=1)
    smtp.drops_at = ""
    due_again()
    assert sending.send_due() == Done(sent=1)
    assert len(smtp.mails) == 1


def test_a_line_dropped_at_the_farewell_is_a_mail_sent(world: World, smtp: Mailbox) -> None:
    smtp.drops_at = "QUIT"
    tell("access.granted", world.asker, dataset="A")
    assert sending.send_due() == Done(sent=1)
    assert len(smtp.mails) == 1


def test_a_slow_server_is_waited_for_and_a_silent_one_is_not(
    world: World, smtp: Mailbox, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.silence_seconds = 1.2
    tell("access.granted", world.asker, dataset="A")
    assert sending.send_due() == Done(sent=1)
    monkeypatch.setitem(ckan_config, "ckanext.idgo.notices.smtp_timeout_seconds", 1)
    tell("access.granted", world.asker, dataset="B")
    assert sending.send_due() == Done(put_off=1)
    assert mails()[-1].last_error == {"code": "server-silent", "detail": "timed out"} or "timed out" in str(
        mails()[-1].last_error
    )


def test_two_workers_send_each_mail_once(world: World, smtp: Mailbox) -> None:
    for number in range(12):
        tell("access.granted", world.asker, dataset=f"jeu {number}")
    smtp.silence_seconds = 0.02
    found: list[Done] = []

    def work() -> None:
        found.append(sending.send_due())
        model.Session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done.sent for done in found) == 12
    assert len({mail["Subject"] for mail in smtp.mails}) == len(smtp.mails) == 12


def test_a_worker_killed_while_sending_is_followed_by_another(
    world: World, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: the second copy has the same ``Message-ID``."""

    class Killed(BaseException):
        pass

    def die(mail: Mail, *_: object) -> None:
        delivery.deliver(mail)
        raise Killed

    tell("access.granted", world.asker, dataset="A")
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settle", die)
        with pytest.raises(Killed):
            sending.send_due()
    assert [mail.state for mail in mails()] == ["sending"]
    assert sending.send_due() == Done(), "it may still be at work"
    due_again()
    assert sending.send_due() == Done(sent=1)
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 1
    assert (mails()[0].state, mails()[0].tries) == ("sent", 2)


def test_without_a_server_mails_wait_and_say_why(
    world: World, ckan_config: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    tell("access.granted", world.asker, dataset="A")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert sending.send_due() == Done()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    found = world.act("outbox_list", world.admin)
    assert "smtp.server" in found["problem"]
    assert [(row["state"], row["tries"]) for row in found["results"]] == [("queued", 0)]
    mails()[0].created = datetime.utcnow() - timedelta(days=8)
    model.Session.commit()
    assert sending.send_due() == Done(failed=1)
    assert world.act("outbox_list", world.admin, state="failed")["results"][0]["error"]["code"] == "no-server"
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    assert world.act("outbox_retry", world.admin, all=True) == {"count": 1}


def test_redis_down_loses_nothing(world: World, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise RedisDown("refused")

    with monkeypatch.context() as patch:
        patch.setattr(Queue, "enqueue_call", down)
        tell("access.granted", world.asker, dataset="A")
    assert [mail.state for mail in mails()] == ["queued"]
    assert jobs.send_due() == "1 sent, 0 put off, 0 failed, 0 dropped"


def test_an_event_asks_a_worker_once_rows_are_safe(world: World) -> None:
    """In the speaker's transaction: they are kept, or lost, together; nobody is asked before the commit."""
    user = model.User.get(world.referent["id"])
    user.about = "changed by the speaker"
    tell("access.granted", world.asker, dataset="lost")
    assert helpers.call_action("job_list") == []
    model.Session.rollback()
    assert model.Session.query(Notice).count() == 0
    assert mails() == []
    user.about = "changed again"
    tell("access.granted", world.asker, dataset="kept")
    model.Session.commit()
    tell("access.granted", world.asker, dataset="after the commit of the speaker")
    model.Session.rollback()
    assert model.Session.query(Notice).count() == len(mails()) == 2
    titles = {job["title"] for job in helpers.call_action("job_list")}
    assert titles == {"idgo: send the mails that are due"}


def test_the_same_key_is_told_once_and_who_left_is_not_told(
    world: World, smtp: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        tell("access.ending", world.asker, world.asker, key="grant-1-30", until="2026-12-06")
    tell("access.ending", world.referent, key="grant-1-30")
    assert model.Session.query(Notice).count() == 2
    helpers.call_action("user_delete", id=world.referent["id"])
    tell("access.ending", world.referent, key="grant-1-7")
    tell("access.ending", {"id": "nobody"}, key="grant-1-7")
    assert model.Session.query(Notice).count() == 2
    assert sending.send_due() == Done(sent=1, dropped=1)
    assert {mail.state: (mail.last_error or {}).get("code") for mail in mails()} == {
        "sent": None,
        "dropped": "inactive",
    }


def test_a_digest_takes_the_day_in_the_language_of_its_reader(world: World, smtp: Mailbox) -> None:
    world.act("choices_update", channels={"answers": "digest", "endings": "none"}, language="en")
    tell("access.granted", world.asker, dataset="A")
    tell("access.refused", world.asker, dataset="B", reason="No.")
    tell("access.ending", world.asker, dataset="C")
    tell("access.requested", world.asker, dataset="D")
    assert sending.send_due() == Done(sent=1)
    assert smtp.mails[0]["Subject"] == "Access asked for “D”"
    assert "http://test.ckan.net/en/demandes" in smtp.mails[
        0
    ].get_content() or "http://test.ckan.net/demandes" in (smtp.mails[0].get_content())
    (digest,) = [mail for mail in mails() if mail.channel == "digest"]
    assert len(digest.notice_ids) == 2
    assert timedelta() < digest.next_try - datetime.utcnow() <= timedelta(hours=25)
    due_again()
    assert sending.send_due() == Done(sent=1)
    text = smtp.mails[1].get_content()
    assert smtp.mails[1]["Subject"].endswith(": 2 news items")
    assert "Access granted to “A”" in text
    assert "Access refused to “B”" in text
    assert world.act("list")["count"] == 4
    tell("access.granted", world.asker, dataset="E")
    assert len([mail for mail in mails() if mail.channel == "digest"]) == 2


def test_an_account_without_a_usable_address_is_dropped_or_failed_and_said(
    world: World, smtp: Mailbox
) -> None:
    for email, state, code in (("", "dropped", "no-address"), ("é@ville.example", "failed", "bad-address")):
        user = model.User.get(world.asker["id"])
        user.email = email
        model.Session.commit()
        tell("access.granted", world.asker, dataset=code)
        sending.send_due()
        last = mails()[-1]
        assert (last.state, (last.last_error or {}).get("code")) == (state, code)
    assert smtp.mails == []


def test_a_name_with_a_line_break_adds_no_header(world: World, smtp: Mailbox) -> None:
    user = model.User.get(world.asker["id"])
    user.fullname = "Ville\r\nBcc: x@ailleurs.example"
    model.Session.commit()
    tell("access.granted", world.asker, dataset="A")
    assert sending.send_due() == Done(sent=1)
    assert smtp.mails[0]["Bcc"] is None
