"""The commands, inside the virtual environment: ``up down restart demo status assets i18n``."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from stack import checks, i18n, lifecycle, measures, site, supervise, testing
from stack.layout import Layout
from stack.progress import StackError, say, step

LABELS = {
    "contributor": "contributor",
    "referent": "referent (organisation)",
    "guichet": "guichet team",
    "user": "plain user",
    "sysadmin": "sysadmin",
}


def _show(described: dict[str, Any], layout: Layout) -> None:
    say(f"\nIDGO  {described['url']}\n")
    for key, account in described["accounts"].items():
        say(f"  {LABELS[key]:<24} {account['name']:<16} {account['password']}")
    say(f"\n  command line  .idgo/venv/bin/ckan -c {layout.ini.relative_to(layout.root)} idgo --help")
    say(f"  logs          {layout.log.relative_to(layout.root)}/")


def up(layout: Layout) -> int:
    _show(lifecycle.up(layout), layout)
    say("  stop          make down")
    return 0


def demo(layout: Layout) -> int:
    """Up, with the demonstration, until Ctrl-C (or a termination signal) stops all of it."""

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    try:
        described = lifecycle.up(layout)
        if not site.load_demo(layout):
            say("  (no demonstration content yet: ckan idgo demo load does not exist)")
        _show(described, layout)
        say("  stop          Ctrl-C\n")
        while supervise.supervisor(layout):
            time.sleep(1)
        say("The supervisor is gone: make demo starts it again.")
        return 1
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say()
        down(layout)
        return 0


def down(layout: Layout) -> int:
    with step("stop"):
        lifecycle.down(layout)
    return 0


def restart(layout: Layout) -> int:
    _show(lifecycle.restart(layout), layout)
    return 0


def translate(layout: Layout) -> int:
    i18n.report(layout)
    return 0


def _suites(*names: str) -> Callable[[Layout], int]:
    return lambda layout: testing.run(names)


COMMANDS: dict[str, Callable[[Layout], int]] = {
    "up": up,
    "demo": demo,
    "down": down,
    "restart": restart,
    "i18n": translate,
    "check": checks.run,
    "bench": measures.bench,
    "soak": measures.soak,
    "certify": measures.certify,
    "test": _suites("core", "files", "architecture", "ckan", "live"),
    "test-core": _suites("core"),
    "test-files": _suites("files"),
    "test-architecture": _suites("architecture"),
    "test-ckan": _suites("ckan"),
    "test-live": _suites("live"),
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: stack/bin/stack {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]](Layout.of())
    except StackError as error:
        print(f"IDGO: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
