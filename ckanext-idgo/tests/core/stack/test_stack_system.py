"""What no package registry brings: who may install it gets it, anybody else reads one line that names it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stack import system
from stack.layout import ROOT
from stack.progress import StackError

ABSENT = {"libpq headers": (lambda: False, "libpq-dev"), "a C compiler": (lambda: False, "gcc libc6-dev")}
PRESENT = {"libmagic": (lambda: True, "libmagic1")}


def _must_not_run(*_: object, **__: object) -> None:
    raise AssertionError("a program was started")


def test_without_root_what_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(subprocess, "run", _must_not_run)
    with pytest.raises(StackError) as caught:
        system.ensure({**ABSENT, **PRESENT})
    said = str(caught.value)
    assert said == (
        "missing: libpq headers, a C compiler. On Debian, as root: apt-get install libpq-dev gcc libc6-dev"
    )


def test_root_without_apt_reads_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(subprocess, "run", _must_not_run)
    with pytest.raises(StackError, match=r"^missing: libpq headers.*libpq-dev"):
        system.ensure(ABSENT)


def test_nothing_missing_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", _must_not_run)
    system.ensure(PRESENT)


def test_a_path_without_compiler_nor_pg_config_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    absent = system.missing(system.NEEDS)
    assert {"a C compiler", "libpq headers"} <= set(absent)


def _start(python: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "stack" / "bin" / "stack"), *arguments],
        env={"PATH": os.environ["PATH"], "IDGO_PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_interpreter_that_does_not_serve_is_named(tmp_path: Path) -> None:
    # Answers like a Python of another version: the check fails.
    other = tmp_path / "python3.9"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    done = _start(str(other), "up")
    assert done.returncode == 1
    assert str(other) in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_interpreter_asked_for_is_the_one_that_runs(tmp_path: Path) -> None:
    chosen = tmp_path / "a python"
    chosen.write_text(f'#!/bin/sh\ncase "$1" in -c) exec "{sys.executable}" "$@";; esac\necho "chosen $*"\n')
    chosen.chmod(0o755)
    assert _start(str(chosen), "up").stdout == "chosen -m stack up\n"
