"""Alembic environment of the access room's tables."""

from ckanext.idgo.common.plugin.migrations import run

run("idgo_access", tables="idgo_access_")
