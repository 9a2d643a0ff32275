"""The few things a package registry cannot bring: found, installed where we may, else named in one line."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from stack.progress import StackError, step


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_libpq_headers() -> bool:
    # psycopg2's build asks pg_config, but any pg_config will not do: the headers must be there.
    tool = shutil.which("pg_config")
    if not tool:
        return False
    shown = subprocess.run([tool, "--includedir"], capture_output=True, text=True, check=False)
    return shown.returncode == 0 and (Path(shown.stdout.strip()) / "libpq-fe.h").is_file()


def _has_python_headers() -> bool:
    return (Path(sysconfig.get_paths()["include"]) / "Python.h").is_file()


def _version() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


# What is needed, how it is recognised, and Debian's package for it.
NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "a C compiler": (lambda: bool(shutil.which("gcc") or shutil.which("cc")), "gcc libc6-dev"),
    "libpq headers": (_has_libpq_headers, "libpq-dev"),
    "Python headers": (_has_python_headers, f"{_version()}-dev"),
    "Python's venv": (lambda: importlib.util.find_spec("ensurepip") is not None, f"{_version()}-venv"),
    "libmagic": (lambda: _has_library("libmagic.so.1"), "libmagic1"),
}
BROWSER: dict[str, tuple[Callable[[], bool], str]] = {
    "a browser (tests)": (lambda: bool(shutil.which("chromium")), "chromium fonts-dejavu-core"),
}


def missing(needs: dict[str, tuple[Callable[[], bool], str]]) -> dict[str, str]:
    """Needs not met: what, and the Debian packages that bring it."""
    return {what: package for what, (there, package) in needs.items() if not there()}


def ensure(needs: dict[str, tuple[Callable[[], bool], str]] = NEEDS) -> None:
    """Install what is missing as root on Debian; anywhere else stop with one line that names it."""
    absent = missing(needs)
    if not absent:
        return
    packages = " ".join(absent.values())
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        raise StackError(f"missing: {', '.join(absent)}. On Debian, as root: apt-get install {packages}")
    with step(f"Debian packages: {packages}"):
        settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        commands = (
            [apt, "-q", "update"],
            [apt, "-q", "install", "-y", "--no-install-recommends", *packages.split()],
        )
        for command in commands:
            done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
            if done.returncode:
                lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
                raise StackError(f"{' '.join(command)} failed: {lines[-1]}")
    importlib.invalidate_caches()
    still = missing(needs)
    if still:
        raise StackError(f"still missing after installing {packages}: {', '.join(still)}")
