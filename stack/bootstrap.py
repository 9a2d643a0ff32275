"""From a clean clone to an environment: what runs on the system's Python, before anything is installed."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from stack import java, npm, packages, system
from stack.layout import Layout


def prepare(layout: Layout) -> None:
    """Everything the clone's instances share. Each step is done once, and again when its inputs change."""
    layout.create()
    system.ensure()
    packages.ensure(layout)
    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(java.ensure, layout), pool.submit(npm.ensure, layout)]:
            running.result()


def enter(layout: Layout, arguments: list[str]) -> None:
    """Go on inside the virtual environment (same process, so that signals find us)."""
    from stack import environment

    env = environment.child(layout)
    sys.stdout.flush()
    os.execve(str(layout.python), [str(layout.python), "-m", "stack.inside", *arguments], env)
