"""From a clean clone to an environment: what runs on the system's Python, before anything is installed."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from stack import java, npm, packages, system
from stack.layout import Layout
from stack.progress import StackError


def check_path(root: str) -> None:
    """CKAN reads its configuration's own path as a format (``%``) and its public folders as a list
    (``,``)."""
    refused = sorted(set(root) & set("%,\n"))
    if refused:
        raise StackError(f"CKAN cannot run from a path with {' or '.join(map(repr, refused))}: move {root}")


def prepare(layout: Layout) -> None:
    """Everything the clone's instances share. Each step is done once, and again when its inputs change."""
    check_path(str(layout.root))
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
