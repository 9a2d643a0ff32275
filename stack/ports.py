"""Free ports, kept from one start to the next while nobody else takes them."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from stack.secrets import write_private

# Below Linux's ephemeral range (32768 and up), so that no outgoing connection sits on a port we chose.
RANGE = range(20000, 32000)
SERVICES = ("web", "postgresql", "redis", "solr", "supervisor")


def is_free(port: int) -> bool:
    """Whether 127.0.0.1:``port`` can be listened on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(
    wanted: dict[str, int],
    services: Iterable[str] = SERVICES,
    free: Callable[[int], bool] = is_free,
    draw: Callable[[], int] | None = None,
) -> dict[str, int]:
    """A free port per service: the wanted one if it is free, else one drawn; no two services share one."""
    draw = draw or (lambda: random.choice(RANGE))  # noqa: S311 (a port is not a secret)
    chosen: dict[str, int] = {}
    for service in services:
        port = wanted.get(service, 0)
        for _ in range(1000):
            if port and port not in chosen.values() and free(port):
                break
            port = draw()
        else:
            raise OSError(f"no free port for {service} in {RANGE.start}-{RANGE.stop}")
        chosen[service] = port
    return chosen


def load(state: Path) -> dict[str, int]:
    """The ports written last, empty before the first start."""
    path = state / "ports.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def save(state: Path, ports: dict[str, int]) -> None:
    write_private(state / "ports.json", json.dumps(ports, indent=1))
