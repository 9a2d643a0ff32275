"""What a person sees while the stack is made and started: one line per step, with the time it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class StackError(Exception):
    """Something a person can mend; the message is one clear line (English, like every log of the house)."""


def say(message: str = "") -> None:
    print(message, flush=True)


@contextmanager
def step(label: str) -> Iterator[None]:
    """Announce ``label``, then the seconds it took. On a terminal both stand on one line."""
    live = sys.stdout.isatty()
    if live:
        print(f"  … {label}", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"{chr(13) if live else ''}  ✗ {label}", flush=True)
        raise
    print(f"{chr(13) if live else ''}  ✓ {label} ({time.monotonic() - started:.1f} s)", flush=True)
