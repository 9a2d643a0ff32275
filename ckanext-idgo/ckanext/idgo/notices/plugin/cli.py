"""``ckan idgo notices``: send what is due, see the outbox."""

from __future__ import annotations

import click

from ckanext.idgo.common.plugin import cli as house
from ckanext.idgo.notices.plugin import config, retrying, sending


@click.group(name="notices", short_help="Notices and their mails.")
def notices() -> None:
    """Notices and their mails."""


@notices.command("send")
def send() -> None:
    """Send the mails that are due (the scheduler does it each minute)."""
    done = sending.send_due()
    problem = config.mail_problem()
    if problem:
        click.echo(f"no mail leaves: {problem}")
    click.echo(f"{done.sent} sent, {done.put_off} put off, {done.failed} failed, {done.dropped} dropped")


@notices.command("outbox")
@click.option("--state", type=click.Choice(["queued", "sending", "sent", "failed", "dropped"]))
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def outbox(state: str | None, limit: int) -> None:
    """How many mails are in each state; then some, those in trouble first."""
    found = retrying.page(state, 0, limit)
    click.echo(", ".join(f"{count} {name}" for name, count in found["counts"].items()))
    if found["problem"]:
        click.echo(found["problem"])
    for mail in found["results"]:
        error = mail["error"] or {}
        why = " ".join(filter(None, (error.get("code"), error.get("detail"))))
        click.echo(
            f"{mail['created'][:16]}  {mail['state']:8} {mail['tries']:2} tries  {mail['user'] or '-'}  {why}"
        )


house.register(notices)
