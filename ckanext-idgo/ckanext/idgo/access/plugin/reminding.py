"""The job that lets nothing end or wait in silence: ``ckan idgo access remind``, and the scheduler by day.

Run twice it says nothing twice: what was said is marked on the row, in the transaction before the message,
and each message has a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from ckan import model
from sqlalchemy import or_

from ckanext.idgo.access.core import reminders
from ckanext.idgo.access.core.requests import last_day, today_in_paris
from ckanext.idgo.access.plugin import granting, journal, paths, telling, words
from ckanext.idgo.access.plugin.deciders import deciders
from ckanext.idgo.access.plugin.endings import HOLDER_CLOSED
from ckanext.idgo.access.plugin.model import (
    CLOSED_TOLD,
    PENDING,
    REFUSED,
    TOLD,
    AccessGrant,
    AccessRequest,
    aware,
    naive,
)
from ckanext.idgo.access.plugin.verdicts import now
from ckanext.idgo.common.core.events import Event

#: Minutes past each hour of the day, UTC: closures are told within the hour, nobody is written to at night.
CRON = "7 5-18 * * *"


def remind() -> dict[str, int]:
    """Say what is due. Returns how many grants or requests each step dealt with."""
    at = now()
    steps: dict[str, Callable[[datetime, journal.News], int]] = {
        "ending": _ending,
        "ended": _ended,
        "closed": _closed,
        "moved": _moved,
        "waiting": _waiting,
        "dropped": _dropped,
    }
    done = {}
    for name, step in steps.items():
        news = journal.News()
        done[name] = step(at, news)
        news.commit_and_send()
    return done


def _held(query: Any) -> Iterator[Any]:
    """Rows no other run is busy with, held until commit."""
    yield from query.populate_existing().with_for_update(skip_locked=True).all()


def _alive(at: datetime) -> Any:
    return model.Session.query(AccessGrant).filter(
        AccessGrant.revoked_at.is_(None), AccessGrant.ends_at.isnot(None), AccessGrant.ends_at > naive(at)
    )


def _ending(at: datetime, news: journal.News) -> int:
    """Grants that end within 30 or 7 days: to those who hold them."""
    done = 0
    horizon = naive(at + timedelta(days=max(reminders.BEFORE_END)))
    for grant in _held(_alive(at).filter(AccessGrant.ends_at <= horizon)):
        starts_at = aware(grant.starts_at)
        due = reminders.due_before_end(aware(grant.ends_at), starts_at or at, at, grant.reminded)
        if due is None:
            continue
        done += 1
        grant.reminded = [*grant.reminded, due]
        if _followed(grant):
            continue
        day = last_day(aware(grant.ends_at))
        left = (day - today_in_paris(at)).days if day else due
        facts = {**telling.of_grant(grant), "days": str(left)}
        news.add(
            Event(
                kind="access.ending",
                recipients=granting.holders(grant),
                facts=facts,
                path=paths.MY_ACCESS,
                key=f"access.ending:{grant.id}:{due}",
            )
        )
    return done


def _followed(grant: AccessGrant) -> bool:
    """Has its holder another one that goes on: as wide, and longer? (It was renewed.)"""
    others = model.Session.query(AccessGrant).filter(
        AccessGrant.id != grant.id,
        AccessGrant.revoked_at.is_(None),
        AccessGrant.grantee_type == grant.grantee_type,
        AccessGrant.grantee_id == grant.grantee_id,
        AccessGrant.organization_id == grant.organization_id,
        AccessGrant.package_id == grant.package_id,
        or_(AccessGrant.resource_id.is_(None), AccessGrant.resource_id == grant.resource_id),
        or_(AccessGrant.ends_at.is_(None), AccessGrant.ends_at > grant.ends_at),
    )
    held = set(grant.codes)
    return any(not other.codes or (held and held <= set(other.codes)) for other in others)


def _unmarked(query: Any, entity: Any, mark: int) -> Any:
    return query.filter(~entity.reminded.contains([mark]))


def _ended(at: datetime, news: journal.News) -> int:
    """Grants whose date has come: one line in the log (their holders were told before)."""
    query = model.Session.query(AccessGrant).filter(
        AccessGrant.revoked_at.is_(None), AccessGrant.ends_at <= naive(at)
    )
    rows = list(_held(_unmarked(query, AccessGrant, TOLD)))
    for grant in rows:
        day = last_day(aware(grant.ends_at))
        journal.write_grant("ended", grant, None, until=day.isoformat() if day else None)
        grant.reminded = [*grant.reminded, TOLD]
    return len(rows)


def _closed(at: datetime, news: journal.News) -> int:
    """Grants that nobody took back, but that ended with what they were about (``endings``)."""
    query = model.Session.query(AccessGrant).filter(
        AccessGrant.revoked_at.isnot(None), AccessGrant.revoked_by.is_(None)
    )
    rows = list(_held(_unmarked(query, AccessGrant, TOLD)))
    for grant in rows:
        grant.reminded = [*grant.reminded, TOLD]
        if grant.revoke_reason == HOLDER_CLOSED:
            continue
        facts = {**telling.of_grant(grant), "reason": words.ending_sentence(grant.revoke_reason)}
        news.add(
            Event(
                kind="access.revoked",
                recipients=granting.holders(grant),
                facts=facts,
                path=paths.MY_ACCESS,
                key=f"access.revoked:{grant.id}",
            )
        )
    return len(rows)


def _pending() -> Any:
    return model.Session.query(AccessRequest).filter(AccessRequest.state == PENDING)


def _to_deciders(kind: str, request: AccessRequest, key: str, **facts: str) -> Event:
    return Event(
        kind=kind,
        recipients=deciders(request.organization_id, besides=request.requester_id),
        actor_id=request.requester_id,
        facts={**telling.of_request(request), **facts},
        path=paths.request(request.id),
        key=key,
    )


def _moved(at: datetime, news: journal.News) -> int:
    """Requests that followed their dataset to an owner who does not know of them yet."""
    rows = list(_held(_unmarked(_pending(), AccessRequest, TOLD)))
    for request in rows:
        request.reminded = [*request.reminded, TOLD]
        key = f"access.requested:{request.id}:{request.organization_id}"
        news.add(_to_deciders("access.requested", request, key))
    return len(rows)


def _waiting(at: datetime, news: journal.News) -> int:
    """Requests without an answer after 3 and 7 days: to those who decide."""
    first = naive(at - timedelta(days=min(reminders.WAITING)))
    done = 0
    for request in _held(_pending().filter(AccessRequest.created <= first)):
        created = aware(request.created) or at
        due = reminders.due_waiting(created, at, request.reminded)
        if due is None:
            continue
        done += 1
        request.reminded = [*request.reminded, due]
        key = f"access.waiting:{request.id}:{due}"
        news.add(_to_deciders("access.waiting", request, key, days=str((at - created).days)))
    return done


def _dropped(at: datetime, news: journal.News) -> int:
    """Requests that nobody refused, but of which nothing is left: to who asked."""
    query = model.Session.query(AccessRequest).filter(
        AccessRequest.state == REFUSED, AccessRequest.decided_by.is_(None)
    )
    rows = list(_held(_unmarked(query, AccessRequest, CLOSED_TOLD)))
    for request in rows:
        request.reminded = [*request.reminded, CLOSED_TOLD]
        facts = {**telling.of_items(request), "reason": words.ending_sentence(request.decision_reason)}
        news.add(
            Event(
                kind="access.refused",
                recipients=(request.requester_id,),
                facts=facts,
                path=paths.request(request.id),
                key=f"access.refused:{request.id}",
            )
        )
    return len(rows)
