"""Start, adopt, ask and stop one instance's processes. Run inside the virtual environment."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from stack import environment, postgres, records
from stack.layout import Layout
from stack.progress import StackError

SUPERVISOR = "supervisord"


@contextmanager
def lock(layout: Layout) -> Iterator[None]:
    """One start or stop at a time per instance; the kernel lets go of it when its holder dies."""
    with (layout.run / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"another command is starting or stopping {layout.state}") from None
        yield


def _pids(layout: Layout) -> list[records.Record]:
    return records.read_all(layout.run / "pids")


def supervisor(layout: Layout) -> records.Record | None:
    """The supervisor we recorded, if that very process lives."""
    return next((r for r in _pids(layout) if r.name == SUPERVISOR and records.is_alive(r)), None)


def proxy(ports: dict[str, int], password: str) -> Any:
    """Supervisor's XML-RPC interface (its methods are named at run time)."""
    server = xmlrpc.client.ServerProxy(f"http://idgo:{password}@127.0.0.1:{ports['supervisor']}/RPC2")
    return server.supervisor


def states(ports: dict[str, int], password: str) -> dict[str, str]:
    """Program → supervisor's state name (RUNNING, STOPPED, FATAL…)."""
    return {info["name"]: info["statename"] for info in proxy(ports, password).getAllProcessInfo()}


def clear(layout: Layout) -> list[str]:
    """End what an earlier run left behind (a supervisor killed, children living on), by record. Returns the
    names."""
    left = _pids(layout)
    # The supervisor first: it would start again what we end.
    ended = records.end([r for r in left if r.name == SUPERVISOR], str(layout.state))
    ended += records.end([r for r in left if r.name != SUPERVISOR], str(layout.state))
    postgres.drop_stale_lock(layout, left)
    for path in (layout.run / "pids").glob("*.json"):
        path.unlink()
    return ended


def start(layout: Layout) -> records.Record:
    """Start the supervisor, in a session of its own so that Ctrl-C reaches only us."""
    with (layout.log / "supervisord.out").open("ab") as output:
        process = subprocess.Popen(
            [str(layout.python), "-m", "supervisor.supervisord", "-c", str(layout.run / "supervisord.conf")],
            cwd=layout.root,
            env=environment.child(layout),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        entry = records.record(SUPERVISOR, process.pid)
    except ProcessLookupError:
        raise StackError(f"supervisord died at once, see {layout.log / 'supervisord.out'}") from None
    records.write(layout.run / "pids", entry)
    return entry


def wait(what: str, ready: Callable[[], bool], layout: Layout, limit_s: float = 120.0) -> None:
    """Until ``ready()``, asking ten times a second; StackError after ``limit_s`` or when the supervisor is
    gone."""
    deadline = time.monotonic() + limit_s
    while not ready():
        if time.monotonic() > deadline:
            raise StackError(
                f"{what} did not answer within {limit_s:.0f} s, see {layout.log / (what + '.log')}"
            )
        if supervisor(layout) is None:
            raise StackError(f"supervisord is gone, see {layout.log / 'supervisord.log'}")
        time.sleep(0.1)


def answers(port: int, path: str, accepted: tuple[int, ...] = (200,), timeout_s: float = 10.0) -> bool:
    """Whether 127.0.0.1:``port`` answers ``path`` with an accepted status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        return connection.getresponse().status in accepted
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def redis_answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as stream:
            stream.sendall(f"AUTH {password}\r\nPING\r\n".encode("ascii"))
            received = b""
            while received.count(b"\r\n") < 2:
                part = stream.recv(256)
                if not part:
                    return False
                received += part
    except OSError:
        return False
    return received == b"+OK\r\n+PONG\r\n"


def rpc_answers(ports: dict[str, int], password: str) -> bool:
    try:
        states(ports, password)
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return False
    return True


def stop(layout: Layout, patience_s: float = 40.0) -> bool:
    """Stop everything: ask the supervisor, then end what is left by record. Returns whether anything ran."""
    entry = supervisor(layout)
    if entry:
        os.kill(entry.pid, signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        while records.is_alive(entry) and time.monotonic() < deadline:
            time.sleep(0.05)
    return bool(clear(layout)) or entry is not None
