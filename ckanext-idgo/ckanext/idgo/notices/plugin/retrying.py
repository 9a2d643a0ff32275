"""The outbox for the administrator: what waits, what failed and why, and trying again."""

from __future__ import annotations

from typing import Any

import ckan.model as ckan_model
import sqlalchemy as sa

from ckanext.idgo.common.core.errors import N_, BadInput, NotThere
from ckanext.idgo.notices.plugin import config, words
from ckanext.idgo.notices.plugin.model import FAILED, QUEUED, SENDING, STATES, Mail, now

# In trouble first: an administrator comes for those.
_ORDER = sa.case({FAILED: 0, SENDING: 1, QUEUED: 2}, value=Mail.state, else_=3)


def page(state: object, offset: int, limit: int) -> dict[str, Any]:
    """Mails with their readers' names; ``problem``: why none can leave, in words, or None."""
    if state is not None and state not in STATES:
        raise BadInput("state", N_("“{value}” is not a choice here."), value=str(state))
    query = ckan_model.Session.query(Mail, ckan_model.User)
    query = query.outerjoin(ckan_model.User, ckan_model.User.id == Mail.user_id)
    if state:
        query = query.filter(Mail.state == state)
    rows = query.order_by(_ORDER, Mail.created.desc(), Mail.id).offset(offset).limit(limit)
    problem = config.mail_problem()
    counts = Mail.counts()
    return {
        "count": counts[str(state)] if state else sum(counts.values()),
        "counts": counts,
        "problem": words.reason(problem) if problem else None,
        "results": [dictize(mail, user) for mail, user in rows],
    }


def dictize(mail: Mail, user: Any) -> dict[str, Any]:
    error = mail.last_error or {}
    return {
        "id": mail.id,
        "user": user.name if user else None,
        "email": user.email if user else None,
        "channel": mail.channel,
        "notices": len(mail.notice_ids),
        "state": mail.state,
        "tries": mail.tries,
        "next_try": mail.next_try.isoformat() if mail.state == QUEUED else None,
        "error": {**error, "message": words.reason(error["code"])} if error else None,
        "created": mail.created.isoformat(),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
    }


def again(mail_id: str | None) -> int:
    """Make one mail due now, or all that failed or wait after a failure. Returns how many.

    Raises ``NotThere`` for one that is not there, or that is sent, or being sent: it is never sent twice.
    """
    troubled = (Mail.state == FAILED) | ((Mail.state == QUEUED) & Mail.last_error.isnot(None))
    wanted = troubled if mail_id is None else (Mail.id == mail_id) & Mail.state.in_((FAILED, QUEUED))
    statement = sa.update(Mail).where(wanted).values(state=QUEUED, tries=0, next_try=now())
    result: Any = ckan_model.Session.execute(statement)
    if mail_id is not None and not result.rowcount:
        raise NotThere("mail-unknown", N_("This mail is not waiting."))
    return int(result.rowcount)
