"""Downloads: 50 at a time of 200 MB each, as the stack serves them, against stock CKAN on the same file.

Goals (issue 4): memory flat; throughput at least stock's; 50 readers who do not read leave pages as they
were.
Both servers run ``stack/bin/web`` with the instance's settings; stock's has no plugin. What is received is
thrown away by the kernel, so that the client costs little.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from table import REPOSITORY, Row, render, row

READERS = 50
SIZE_BYTES = 200_000_000
PAGES = 15
START_SECONDS = 90
MEMORY_GOAL = 1.1
THROUGHPUT_GOAL = 0.95
PAGE_GOAL = 1.5
BUFFER_BYTES = 1 << 20

_PREPARE = """
import json, os, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import uploader
from ckan.logic import get_action
app = make_app(load_config(sys.argv[1]))
site = lambda: {"ignore_auth": True, "user": get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
with app._wsgi_app.test_request_context():
    if sys.argv[2] == "drop":
        get_action("dataset_purge")(site(), {"id": "bench-downloads"})
        get_action("organization_purge")(site(), {"id": "bench-downloads-org"})
        sys.exit()
    get_action("organization_create")(site(), {"name": "bench-downloads-org", "title": "Bench"})
    fields = {"name": "bench-downloads", "title": "Bench", "owner_org": "bench-downloads-org"}
    fields["access_tier"] = "open"
    made = get_action("package_create")(site(), fields)
    file = {"package_id": made["id"], "url": "bench.bin", "url_type": "upload", "name": "Bench"}
    resource = get_action("resource_create")(site(), file)
    upload = uploader.get_resource_uploader(dict(resource))
    path = upload.get_path(resource["id"])
    storage = getattr(upload, "storage", None)
    path = storage.full_path(path) if storage else path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as stream:
        stream.truncate(int(sys.argv[2]))
    print(json.dumps({"path": str(path), "url": f"/dataset/{made['id']}/resource/{resource['id']}/download"}))
"""


def _ckan(ini: str, wanted: str) -> str:
    """In a process of its own: CKAN keeps its plugins once loaded."""
    command = [sys.executable, "-c", _PREPARE, ini, wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


@contextmanager
def _file(ini: str) -> Iterator[dict[str, str]]:
    """A published dataset with one sparse upload, gone afterwards."""
    made = json.loads(_ckan(ini, str(SIZE_BYTES)).splitlines()[-1])
    try:
        yield made
    finally:
        Path(made["path"]).unlink(missing_ok=True)
        _ckan(ini, "drop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def variant(ini: str, path: Path, **changes: str) -> Path:
    """The instance's settings with some changed, written to ``path`` (names without their ``ckan.``)."""
    lines = Path(ini).read_text("utf-8").splitlines()
    wanted = {f"ckan.{name}": value for name, value in changes.items()}
    wanted |= {"solr_url": wanted.pop("ckan.solr_url")} if "solr_url" in changes else {}
    kept = [line for line in lines if line.split("=", 1)[0].strip() not in wanted]
    start = lines.index("[app:main]") + 1
    path.write_text(
        "\n".join([*kept[:start], *(f"{k} = {v}" for k, v in wanted.items()), *kept[start:]]) + "\n", "utf-8"
    )
    path.chmod(0o600)
    return path


@contextmanager
def _server(ini: str) -> Iterator[tuple[int, int]]:
    """Port and pid of a web server as the stack starts it."""
    port = _free_port()
    given = {"CKAN_INI": ini, "PORT": str(port), "HOST": "127.0.0.1", "IDGO_PYTHON": sys.executable}
    process = subprocess.Popen(
        ["/bin/sh", str(REPOSITORY / "stack" / "bin" / "web")],
        cwd=REPOSITORY,
        env={**os.environ, **given},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while _get(port, "/api/3/action/status_show") is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{ini}: the web server did not start")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _connect(port: int, path: str, **headers: str) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=60)
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    return sock


def _drain(sock: socket.socket) -> int:
    """Bytes received to the end, thrown away by the kernel."""
    buffer, received = bytearray(BUFFER_BYTES), 0
    while count := sock.recv_into(buffer, BUFFER_BYTES, socket.MSG_TRUNC):
        received += count
    return received


def _get(port: int, path: str, **headers: str) -> float | None:
    """Seconds of one answer read to its end; None without an answer 200."""
    start = time.perf_counter()
    try:
        with _connect(port, path, **headers) as sock:
            first = sock.recv(BUFFER_BYTES)
            _drain(sock)
    except OSError:
        return None
    return time.perf_counter() - start if first.split(b" ", 2)[1:2] in ([b"200"], [b"206"]) else None


def _all_at_once(port: int, path: str, **headers: str) -> tuple[float, int]:
    """Seconds and bytes of ``READERS`` downloads at a time."""
    counts = [0] * READERS

    def read(number: int) -> None:
        with _connect(port, path, **headers) as sock:
            counts[number] = _drain(sock)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(READERS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start, sum(counts)


def _memory_mb(pid: int) -> float:
    """Proportional memory of a server and its workers: what they share counts once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    total = 0
    for one in (str(pid), *children):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines():
            total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return total / 1000


class _Peak(threading.Thread):
    """The highest memory of a server while it works."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.mb, self.over = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.25):
            self.mb = max(self.mb, _memory_mb(self.pid))


def _pages_ms(port: int) -> float:
    times = [_get(port, "/api/3/action/package_search?rows=5") for _ in range(PAGES)]
    if None in times:
        raise RuntimeError("a page did not answer")
    return median(t for t in times if t is not None) * 1000


def _measured(port: int, pid: int, path: str) -> dict[str, float]:
    """MB at rest and at most, MB/s of all downloads, ms of a page at rest and beside idle readers."""
    for _ in range(2):
        _all_at_once(port, path, Range="bytes=0-99999")  # every thread has worked once
    _pages_ms(port)
    found = {"idle_mb": _memory_mb(pid), "quiet_ms": _pages_ms(port)}
    peak = _Peak(pid)
    peak.start()
    seconds, received = _all_at_once(port, path)
    peak.over.set()
    peak.join()
    if received < READERS * SIZE_BYTES:
        raise RuntimeError(f"{received} bytes received of {READERS * SIZE_BYTES}")
    found |= {"peak_mb": peak.mb, "mb_per_s": received / 1e6 / seconds}
    waiting = [_connect(port, path) for _ in range(READERS)]
    try:
        for sock in waiting:
            sock.recv(1)
        found["slow_ms"] = _pages_ms(port)
    finally:
        for sock in waiting:
            sock.close()
    return found


def _stock_speed(port: int, path: str) -> float:
    _all_at_once(port, path, Range="bytes=0-99999")
    seconds, received = _all_at_once(port, path)
    return received / 1e6 / seconds


def rows(instance: dict[str, Any] | None = None) -> list[Row]:
    """Rows of ``make bench NAME=access``."""
    given = instance or json.loads(Path(os.environ["IDGO_INSTANCE"]).read_text("utf-8"))
    ini = given["ckan_ini"]
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    stock = variant(ini, folder / "ckan-stock.ini", plugins="")
    try:
        with _file(ini) as file:
            path = urlsplit(file["url"]).path
            with _server(ini) as (port, pid):
                ours = _measured(port, pid, path)
            with _server(str(stock)) as (port, pid):
                reference = _stock_speed(port, path)
    finally:
        stock.unlink(missing_ok=True)
    what = f"{READERS} downloads at a time of {SIZE_BYTES // 1_000_000} MB"
    return [
        row(f"{what}: memory of the web processes, most against rest", round(ours["peak_mb"], 1), "MB",
            reference=round(ours["idle_mb"], 1), goal=MEMORY_GOAL),
        row(f"{what}: throughput, against stock CKAN", round(ours["mb_per_s"]), "MB/s",
            reference=round(reference), goal=THROUGHPUT_GOAL, better="higher"),
        row(f"package_search beside {READERS} readers who do not read", round(ours["slow_ms"], 1),
            "ms (median)", reference=round(ours["quiet_ms"], 1), goal=PAGE_GOAL),
    ]  # fmt: skip


if __name__ == "__main__":
    print(render(rows()))
