"""Rows 14 to 19 of the matrix: tables of the datastore, under every name, by every action and route."""
# ruff: noqa: S608 (the queries are the subject)

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import ckanext.datastore
import pytest
import sqlalchemy as sa
from access_world import ALLOWED, LOCKED_TIERS, TIERS, World, canary, spoil
from ckan.common import config, config_declaration
from ckan.tests import helpers
from conftest import settings_of
from sqlalchemy.engine import make_url
from test_access_matrix import GROUNDS, leaks

API = "/api/3/action"
#: Those whose rights differ.
TRIED = ("anonymous", "outsider", "pending_member", "expired_grant", "revoked_grant", "limited_grant")
TRIED = (*TRIED, "granted_person", "granted_member", "sysadmin")
READER = "idgo_test_reader"


def _run(url: Any, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _make_database(main: Any) -> Any:
    """A database for tables beside the tests' own, and a role that only reads it (CKAN's own script)."""
    tables, reader = main.set(database="idgo_test_tables"), main.set(username=READER)
    _run(main, f"DROP DATABASE IF EXISTS {tables.database}", f"CREATE DATABASE {tables.database}")
    _run(main, f"DROP ROLE IF EXISTS {READER}", f"CREATE ROLE {READER} LOGIN PASSWORD '{reader.password}'")
    script = Path(str(ckanext.datastore.__file__)).with_name("set_permissions.sql").read_text("utf-8")
    names = {"maindb": main.database, "datastoredb": tables.database, "readuser": READER}
    names |= {"mainuser": main.username, "writeuser": main.username}
    for key, value in names.items():
        script = script.replace("{" + key + "}", f'"{value}"')
    _run(tables, script.split("\\connect", 1)[1].split("\n", 1)[1].replace("%", "%%"))
    return tables


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> dict[str, object]:
    main = make_url(str(config["sqlalchemy.url"]))
    tables = _make_database(main)
    read = tables.set(username=READER)
    return {
        **settings_of(str(tmp_path_factory.mktemp("store")), "datastore", "datatables_view"),
        "ckan.datastore.write_url": tables.render_as_string(hide_password=False),
        "ckan.datastore.read_url": read.render_as_string(hide_password=False),
        "ckan.datastore.sqlsearch.enabled": True,
    }


@pytest.fixture(scope="module")
def tables(built: World, settings) -> dict[str, dict[str, str]]:
    """A table for each tier, in its upload: ``{"id", "alias", "view"}``."""
    made = {}
    # Defaults that the two plugins declare, gone with the configuration of the next test.
    prefixes = ("ckan.datastore.", "ckan.datatables.")
    for option in config_declaration.iter_options():
        if str(option).startswith(prefixes):
            settings.setdefault(str(option), config_declaration[option].default)
    config.update(settings)
    with built.app.flask_app.test_request_context():
        spoil(built.sheets["malformed"], "restricted")  # CKAN validates the resource of a new table
        for tier in TIERS:
            rid, alias = built.sheets[tier].resources["upload"], f"table_{tier}"
            column, value = canary("cancolumn", tier), canary("canbytes", tier)
            helpers.call_action(
                "datastore_create",
                {"user": built.users["sysadmin"]["name"]},
                resource_id=rid,
                aliases=[alias],
                force=True,
                fields=[{"id": column, "type": "text"}, {"id": "n", "type": "int"}],
                records=[{column: value, "n": 1}, {column: value, "n": 2}],
            )
            view = helpers.call_action(
                "resource_view_create",
                {"user": built.users["sysadmin"]["name"]},
                resource_id=rid,
                title="Table",
                view_type="datatables_view",
            )
            made[tier] = {"id": rid, "alias": alias, "view": view["id"]}
        spoil(built.sheets["malformed"])
    return made


def _reads(table: dict[str, str]) -> Iterator[str]:
    for name in (table["id"], table["alias"]):
        yield f"{API}/datastore_search?resource_id={name}"
        yield f"{API}/datastore_search?resource_id={name}&records_format=csv&fields=n"
        yield f"{API}/datastore_info?id={name}"
        yield f"{API}/datastore_info?resource_id={name}"
        for form in ("csv", "tsv", "json", "xml"):
            yield f"/datastore/dump/{name}?format={form}"
        yield f"{API}/datastore_search_sql?sql=" + quote(f'SELECT * FROM "{name}"')
    yield f"{API}/package_show?id={table['id']}"
    yield f"{API}/resource_show?id={table['id']}"


def _sql(table: dict[str, str], other: dict[str, str]) -> Iterator[str]:
    """A closed table behind one that is open, and the server's own tables."""
    closed, open_one = table["id"], other["id"]
    for query in (
        f'SELECT * FROM "{open_one}" WHERE n IN (SELECT n FROM "{closed}")',
        f'SELECT a.*, b.* FROM "{open_one}" a, "{closed}" b',
        f'WITH x AS (SELECT * FROM "{closed}") SELECT * FROM x',
        f'SELECT * FROM "{open_one}" UNION ALL SELECT * FROM "{table["alias"]}"',
        f'SELECT (SELECT string_agg(n::text, \',\') FROM "{closed}") FROM "{open_one}"',
        f'SELECT * FROM public."{closed}"',
        "SELECT * FROM information_schema.columns",
        "SELECT * FROM pg_catalog.pg_stats",
        'SELECT * FROM "_table_metadata"',
    ):
        yield f"{API}/datastore_search_sql?sql=" + quote(query)
    yield f"{API}/datastore_search?resource_id=_table_metadata"
    yield "/datastore/dump/_table_metadata"


def _posts(table: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    form = {"draw": "1", "start": "0", "length": "10", "search[value]": "", "filters": ""}
    order = {"order[0][column]": "0", "order[0][dir]": "asc"}
    yield f"/datatables/ajax/{table['view']}", {**form, **order}
    asked = {"visible": [True] * 3, "search": {"value": ""}, "columns": [], "order": []}
    yield f"/datatables/filtered-download/{table['view']}", {"format": "csv", "params": json.dumps(asked)}


def test_no_row_and_no_column_leaves(world: World, tables) -> None:
    tried, problems = 0, []
    for actor in TRIED:
        for tier, table in tables.items():
            paths = [*_reads(table), *(_sql(table, tables["open"]) if tier != "open" else ())]
            for path in paths:
                response = world.get(actor, path)
                tried += 1
                problems += [f"{actor} {tier} {path}: {leak}" for leak in leaks(response, actor)]
                if response.status_code >= 500:
                    problems.append(f"{actor} {tier} {path}: {response.status_code}")
            for path, form in _posts(table):
                response = world.app.post(path, data=form, headers=world.headers(actor))
                tried += 1
                problems += [f"{actor} {tier} {path}: {leak}" for leak in leaks(response, actor)]
                if response.status_code != (200 if tier in ALLOWED[actor] else 403):
                    problems.append(f"{actor} {tier} {path}: {response.status_code}")
    print(f"datastore: {tried} requests")
    assert tried > 800
    assert not problems, "\n".join(problems[:20])


@pytest.mark.parametrize("actor", GROUNDS)
def test_who_may_reads_the_table(world: World, tables, actor: str) -> None:
    for tier in ALLOWED[actor]:
        value = canary("canbytes", tier)
        for name in (tables[tier]["id"], tables[tier]["alias"]):
            assert value in world.get(actor, f"{API}/datastore_search?resource_id={name}").text, tier
        assert value in world.get(actor, f"/datastore/dump/{tables[tier]['id']}").text, tier
        sql = quote(f'SELECT * FROM "{tables[tier]["id"]}"')
        assert value in world.get(actor, f"{API}/datastore_search_sql?sql={sql}").text, tier


@pytest.mark.parametrize("tier", LOCKED_TIERS)
def test_a_refusal_counts_nothing(world: World, tables, tier: str) -> None:
    """Neither the number of rows nor whether a value is there: the refusal is the same."""
    rid, column = tables[tier]["id"], canary("cancolumn", tier)
    answers = set()
    for guess in (canary("canbytes", tier), "nothing"):
        where = quote(f'SELECT 1 FROM "{rid}" WHERE "{column}" = \'{guess}\'')
        for path in (
            f"{API}/datastore_search_sql?sql={where}",
            f"{API}/datastore_search?resource_id={rid}&q={guess}",
        ):
            response = world.get("anonymous", path)
            assert response.status_code == 403
            answers.add(response.text.partition('"error"')[2])
    assert len(answers) == 1


def test_a_territory_does_not_open_rows(world: World, tables) -> None:
    refused = world.get("limited_grant", f"{API}/datastore_search?resource_id={tables['restricted']['id']}")
    assert refused.status_code == 403
    assert refused.json["error"]["reason"] == "territory-limited"
    assert refused.json["error"]["request_access"].endswith("/demande-acces?dataset=fiche-restricted")
