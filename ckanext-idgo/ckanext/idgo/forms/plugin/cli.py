"""``ckan idgo deposit``: housekeeping of drafts."""

from __future__ import annotations

import click

from ckanext.idgo.common.plugin import cli as house
from ckanext.idgo.forms.plugin import cleaning


@click.group(name="deposit", short_help="Drafts of the simple deposit.")
def deposit() -> None:
    """Drafts of the simple deposit."""


@deposit.command("clean")
def clean() -> None:
    """Remove drafts untouched for too long, and replaced files whose undo is over."""
    drafts, files = cleaning.clean()
    click.echo(f"{drafts} drafts removed, {files} replaced files removed")


house.register(deposit)
