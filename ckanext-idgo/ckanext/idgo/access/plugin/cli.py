"""``ckan idgo access``: reminders, and grants for those who run the platform."""

from __future__ import annotations

import csv
import sys
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.idgo.access.core.decide import Viewer
from ckanext.idgo.access.core.requests import GRANT_STATES
from ckanext.idgo.access.plugin import describing, granting, migrating, reminding
from ckanext.idgo.access.plugin.deciders import organisation
from ckanext.idgo.access.plugin.model import AccessGrant
from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.common.plugin import cli as house

_COLUMNS = (
    *("id", "state", "organization", "package_name", "package_title", "resource_id", "resource_name"),
    *("grantee_type", "grantee", "codes", "starts_at", "ends_at", "granted_by", "reason", "license_id"),
    *("license_accepted_at", "revoked_at", "revoked_by", "revoke_reason", "request_id"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.group(name="access", short_help="Grants of access and their reminders.")
def access() -> None:
    """Grants of access and their reminders."""


@access.command("remind")
def remind() -> None:
    """Tell what ends soon and what waits; note what has ended. Safe to run again."""
    for name, count in reminding.remind().items():
        click.echo(f"{name}: {count}")


def _site_viewer() -> Viewer:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    found = model.User.get(user["name"])
    return Viewer(id=found.id if found else None, sysadmin=True)


def _selected(organization: str | None, dataset: str | None, state: str | None) -> list[dict[str, Any]]:
    query = model.Session.query(AccessGrant)
    if organization:
        found = organisation(organization)
        if found is None:
            raise click.ClickException(f"no active organization {organization}")
        query = query.filter(AccessGrant.organization_id == found.id)
    if dataset:
        package = model.Package.get(dataset)
        query = query.filter(AccessGrant.package_id == (package.id if package else dataset))
    if state:
        query = query.filter(granting.in_state(state))
    rows = query.order_by(AccessGrant.created, AccessGrant.id).all()
    return describing.grants(rows, _site_viewer(), decider=True)


_choices = (
    click.option("--organization", help="Name or id of the organization that gave."),
    click.option("--dataset", help="Name or id."),
    click.option("--state", type=click.Choice(GRANT_STATES)),
)


def _selecting(command: Any) -> Any:
    for choice in reversed(_choices):
        command = choice(command)
    return command


@access.command("grants")
@_selecting
def grants(organization: str | None, dataset: str | None, state: str | None) -> None:
    """List grants, one a line."""
    for row in _selected(organization, dataset, state):
        what = "/".join(filter(None, [row["package_name"] or row["package_id"], row["resource_id"]]))
        whom = row["grantee"]["name"] or row["grantee_id"]
        end = row["until"] or "-"
        click.echo(f"{row['id']}  {row['state']:<8} {end:<10}  {row['grantee_type']} {whom}  {what}")


@access.command("export")
@_selecting
@click.option("--output", type=click.Path(dir_okay=False, writable=True), help="File; else standard output.")
def export(organization: str | None, dataset: str | None, state: str | None, output: str | None) -> None:
    """Write grants as CSV (UTF-8, comma)."""
    rows = _selected(organization, dataset, state)
    if output is None:
        _write(sys.stdout, rows)
        return
    with open(output, "w", encoding="utf-8", newline="") as stream:
        _write(stream, rows)


def _write(stream: Any, rows: list[dict[str, Any]]) -> None:
    table = csv.writer(stream)
    table.writerow(_COLUMNS)
    table.writerows([_cell(row[column]) for column in _COLUMNS] for row in rows)


def _cell(value: Any) -> str:
    """A list in one cell, an organisation or person by name; no formula for a spreadsheet."""
    if isinstance(value, list):
        value = " ".join(value)
    elif isinstance(value, dict):
        value = value["name"] or value["id"]
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


@access.command("revoke")
@click.argument("grant")
@click.option("--reason", required=True, help="Read by who loses access.")
def revoke(grant: str, reason: str) -> None:
    """Take a grant back: it counts at the next request."""
    try:
        granting.revoke(_site_viewer(), grant, reason)
    except IdgoError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{grant} revoked")


@access.command("migrate-activities")
def migrate_activities() -> None:
    """Take what is not open out of activities recorded before this plugin. Safe to run again."""
    progress = migrating.Progress()
    for progress in migrating.migrate_activities():  # noqa: B007 (the last one is what is said)
        pass
    click.echo(f"{progress.read} activities read, {progress.changed} changed")


house.register(access)
