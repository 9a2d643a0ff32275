"""The virtual environment: Python's packages from the lock, with their hashes, and this clone's own
package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from stack import environment, stamps
from stack.layout import Layout
from stack.progress import StackError


def run_logged(layout: Layout, name: str, command: list[str], cwd: Path | None = None, **more: str) -> None:
    """Run ``command`` with its output in ``.idgo/log/NAME.log``; a failure names the log and its last
    line."""
    folder = layout.home / "log"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    with path.open("ab") as stream:
        env = {**environment.child(layout), **more}
        done = subprocess.run(
            command, cwd=cwd or layout.root, env=env, stdout=stream, stderr=stream, check=False
        )
    if done.returncode:
        lines = [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
        raise StackError(
            f"{name} failed (exit {done.returncode}), see {path}: {lines[-1] if lines else 'no output'}"
        )


def entry_of(lock: str, package: str) -> str:
    """The lines of ``package`` in a lock: its pin and hashes, continued by backslashes."""
    found = re.search(rf"^{re.escape(package)}==(?:[^\n]*\\\n)*[^\n]*\n", lock, re.MULTILINE)
    if not found:
        raise StackError(f"{package} is not in the lock")
    return found.group()


def _make_venv(layout: Layout) -> None:
    # We may be running on the very environment that is made anew: go by the interpreter it was made from.
    python = getattr(sys, "_base_executable", None) or sys.executable
    run_logged(layout, "venv", [python, "-m", "venv", "--clear", str(layout.venv)])


def _install(layout: Layout) -> None:
    lock = layout.lock_folder / "requirements.txt"
    uv = layout.venv / "bin" / "uv"
    only_uv = layout.tmp / "uv.txt"
    only_uv.write_text(entry_of(lock.read_text("utf-8"), "uv"), "utf-8")
    pip = [str(layout.python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
    if not uv.is_file():
        run_logged(layout, "pip", [*pip, str(only_uv)])
    command = [str(uv), "pip", "install", "--python", str(layout.python), "--require-hashes", "-r", str(lock)]
    try:
        run_logged(layout, "packages", command, UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1")
    except StackError:
        # uv resolves certificates and proxies its own way; pip is slower and works where uv does not.
        run_logged(layout, "packages", [*pip, str(lock)])


def _install_ours(layout: Layout) -> None:
    command = [str(layout.python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    run_logged(layout, "ckanext-idgo", [*command, "--editable", "ckanext-idgo"])


def ensure(layout: Layout) -> None:
    """The environment of the lock, then our package in development mode (its entry points are CKAN's
    plugins)."""
    lock = layout.lock_folder / "requirements.txt"
    version = ".".join(map(str, sys.version_info[:2]))
    # An environment moved with its clone, or made for another Python, is made anew.
    place = stamps.fingerprint(version, str(layout.root))
    mark = stamps.fingerprint(lock, place)
    if not layout.python.exists():
        stamps.forget(layout.stamps, ["venv", "packages", "ours"])
    elif not stamps.is_done(layout.stamps, "venv", place):
        shutil.rmtree(layout.venv)
        stamps.forget(layout.stamps, ["packages", "ours"])
    stamps.once(layout.stamps, "venv", place, "Python environment", lambda: _make_venv(layout))
    ran = stamps.once(layout.stamps, "packages", mark, "Python packages", lambda: _install(layout))
    package = layout.root / "ckanext-idgo"
    ours = stamps.fingerprint(mark, package / "pyproject.toml", package / "setup.py")
    if ran:
        stamps.forget(layout.stamps, ["ours"])
    stamps.once(layout.stamps, "ours", ours, "ckanext-idgo", lambda: _install_ours(layout))
