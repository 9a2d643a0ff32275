"""The test suites, each in the surroundings it needs, and one closing line over all of them. Run inside the
environment.

core   pure Python, no file but our own: a few seconds.
files  what opens files: GDAL, tables, XML schemas, Solr's schema, the real data, the judged sets.
architecture  what holds for the whole house.
ckan  CKAN's fixtures on a database, Redis number, Solr core and storage of their own.
live  a running instance, described by the file ``IDGO_INSTANCE`` names.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack import environment, lifecycle, site, system
from stack.layout import ROOT, Layout
from stack.progress import say, step

STATE = "test"
# Marks of the two kinds of run.
DAILY, SOAK = "not soak", "soak"


@dataclass
class Result:
    """Counts of one run; ``broken`` when pytest itself failed (collection, usage, a crash)."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    broken: bool = False

    def add(self, other: Result) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.broken = self.broken or other.broken

    @property
    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {len(self.skipped)} skipped"

    def exit_code(self, ci: bool) -> int:
        """0 when all passed; in CI nothing may be skipped either, and a run without tests has not passed."""
        if self.failed or self.broken or not self.passed:
            return 1
        return 1 if ci and self.skipped else 0


def read_report(path: Path) -> Result:
    """Counts of a JUnit report (what pytest writes)."""
    result = Result()
    for case in ElementTree.parse(path).getroot().iter("testcase"):  # noqa: S314 (our own file)
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
        elif skipped is not None and skipped.get("type") != "pytest.xfail":
            name = f"{case.get('classname')}.{case.get('name')}"
            result.skipped.append(f"{name}: {skipped.get('message') or ''}")
        else:
            result.passed += 1
    return result


# CKAN's pytest plugin boots CKAN for any test, and the other installed ones cost half a second to load.
PURE = ("-p", "_hypothesis_pytestplugin")
PURE_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _pytest(
    layout: Layout, suite: str, options: Sequence[str], marks: str, part: str = "", **more: str
) -> Result:
    """One run of a suite's folder; ``part`` names a second run of it that tries something else."""
    folder = layout.root / "ckanext-idgo" / "tests" / suite
    if not any(folder.rglob("test_*.py")):
        say(f"no tests in tests/{suite} yet")
        return Result()
    say(f"\n— test-{suite}{f', {part}' if part else ''}")
    reports = layout.state / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    report = reports / f"{suite}{f'-{part}' if part else ''}.xml"
    report.unlink(missing_ok=True)
    extra = shlex.split(os.environ.get("IDGO_PYTEST", ""))
    command = [str(layout.python), "-m", "pytest", "-q", "-W", "ignore:distutils Version", "-m", marks]
    command += [f"--junit-xml={report}", *options, *extra]
    env = {**environment.child(layout), **more}
    done = subprocess.run(
        [*command, f"tests/{suite}"], cwd=layout.root / "ckanext-idgo", env=env, check=False
    )
    result = read_report(report) if report.is_file() else Result()
    # 0: passed, 1: some failed (counted), 5: nothing selected; the rest is pytest itself failing.
    result.broken = done.returncode not in (0, 1, 5) or (done.returncode == 1 and not result.failed)
    return result


def _pure(layout: Layout, suite: str, marks: str, profile: str, part: str = "") -> Result:
    """A suite without services. A long run (``make soak``) is every property at 10 000 examples, and what is
    marked ``soak``."""
    if marks == SOAK:
        profile, marks = "soak", f"{SOAK} or hypothesis"
    options = [*PURE, f"--hypothesis-profile={profile}"]
    return _pytest(layout, suite, options, marks, part, **PURE_ENVIRONMENT)


def core(layout: Layout, marks: str = DAILY) -> Result:
    return _pure(layout, "core", marks, "core")


def files(layout: Layout, marks: str = DAILY) -> Result:
    """What opens files; and the properties of ``core`` once more, with as many examples as here."""
    result = _pure(layout, "files", marks, "files")
    if marks == DAILY:
        result.add(_pure(layout, "core", f"hypothesis and {DAILY}", "files", "properties"))
    return result


def architecture(layout: Layout, marks: str = DAILY) -> Result:
    """What holds for the whole house: translations, documentation, contracts."""
    return _pure(layout, "architecture", marks, "core")


def ckan(layout: Layout, marks: str = DAILY) -> Result:
    """Services up, the test database at the newest migration, then CKAN's fixtures over ``test.ini``."""
    lifecycle.up(layout, web=False)
    ini_file = layout.root / "test.ini"
    with step("test database"):
        site.ckan(layout, "database-test", "db", "upgrade", ini_file=ini_file)
    return _pytest(layout, "ckan", [f"--ckan-ini={ini_file}"], marks)


def live(layout: Layout, marks: str = DAILY) -> Result:
    """A whole instance with its demonstration, a browser, and tests that come in by HTTP only."""
    system.ensure(system.BROWSER)
    lifecycle.up(layout)
    site.load_demo(layout)
    options = ["-p", "no:ckan", "-p", "no:ckan_fixtures"]
    return _pytest(layout, "live", options, marks, IDGO_INSTANCE=str(layout.instance))


def certify(layout: Layout, marks: str = DAILY) -> Result:
    """Judges that stay outside the repository, on a running instance."""
    lifecycle.up(layout)
    site.load_demo(layout)
    options = ["-p", "no:ckan", "-p", "no:ckan_fixtures"]
    return _pytest(layout, "certify", options, marks, IDGO_INSTANCE=str(layout.instance))


SUITES = {
    "certify": certify,
    "core": core,
    "files": files,
    "architecture": architecture,
    "ckan": ckan,
    "live": live,
}


def run(names: Sequence[str], marks: str = DAILY) -> int:
    """Run suites in turn, stop what they started, print the closing line. Returns the exit code."""
    layout = Layout.of(ROOT, STATE)
    layout.create()
    started = time.monotonic()
    total = Result()
    try:
        for name in names:
            total.add(SUITES[name](layout, marks))
    finally:
        if {"ckan", "live", "certify"} & set(names):
            lifecycle.down(layout)
    for reason in total.skipped:
        say(f"skipped: {reason}")
    say(f"\n{time.monotonic() - started:.0f} s")
    say(total.line)
    sys.stdout.flush()
    return total.exit_code(bool(os.environ.get("CI")))
