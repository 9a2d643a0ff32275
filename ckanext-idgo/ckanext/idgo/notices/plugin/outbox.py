"""From an event to rows: the notice and its mail are written together, before any mail is tried.

In the speaker's transaction while it has written something (they live or die together), else in our own.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.dialects.postgresql import insert

from ckanext.idgo.common.core.events import KINDS, Event
from ckanext.idgo.notices.core import facts as fact_rules
from ckanext.idgo.notices.core import schedule
from ckanext.idgo.notices.core.kinds import AT_ONCE, DIGEST, NONE, channel_of
from ckanext.idgo.notices.plugin import config, jobs
from ckanext.idgo.notices.plugin.model import QUEUED, Choice, Mail, Notice, new_id, now

log = logging.getLogger(__name__)
_DUE = "idgo_notices_due"


def listen(sender: Any, event: Event, **_more: Any) -> None:
    """Listener of ``noted``. What is written here is not lost: sending it is another process's work."""
    if event.kind not in KINDS:
        log.error("event of unknown kind %r: nobody is told", event.kind)
        return
    # Before we write: has the speaker?
    theirs = _has_written()
    mails = write(event)
    if mails:
        ckan_model.Session().info[_DUE] = True
    if not theirs:
        ckan_model.Session.commit()


def _has_written() -> bool:
    """Whether the session is in a transaction that has changed something."""
    session = ckan_model.Session()
    if session.new or session.dirty or session.deleted:
        return True
    # Asking begins a transaction of our own if there is none; it has no number then.
    return session.scalar(sa.text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")) is True


def write(event: Event) -> int:
    """Add the notices, and the mails their readers want. Returns how many mails were added or fed."""
    recipients = _people(event)
    choices = Choice.of(recipients) if recipients else {}
    mails = 0
    for user_id in recipients:
        notice_id = _notice(event, user_id)
        channel = channel_of(event.kind, choices[user_id])
        if notice_id and channel != NONE:
            _mail(user_id, notice_id, channel)
            mails += 1
    return mails


def _people(event: Event) -> list[str]:
    """Active accounts among the recipients, each once, in order."""
    asked = list(dict.fromkeys(event.recipients))
    user = ckan_model.User
    rows = ckan_model.Session.query(user.id).filter(user.id.in_(asked), user.state == "active")
    active = {row[0] for row in rows} if asked else set()
    gone = [user_id for user_id in asked if user_id not in active]
    if gone:
        log.info("%s: not told to %d accounts that are not active: %s", event.kind, len(gone), " ".join(gone))
    return [user_id for user_id in asked if user_id in active]


def _notice(event: Event, user_id: str) -> str | None:
    """The new notice's id; None when this person was told already."""
    values = {
        "id": new_id(),
        "recipient_id": user_id,
        "kind": event.kind,
        "facts": fact_rules.clean(event.facts),
        "path": fact_rules.clean_path(event.path),
        "key": f"{event.kind} {event.key or new_id()}",
        "created": now(),
    }
    statement = insert(Notice).values(values).on_conflict_do_nothing(constraint="idgo_notice_once")
    return ckan_model.Session.execute(statement.returning(Notice.id)).scalar()


def _mail(user_id: str, notice_id: str, channel: str) -> None:
    """A row of the outbox; a summary that is still open takes the notice instead of a second one."""
    moment, mail_id = now(), new_id()
    due = moment if channel == AT_ONCE else schedule.next_digest(moment, config.digest_hour(), config.zone())
    statement = insert(Mail).values(
        id=mail_id,
        user_id=user_id,
        channel=channel,
        notice_ids=[notice_id],
        state=QUEUED,
        tries=0,
        next_try=due,
        message_id=f"<{mail_id}@{config.host()}>",
        created=moment,
    )
    if channel == DIGEST:
        statement = statement.on_conflict_do_update(
            index_elements=[Mail.user_id],
            index_where=sa.text("channel = 'digest' AND state = 'queued' AND last_error IS NULL"),
            set_={"notice_ids": Mail.notice_ids.concat(statement.excluded.notice_ids)},
        )
    ckan_model.Session.execute(statement)


def after_commit(session: Any) -> None:
    """Session event: rows are safe now, ask a worker to send. A queue that is down loses nothing."""
    if session.info.pop(_DUE, False):
        ask()


def ask() -> None:
    try:
        tk.enqueue_job(jobs.send_due, title="idgo: send the mails that are due", rq_kwargs=jobs.LIMITS)
    except RedisError as error:
        log.warning("queue unavailable (%s): the scheduler sends these mails within a minute", error)
