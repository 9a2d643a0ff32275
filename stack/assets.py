"""Lay what pages load from npm packages under ``.idgo/public/vendor/``, which CKAN serves as ``/vendor/…``.

Run inside the virtual environment: ``python -m stack.assets``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from stack import environment, stamps
from stack.layout import Layout
from stack.npm import SERVED
from stack.progress import StackError


def served_files(modules: Path) -> dict[str, Path]:
    """Address below ``/vendor/`` → file in ``node_modules``. Raises StackError if a pattern finds nothing."""
    found: dict[str, Path] = {}
    for package, patterns in SERVED.items():
        for pattern in patterns:
            files = sorted((modules / package).glob(pattern))
            if not files:
                raise StackError(f"npm package {package} has no {pattern}")
            found.update(
                {f"{package}/{path.relative_to(modules / package).as_posix()}": path for path in files}
            )
    return found


def _lay(layout: Layout) -> None:
    modules = layout.npm / "node_modules"
    new = layout.public / "vendor.new"
    shutil.rmtree(new, ignore_errors=True)
    for address, source in served_files(modules).items():
        target = new / address
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    drawings = layout.root / "stack" / "vendor_svg.py"
    if drawings.is_file():
        command = [str(layout.python), str(drawings), str(modules), str(new)]
        done = subprocess.run(
            command, env=environment.child(layout), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise StackError(f"icons: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    final = layout.public / "vendor"
    shutil.rmtree(final, ignore_errors=True)
    new.rename(final)


def ensure(layout: Layout) -> None:
    """Again whenever the packages, the icon list or the drawing script change."""
    folder = layout.root / "stack"
    sources = (
        folder / "npm" / "package-lock.json",
        folder / "icons.txt",
        folder / "vendor_svg.py",
        folder / "npm.py",
    )
    mark = stamps.fingerprint(*sources, str((layout.public / "vendor").is_dir()))
    done = stamps.fingerprint(*sources, "True")
    if mark != done:
        stamps.forget(layout.stamps, ["assets"])
    stamps.once(layout.stamps, "assets", done, "fonts, icons, map library", lambda: _lay(layout))


if __name__ == "__main__":
    _lay(Layout.of())
    sys.stdout.write("laid\n")
