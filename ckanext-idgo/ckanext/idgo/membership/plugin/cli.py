"""``ckan idgo membership``: what waits, and its reminders."""

from __future__ import annotations

import click

from ckanext.idgo.common.plugin import cli as house
from ckanext.idgo.membership.plugin import events, people, reminding
from ckanext.idgo.membership.plugin.model import MembershipRequest, now


@click.group(name="membership", short_help="Requests to join organisations.")
def membership() -> None:
    """Requests to join organisations."""


@membership.command("remind")
def remind() -> None:
    """Remind those who decide of the requests that wait (after 3 and 7 days); twice is once."""
    reminded, waiting = reminding.remind()
    click.echo(f"{waiting} requests waiting, {reminded} reminders sent")


@membership.command("requests")
def requests() -> None:
    """List the requests that wait: since when, for which organisation and role, who decides."""
    for request in MembershipRequest.pending():
        place = people.place_of(request)
        _, facts = events.about(request)
        decides = "guichet" if place.orphan else f"{len(place.referents)} referents"
        days = (now() - request.created).days
        click.echo(f"{request.id}  {days:>3} d  {facts['role']:<7}  {facts['organization']}  ({decides})")


house.register(membership)
