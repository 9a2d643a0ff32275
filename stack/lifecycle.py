"""Up and down of one instance, from whatever state it is in. Run inside the virtual environment."""

from __future__ import annotations

from typing import Any

from stack import (
    assets,
    i18n,
    ini,
    instance,
    ports,
    postgres,
    secrets,
    services,
    site,
    solr_home,
    stamps,
    supervise,
)
from stack.layout import Layout
from stack.progress import say, step


def _database_ready(numbers: dict[str, int], password: str) -> bool:
    import psycopg2

    try:
        postgres.create_databases(numbers, password)
    except psycopg2.OperationalError:
        return False
    return True


def _write(layout: Layout, numbers: dict[str, int], secret: dict[str, str]) -> dict[str, str]:
    """Write every configuration file. Returns what the processes depend on: a changed mark means a
    restart."""
    services.write(layout, numbers, secret)
    ini.write(layout, numbers, secret)
    code = [
        p
        for folder in ("ckanext-idgo/ckanext", "schemas", "stack")
        for p in (layout.root / folder).rglob("*")
    ]
    state = [
        f"{p}:{p.stat().st_mtime_ns}" for p in sorted(code) if p.is_file() and p.suffix not in (".pyc", ".mo")
    ]
    return {
        "services": stamps.fingerprint(services.base_mark(layout), solr_home.mark(layout)),
        "ckan": stamps.fingerprint(layout.ini, layout.lock_folder / "requirements.txt", *state),
    }


def _start_services(layout: Layout, secret: dict[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Free ports, written configuration, running supervisor. Returns the ports and the marks started with."""
    left = supervise.clear(layout)
    if left:
        say(f"  ended what an interrupted run had left: {', '.join(left)}")
    numbers = ports.choose(ports.load(layout.state))
    ports.save(layout.state, numbers)
    marks = _write(layout, numbers, secret)
    solr_home.ensure(layout)
    postgres.initialise(layout, secret["postgres"])
    supervise.start(layout)
    return numbers, marks


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


def _stop_programs(layout: Layout, numbers: dict[str, int], secret: dict[str, str]) -> None:
    known = supervise.states(numbers, secret["supervisor"])
    asked = supervise.proxy(numbers, secret["supervisor"])
    for name in services.CKAN:
        if known.get(name) in ("RUNNING", "STARTING"):
            asked.stopProcess(name)


def _services_up(layout: Layout, secret: dict[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Services that answer, started with the present configuration. Returns ports and marks."""
    numbers = ports.load(layout.state)
    if supervise.supervisor(layout) is not None:
        marks = _write(layout, numbers, secret)
        # One that was just killed may be there a moment longer than it answers.
        answers = supervise.rpc_answers(numbers, secret["supervisor"])
        if answers and stamps.is_done(layout.run, "services.stamp", marks["services"]):
            _start_programs(layout, numbers, secret, services.BASE)
            _wait_services(layout, numbers, secret)
            return numbers, marks
        say(
            "  configuration changed: starting again"
            if answers
            else "  the supervisor is gone: starting again"
        )
        supervise.stop(layout)
    with step("services"):
        numbers, marks = _start_services(layout, secret)
        supervise.wait("supervisord", lambda: supervise.rpc_answers(numbers, secret["supervisor"]), layout)
        _wait_services(layout, numbers, secret)
    (layout.run / "services.stamp").write_text(marks["services"], "ascii")
    return numbers, marks


def _ckan_up(layout: Layout, numbers: dict[str, int], secret: dict[str, str], mark: str) -> None:
    """CKAN's processes on the present code. They are told to stop first when theirs is older."""
    address = "/api/3/action/status_show"
    current = stamps.is_done(layout.run, "ckan.stamp", mark)
    if not current:
        _stop_programs(layout, numbers, secret)
    _start_programs(layout, numbers, secret, services.CKAN)
    supervise.wait("web", lambda: supervise.answers(numbers["web"], address), layout)
    (layout.run / "ckan.stamp").write_text(mark, "ascii")


def up(layout: Layout, web: bool = True) -> dict[str, Any]:
    """Bring the instance up (``web``: with CKAN's own processes) and describe it in ``instance.json``."""
    layout.create()
    assets.ensure(layout)
    i18n.compile_all(layout)
    secret = secrets.load(layout.state)
    with supervise.lock(layout):
        numbers, marks = _services_up(layout, secret)
        if web:
            site.ensure(layout)
            if solr_home.needs_rebuild(layout):
                site.rebuild_index(layout)
                solr_home.rebuilt(layout)
            with step("CKAN"):
                _ckan_up(layout, numbers, secret, marks["ckan"])
        return instance.write(layout, numbers, secret)


def restart(layout: Layout) -> dict[str, Any]:
    """Restart CKAN's own processes whether or not anything changed; the services stay."""
    (layout.run / "ckan.stamp").unlink(missing_ok=True)
    return up(layout)


def down(layout: Layout) -> bool:
    """Stop everything. Returns whether anything ran."""
    with supervise.lock(layout):
        return supervise.stop(layout)
