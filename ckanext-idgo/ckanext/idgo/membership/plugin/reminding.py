"""Reminders of membership requests, and what waits: for the command line and the scheduler."""

from __future__ import annotations

from ckan import model

from ckanext.idgo.membership.core.reminders import due
from ckanext.idgo.membership.core.requests import PENDING
from ckanext.idgo.membership.plugin import events
from ckanext.idgo.membership.plugin.model import MembershipRequest, now


def remind() -> tuple[int, int]:
    """Remind those who decide of what waits. Run twice, it says everything once: each request's row is held
    while its reminder is marked. Gives (requests reminded of, requests waiting)."""
    days, reminded = events.reminder_days(), 0
    waiting = [request.id for request in MembershipRequest.pending()]
    for request_id in waiting:
        request = MembershipRequest.get(request_id, lock=True)
        if request is None or request.state != PENDING:
            model.Session.rollback()
            continue
        said = due(request.created, request.reminded, now(), days)
        if said:
            request.reminded = [*request.reminded, *said]
        model.Session.commit()
        if said:
            events.waiting(request, said[-1])
            reminded += 1
    return reminded, len(waiting)


def run() -> None:
    """The scheduled job."""
    remind()
