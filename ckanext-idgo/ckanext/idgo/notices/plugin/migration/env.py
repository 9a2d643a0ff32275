"""Alembic environment of the notices room's tables."""

from ckanext.idgo.common.plugin.migrations import run

run("idgo_notices", tables="idgo_notice")
