"""``make bench``, ``make soak``, ``make certify``: what takes longer than a test may. Run inside the
environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from stack import environment, lifecycle, site, testing
from stack.layout import ROOT, Layout
from stack.progress import StackError, say


def _instance() -> Layout:
    """The services of the tests' instance. No web server: nothing here comes in by HTTP, and what idles
    beside a measure is measured with it."""
    layout = Layout.of(ROOT, testing.STATE)
    layout.create()
    lifecycle.up(layout, web=False)
    site.ensure(layout)
    return layout


def bench(layout: Layout) -> int:
    """Run every table of ``tests/bench/`` (``NAME=house`` for one) against the tests' instance. Each prints
    its rows and writes ``.idgo/bench/``; ``bench_*.py`` are their parts. Returns 1 when one failed to
    run (a goal missed is shown, not an error)."""
    folder = layout.root / "ckanext-idgo" / "tests" / "bench"
    wanted = os.environ.get("NAME")
    scripts = [
        p for p in sorted(folder.glob("*.py")) if p.stem != "table" and not p.stem.startswith("bench_")
    ]
    scripts = [p for p in scripts if not wanted or p.stem == wanted]
    if not scripts:
        raise StackError(f"no bench{f' named {wanted}' if wanted else ''} in {folder}")
    running = _instance()
    paths = os.pathsep.join((str(layout.root), str(layout.root / "ckanext-idgo"), str(folder)))
    given = {
        "IDGO_INSTANCE": str(running.instance),
        "IDGO_BENCH": str(layout.home / "bench"),
        "PYTHONPATH": paths,
    }
    env = {**environment.child(running), **given}
    failed = []
    try:
        for script in scripts:
            say(f"\n— bench {script.stem}")
            command = [str(layout.python), str(script)]
            if subprocess.run(command, cwd=layout.root / "ckanext-idgo", env=env, check=False).returncode:
                failed.append(script.stem)
    finally:
        lifecycle.down(running)
    if failed:
        raise StackError(f"these benches did not run through: {', '.join(failed)}")
    return 0


def soak(layout: Layout) -> int:
    """The tests marked ``soak`` (repeated faults, big crawls), and the properties of ``core`` and ``files``
    with 10 000 generated inputs each."""
    return testing.run(("core", "files", "ckan", "live"), marks=testing.SOAK)


def certify(layout: Layout) -> int:
    """Official suites that stay outside the repository: every ``tests/certify/test_*.py``, told by
    ``IDGO_SUITES`` where they are (``make certify SUITES=PATH``)."""
    suites = os.environ.get("IDGO_SUITES")
    if not suites or not Path(suites).is_dir():
        raise StackError("say where the suites are: make certify SUITES=PATH")
    return testing.run(("certify",))
