"""The Alembic environment of every room's tables: its ``migration/env.py`` names itself and calls ``run``."""

from __future__ import annotations

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool


def run(plugin: str, tables: str) -> None:
    """Migrate the tables whose names begin with ``tables``; ``plugin`` is the CKAN plugin they belong to.

    The version is kept in ``<plugin>_alembic_version``, where ``ckan db`` looks for it.
    """

    def ours(_object: object, name: str | None, type_: str, _reflected: bool, _compare_to: object) -> bool:
        return type_ != "table" or str(name).startswith(tables)

    def configure(**options: object) -> None:
        version = f"{plugin}_alembic_version"
        context.configure(target_metadata=metadata, version_table=version, include_object=ours, **options)  # type: ignore[arg-type]

    if context.is_offline_mode():
        configure(url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
