"""Alembic environment of the membership room's tables."""

from ckanext.idgo.common.plugin.migrations import run

run("idgo_membership", tables="idgo_membership")
