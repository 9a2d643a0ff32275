"""Alembic environment of the forms room's tables."""

from ckanext.idgo.common.plugin.migrations import run

run("idgo_forms", tables="idgo_deposit")
