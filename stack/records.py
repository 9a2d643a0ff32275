"""Which processes are ours: by recorded pid *and* start time, never by name.

A pid alone is not an identity: it is given again after its owner died, and after a reboot all of them are.
Linux says in ``/proc/PID/stat`` (field 22) when a process started, in clock ticks since boot; with the
boot's own id that is unique.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from stack.secrets import write_private


@dataclass(frozen=True)
class Record:
    """One process we started. ``started`` is in clock ticks since ``boot``."""

    name: str
    pid: int
    started: int
    boot: str


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()


def _stat(pid: int) -> list[str] | None:
    """Fields 3 and on of ``/proc/PID/stat``: state, parent, group, … (the command before them may hold
    spaces)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text[text.rindex(")") + 2 :].split()


def start_time(pid: int) -> int | None:
    """When ``pid`` started, in ticks since boot; None when it is gone or a zombie."""
    fields = _stat(pid)
    return None if fields is None or fields[0] in "ZX" else int(fields[19])


def record(name: str, pid: int) -> Record:
    started = start_time(pid)
    if started is None:
        raise ProcessLookupError(pid)
    return Record(name, pid, started, boot_id())


def write(folder: Path, entry: Record) -> None:
    write_private(folder / f"{entry.name}.json", json.dumps(asdict(entry)))


def read_all(folder: Path) -> list[Record]:
    """Every record of ``folder``; one cut short by a crash is no record."""
    found = []
    for path in sorted(folder.glob("*.json")):
        with contextlib.suppress(ValueError, TypeError):
            found.append(Record(**json.loads(path.read_text("utf-8"))))
    return found


def is_alive(entry: Record) -> bool:
    """Whether this very process (not another with its pid) still runs."""
    return entry.boot == boot_id() and start_time(entry.pid) == entry.started


def group_members(entry: Record) -> list[int]:
    """Processes of the group ``entry`` led, started after it. The kernel gives no pid again while a group
    bears it, so as long as one member lives, the group is the one recorded."""
    if entry.boot != boot_id():
        return []
    members = []
    for name in os.listdir("/proc"):
        fields = _stat(int(name)) if name.isdigit() else None
        if (
            fields
            and fields[0] not in "ZX"
            and int(fields[2]) == entry.pid
            and int(fields[19]) >= entry.started
        ):
            members.append(int(name))
    return members


def _ours(entry: Record, marker: bytes) -> list[int]:
    """Members that are certainly ours: the leader itself, or one whose environment carries our marker."""
    found = []
    alive = is_alive(entry)
    for pid in group_members(entry):
        if alive:
            found.append(pid)
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if marker in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
    return found


def end(entries: list[Record], marker: str, patience_s: float = 10.0) -> list[str]:
    """End what is left of ``entries``: a polite signal, then after ``patience_s`` SIGKILL. Returns the names
    ended."""
    mark = b"IDGO_STATE=" + os.fsencode(marker)
    targets = {pid: entry.name for entry in entries for pid in _ours(entry, mark)}
    ended = sorted(set(targets.values()))
    # PostgreSQL: SIGINT is the fast shutdown, SIGTERM would wait for clients.
    for pid, name in targets.items():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if name == "postgresql" else signal.SIGTERM)
    deadline = time.monotonic() + patience_s
    starts = {pid: start_time(pid) for pid in targets}
    while targets and time.monotonic() < deadline:
        targets = {pid: name for pid, name in targets.items() if start_time(pid) is not None}
        time.sleep(0.05)
    for pid in targets:
        if start_time(pid) == starts[pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return ended
