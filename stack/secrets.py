"""Secrets of one instance: drawn once, kept in a file only its owner reads."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

NAMES = ("secret_key", "csrf", "jwt", "postgres", "redis", "solr", "supervisor", "session")


def write_private(path: Path, text: str) -> None:
    """Write ``text`` whole or not at all, mode 0600 from the first byte on."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    temporary.replace(path)


def load(state: Path) -> dict[str, str]:
    """The secrets of the instance in ``state``, drawn on first use (32 random bytes each, URL-safe)."""
    path = state / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    missing = [name for name in NAMES if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(32) for name in missing})
        write_private(path, json.dumps(known, indent=1))
    return known
