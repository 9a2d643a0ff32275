"""``make check``: ruff, pyright, import-linter, the Compose schema and hadolint, all of them before the
verdict. Run inside the environment."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from stack import environment, npm, stamps
from stack.layout import Layout
from stack.packages import run_logged
from stack.progress import StackError, say

FOLDERS = ("ckanext-idgo", "stack")


def _run(layout: Layout, command: list[str], cwd: Path | None = None, **more: str) -> tuple[int, str]:
    env = {**environment.child(layout), **more}
    done = subprocess.run(
        command, cwd=cwd or layout.root, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def ruff(layout: Layout) -> str | None:
    code, output = _run(layout, [str(layout.python), "-m", "ruff", "check", "--no-cache", *FOLDERS])
    return output if code else None


def ruff_format(layout: Layout) -> str | None:
    command = [str(layout.python), "-m", "ruff", "format", "--check", "--no-cache", *FOLDERS]
    code, output = _run(layout, command)
    return output if code else None


def pyright(layout: Layout) -> str | None:
    """Types, of the package and of the stack (two projects: two sets of search paths)."""
    node = str(npm.binaries(layout)[0])
    script = str(layout.npm / "node_modules" / "pyright" / "index.js")
    outputs = []
    for project in FOLDERS:
        command = [node, script, "-p", project, "--pythonpath", str(layout.python)]
        code, output = _run(layout, command)
        if code or not re.search(r"^0 errors", output, re.MULTILINE):
            outputs.append(output)
    return "\n".join(outputs) or None


def _lint_environment(layout: Layout) -> Path:
    """An environment without CKAN: inside CKAN's, root ``ckanext`` silently reads the installed extensions
    too (docs/adr/0001)."""
    folder = layout.home / "lint-venv"
    lock = layout.lock_folder / "lint.txt"

    def make() -> None:
        run_logged(layout, "lint-venv", [str(layout.python), "-m", "venv", "--clear", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
        run_logged(layout, "lint-venv", [*pip, "-r", str(lock)])

    mark = stamps.fingerprint(lock, str(layout.root), str(folder.is_dir()))
    done = stamps.fingerprint(lock, str(layout.root), "True")
    if mark != done:
        stamps.forget(layout.stamps, ["lint-venv"])
    stamps.once(layout.stamps, "lint-venv", done, "environment of the linters", make)
    return folder / "bin" / "python"


def contracts(layout: Layout) -> str | None:
    """Floors, walls, doors. A root misread is an analysis of nothing: the number of modules must be
    ours."""
    package = layout.root / "ckanext-idgo"
    python = str(_lint_environment(layout))
    expected = len([p for p in (package / "ckanext").rglob("*.py") if _is_module(p, package)])
    count = "import grimp; print(len(grimp.build_graph('ckanext', cache_dir=None).modules))"
    _, seen = _run(layout, [python, "-c", count], cwd=package, PYTHONPATH=str(package))
    if seen != str(expected):
        return f"import-linter sees {seen} modules, the package has {expected}"
    check = "from importlinter.cli import lint_imports_command as main; main()"
    code, output = _run(layout, [python, "-c", check, "--no-cache"], cwd=package, PYTHONPATH=str(package))
    return output or "import-linter ended without a word" if code else None


def _is_module(path: Path, package: Path) -> bool:
    """Whether import-linter sees the file: every folder above it is a package."""
    folder = path.parent
    while folder != package:
        if not (folder / "__init__.py").is_file():
            return False
        folder = folder.parent
    return True


def compose(layout: Layout) -> str | None:
    """The compose file against the Compose specification's JSON schema (carried by check-jsonschema)."""
    binary = str(_lint_environment(layout).with_name("check-jsonschema"))
    command = [binary, "--builtin-schema", "vendor.compose-spec", "docker/compose.yaml"]
    code, output = _run(layout, command)
    return output or "check-jsonschema ended without a word" if code else None


def image(layout: Layout) -> str | None:
    """The Dockerfile with hadolint (which also reads its shell lines with ShellCheck's rules)."""
    binary = str(_lint_environment(layout).with_name("hadolint"))
    code, output = _run(layout, [binary, "--no-color", "docker/Dockerfile"])
    return output or "hadolint ended without a word" if code else None


CHECKS: dict[str, Callable[[Layout], str | None]] = {
    "ruff": ruff,
    "ruff format": ruff_format,
    "pyright": pyright,
    "import-linter": contracts,
    "Compose schema": compose,
    "hadolint": image,
}


def run(layout: Layout) -> int:
    """Every check, then the verdict. Returns the exit code."""
    bad = 0
    for name, check in CHECKS.items():
        complaint = check(layout)
        say(f"  {'✗' if complaint else '✓'} {name}")
        if complaint:
            bad += 1
            say(complaint)
    if bad:
        raise StackError(f"{bad} of {len(CHECKS)} checks failed")
    return 0
