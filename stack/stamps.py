"""Steps that are done once: a stamp remembers what a step was done *for* (a fingerprint of its inputs)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from stack.progress import step


def fingerprint(*parts: str | bytes | Path) -> str:
    """SHA-256 over texts and file contents; a missing file counts as such."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            data = part.read_bytes() if part.is_file() else b"\0missing"
        else:
            data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def is_done(folder: Path, name: str, mark: str) -> bool:
    path = folder / name
    return path.is_file() and path.read_text("ascii") == mark


def once(folder: Path, name: str, mark: str, label: str, action: Callable[[], None]) -> bool:
    """Run ``action`` unless it was done for the same ``mark``. Returns whether it ran."""
    if is_done(folder, name, mark):
        return False
    with step(label):
        action()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(mark, "ascii")
    return True


def forget(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
