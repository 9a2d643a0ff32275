"""Sending what is due, through CKAN's own mailer, in a worker or on the command line: never in a web request.

At least once: a mail is claimed (``sending``) in one transaction and settled in another, so two workers never
hold the same one, and one whose worker died between the two is sent again, under the same ``Message-ID``.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ckan.model as ckan_model
import sqlalchemy as sa

from ckanext.idgo.notices.core import schedule
from ckanext.idgo.notices.plugin import config, delivery
from ckanext.idgo.notices.plugin.delivery import Outcome
from ckanext.idgo.notices.plugin.model import FAILED, QUEUED, SENDING, SENT, Mail, now

log = logging.getLogger(__name__)

#: After how long a worker that says nothing is taken for dead; above the time limit of its job.
LEASE = timedelta(minutes=15)
#: A run leaves the rest to the next one: other jobs share the queue.
RUN_SECONDS = 120.0


@dataclass
class Done:
    """What one run did, in mails."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    dropped: int = 0


def send_due() -> Done:
    """Send what is due until nothing is, the server does not answer, or the run's time is over."""
    done, ends = Done(), time.monotonic() + RUN_SECONDS
    problem = config.mail_problem()
    if problem:
        done.failed = _give_up_waiting(problem)
        log.info("no mail leaves: %s", problem)
        return done
    _recover()
    while time.monotonic() < ends:
        mail = _claim()
        if mail is None:
            break
        outcome = delivery.deliver(mail)
        _settle(mail, outcome, done)
        if outcome.server_down:
            log.warning("mail server: %s %s; the others wait", outcome.code, outcome.detail)
            break
    return done


def _claim() -> Mail | None:
    """The mail due longest, now ours. Rows that another worker is claiming are passed over."""
    moment = now()
    query = ckan_model.Session.query(Mail).filter(Mail.state == QUEUED, Mail.next_try <= moment)
    query = query.order_by(Mail.next_try, Mail.id).limit(1)
    mail = query.populate_existing().with_for_update(skip_locked=True).first()
    if mail is not None:
        mail.state = SENDING
        mail.tries = mail.tries + 1
        mail.next_try = moment + LEASE
    ckan_model.Session.commit()
    return mail


def _recover() -> None:
    """Mails whose worker died while sending are due again, unless that happened too often."""
    query = ckan_model.Session.query(Mail).filter(Mail.state == SENDING, Mail.next_try <= now())
    for mail in query.populate_existing().with_for_update(skip_locked=True):
        mail.last_error = {"code": "worker-died", "detail": ""}
        mail.state = QUEUED if schedule.wait_after(mail.tries) else FAILED
        mail.next_try = now()
        log.warning("mail %s: its worker died, %s", mail.id, mail.state)
    ckan_model.Session.commit()


def _settle(claimed: Mail, outcome: Outcome, done: Done) -> None:
    """Write what became of it, unless it was taken for abandoned meanwhile and belongs to another worker."""
    values: dict[str, Any] = {"last_error": outcome.as_error()}
    if outcome.state == SENT:
        values |= {"state": SENT, "sent_at": now(), "last_error": None}
        done.sent += 1
    elif outcome.state == QUEUED:
        wait = schedule.wait_after(claimed.tries)
        values |= {"state": QUEUED, "next_try": now() + wait} if wait else {"state": FAILED}
        done.put_off += 1 if wait else 0
        done.failed += 0 if wait else 1
    else:
        values["state"] = outcome.state
        done.failed += outcome.state == FAILED
        done.dropped += outcome.state != FAILED
    mine = (Mail.id == claimed.id) & (Mail.state == SENDING) & (Mail.tries == claimed.tries)
    ckan_model.Session.execute(sa.update(Mail).where(mine).values(values))
    ckan_model.Session.commit()
    log.info("mail %s to %s: %s %s", claimed.id, claimed.user_id, values["state"], outcome.code)


def _give_up_waiting(problem: str) -> int:
    """Without a mail server nothing is tried; what waited for a week is shown as failed, with the reason."""
    old = now() - schedule.KEPT_WAITING
    statement = sa.update(Mail).where(Mail.state == QUEUED, Mail.created < old)
    error = {"code": problem, "detail": ""}
    result: Any = ckan_model.Session.execute(statement.values(state=FAILED, last_error=error))
    ckan_model.Session.commit()
    return int(result.rowcount)
