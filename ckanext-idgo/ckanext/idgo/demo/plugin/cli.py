"""``ckan idgo demo``: load, remove, accounts."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import click

from ckanext.idgo.demo.plugin import accesses, actions
from ckanext.idgo.demo.plugin import accounts as people


@click.group(name="demo", short_help="The demonstration: catalogue and accounts.")
def demo() -> None:
    """The demonstration: catalogue and accounts."""


@demo.command("load")
@click.option("--refresh", is_flag=True, help="Also bring what exists up to date, files included.")
def load(refresh: bool) -> None:
    """Create the demonstration's organisations and datasets; what exists is kept."""
    with tempfile.TemporaryDirectory(prefix="idgo-demo-") as folder:
        counts = actions.load(Path(folder), datetime.now(timezone.utc), refresh, click.echo)
    people.join_organizations()
    accesses.ensure(datetime.now(timezone.utc), click.echo)
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))


@demo.command("remove")
@click.confirmation_option(prompt="Remove the demonstration's datasets and organisations?")
def remove() -> None:
    """Remove the demonstration's datasets and organisations; accounts stay."""
    actions.remove(click.echo)


@demo.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON (passwords and tokens included).")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Keep them in this file, mode 0600.")
@click.option("--rotate", is_flag=True, help="New passwords and tokens for all.")
def accounts(as_json: bool, path: Path | None, rotate: bool) -> None:
    """Create the accounts that are missing: contributeur, referent, guichet, usager, admin."""
    made = people.ensure(people.read(path), rotate)
    accesses.ensure(datetime.now(timezone.utc), lambda line: click.echo(line, err=True))
    if path:
        people.write(path, made)
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        for key, account in made.items():
            click.echo(f"{key:12} {account['name']}")
