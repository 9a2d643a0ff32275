"""The datastore of the tests: a database beside CKAN's, its read-only user, one table for each tier."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from access_world import Sheet, canary
from ckan import model
from ckan.tests import helpers

NAME, READER = "datastore_test", "datastore_reader"


def _url(main: str, database: str, user: str = "") -> str:
    """``main`` with another database, and another user who has the same password."""
    parts = urlsplit(main)
    netloc = parts.netloc.replace(f"{parts.username}:", f"{user}:", 1) if user else parts.netloc
    return urlunsplit((parts.scheme, netloc, f"/{database}", "", ""))


def settings(main: str) -> dict[str, Any]:
    """Database and user, made where they are missing, and CKAN's settings that name them."""
    parts = urlsplit(main)
    with closing(psycopg2.connect(_url(main, "postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (READER,))
            if not cursor.fetchone():
                cursor.execute(f'CREATE ROLE "{READER}" LOGIN PASSWORD %s', (parts.password,))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{NAME}"')
    _permit(main)
    return {
        "ckan.datastore.write_url": _url(main, NAME),
        "ckan.datastore.read_url": _url(main, NAME, READER),
        "ckan.datastore.sqlsearch.enabled": True,
    }


def _permit(main: str) -> None:
    """What ``ckan datastore set-permissions`` would print, run here."""
    from ckanext.datastore.cli import permissions_sql

    owner = str(urlsplit(main).username)
    written = permissions_sql(urlsplit(main).path.strip("/"), NAME, owner, owner, READER)
    sql = "\n".join(line for line in written.splitlines() if not line.startswith("\\"))
    with closing(psycopg2.connect(_url(main, NAME))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            cursor.execute(sql)


def add_table(sheet: Sheet, user: str) -> None:
    """A resource that is a table: canaries in a row, a column, an alias and a filter of its view."""
    context = {"user": user, "ignore_auth": False}
    made = helpers.call_action(
        "resource_create",
        context=dict(context),
        package_id=sheet.id,
        name="Fichier table",
        format="CSV",
        url="_datastore_only_resource",
        url_type="datastore",
    )
    column, alias = canary("cancolumn", sheet.tier), canary("canalias", sheet.tier)
    helpers.call_action(
        "datastore_create",
        context=dict(context),
        resource_id=made["id"],
        aliases=[alias],
        fields=[{"id": column, "type": "text"}, {"id": "n", "type": "int"}],
        records=[{column: canary("canrow", sheet.tier), "n": 3}, {column: "b", "n": 1}],
    )
    sheet.table, sheet.alias = made["id"], alias
    for kind, config in (
        ("datatables_view", {"filters": {}}),
        ("text_view", {}),
        ("webpage_view", {"page_url": f"https://donnees.example/{canary('canview', sheet.tier)}.html"}),
    ):
        view = model.ResourceView(resource_id=made["id"], title=kind, view_type=kind, order=0, config=config)
        model.Session.add(view)
        model.Session.commit()
        sheet.table_views[kind] = view.id


def add_original(sheet: Sheet, source_id: str) -> None:
    """The harvested original of this dataset: an ISO record that quotes an address."""
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestObjectExtra, HarvestSource

    source = HarvestSource.get(source_id)
    job = HarvestJob(source=source, status="Finished")
    job.save()
    text = f"<record>{canary('canoriginal', sheet.tier)}</record>"
    made = HarvestObject(job=job, source=source, guid=sheet.name, content=text, package_id=sheet.id)
    made.current = True
    made.save()
    HarvestObjectExtra(key="original_document", value=text, harvest_object_id=made.id).save()
    sheet.original = made.id
