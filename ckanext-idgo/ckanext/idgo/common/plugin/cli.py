"""``ckan idgo``: one command group for the whole house.

A room whose plugin is enabled adds its own commands when it is imported::

    from ckanext.idgo.common.plugin import cli
    cli.register(my_group_or_command)

The shared plugin gives the group to CKAN (``IClick``).
"""

from __future__ import annotations

import click


@click.group(name="idgo", short_help="IDGO's own commands.")
def idgo() -> None:
    """IDGO's own commands."""


def register(command: click.Command) -> None:
    """Add a room's command or group; the same one twice is added once.

    Raises ``ValueError`` when another command already has the name.
    """
    name = command.name or ""
    if idgo.commands.get(name, command) is not command:
        raise ValueError(f"ckan idgo {name} is already another command")
    idgo.add_command(command)
