"""Up and down of one instance, from whatever state it is in. Run inside the virtual environment."""

from __future__ import annotations

from typing import Any

from stack import assets, i18n, ini, instance, ports, postgres, secrets, services, site, solr_home, supervise
from stack.layout import Layout
from stack.progress import say, step


def _database_ready(numbers: dict[str, int], password: str) -> bool:
    import psycopg2

    try:
        postgres.create_databases(numbers, password)
    except psycopg2.OperationalError:
        return False
    return True


def _write(layout: Layout, numbers: dict[str, int], secret: dict[str, str]) -> None:
    services.write(layout, numbers, secret)
    ini.write(layout, numbers, secret)


def _start_services(layout: Layout, secret: dict[str, str]) -> tuple[dict[str, int], bool]:
    """Free ports, written configuration, running supervisor. Returns the ports and whether the index starts empty."""
    left = supervise.clear(layout)
    if left:
        say(f"  ended what an interrupted run had left: {', '.join(left)}")
    numbers = ports.choose(ports.load(layout.state))
    ports.save(layout.state, numbers)
    _write(layout, numbers, secret)
    stale = solr_home.ensure(layout)
    postgres.initialise(layout, secret["postgres"])
    supervise.start(layout)
    return numbers, stale


def _wait_services(layout: Layout, numbers: dict[str, int], secret: dict[str, str]) -> None:
    supervise.wait("postgresql", lambda: _database_ready(numbers, secret["postgres"]), layout)
    supervise.wait("redis", lambda: supervise.redis_answers(numbers["redis"], secret["redis"]), layout)
    address = "/solr/ckan/select?q=*:*&rows=0"
    supervise.wait("solr", lambda: supervise.answers(numbers["solr"], address), layout)


def _start_programs(
    layout: Layout, numbers: dict[str, int], secret: dict[str, str], names: tuple[str, ...]
) -> None:
    """Start those of ``names`` that do not run (one that gave up is FATAL: it is started again)."""
    known = supervise.states(numbers, secret["supervisor"])
    asked = supervise.proxy(numbers, secret["supervisor"])
    for name in names:
        if known.get(name) not in ("RUNNING", "STARTING"):
            asked.startProcess(name, False)


def up(layout: Layout, web: bool = True) -> dict[str, Any]:
    """Bring the instance up (``web``: with CKAN's own processes) and describe it in ``instance.json``."""
    layout.create()
    assets.ensure(layout)
    i18n.compile_all(layout)
    secret = secrets.load(layout.state)
    with supervise.lock(layout):
        numbers = ports.load(layout.state)
        stale = False
        if supervise.supervisor(layout) is None:
            with step("services"):
                numbers, stale = _start_services(layout, secret)
                supervise.wait(
                    "supervisord", lambda: supervise.rpc_answers(numbers, secret["supervisor"]), layout
                )
                _wait_services(layout, numbers, secret)
        else:
            _start_programs(layout, numbers, secret, services.BASE)
            _wait_services(layout, numbers, secret)
        if web:
            site.ensure(layout)
            if stale:
                site.rebuild_index(layout)
            with step("CKAN"):
                _start_programs(layout, numbers, secret, services.CKAN)
                address = "/api/3/action/status_show"
                supervise.wait("web", lambda: supervise.answers(numbers["web"], address), layout)
        return instance.write(layout, numbers, secret)


def restart(layout: Layout) -> None:
    """Restart CKAN's own processes, so that they see changed code and translations; the services stay."""
    i18n.compile_all(layout)
    secret = secrets.load(layout.state)
    numbers = ports.load(layout.state)
    with supervise.lock(layout), step("restart"):
        ini.write(layout, numbers, secret)
        asked = supervise.proxy(numbers, secret["supervisor"])
        for name in services.CKAN:
            if supervise.states(numbers, secret["supervisor"])[name] != "STOPPED":
                asked.stopProcess(name)
    up(layout)


def down(layout: Layout) -> bool:
    """Stop everything. Returns whether anything ran."""
    with supervise.lock(layout):
        return supervise.stop(layout)
