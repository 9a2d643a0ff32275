"""Where everything of one clone lies. Two notions: the *home* (``.idgo/``: tools, shared by every instance
of the clone) and the *state* of one instance (``.idgo/`` for ``make up``, ``.idgo/test/`` for the tests)."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def package_folder(name: str) -> Path:
    """Folder of an installed package, without importing it (some do things when imported)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Layout:
    """Paths of one instance. ``root`` is the clone; nothing outside it is ever written."""

    root: Path
    state: Path

    @classmethod
    def of(cls, root: Path = ROOT, state: str | None = None) -> Layout:
        """``state`` names the instance: None or empty for the default one, else a folder under ``.idgo/``."""
        home = root / ".idgo"
        return cls(root, home / state if state else home)

    @property
    def home(self) -> Path:
        return self.root / ".idgo"

    @property
    def venv(self) -> Path:
        return self.home / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def java(self) -> Path:
        return self.home / "java"

    @property
    def npm(self) -> Path:
        return self.home / "npm"

    @property
    def public(self) -> Path:
        return self.home / "public"

    @property
    def tmp(self) -> Path:
        return self.home / "tmp"

    @property
    def stamps(self) -> Path:
        return self.home / "stamps"

    @property
    def lock_folder(self) -> Path:
        return self.root / "stack" / "lock"

    @property
    def run(self) -> Path:
        return self.state / "run"

    @property
    def log(self) -> Path:
        return self.state / "log"

    @property
    def postgres(self) -> Path:
        return self.state / "postgresql"

    @property
    def redis(self) -> Path:
        return self.state / "redis"

    @property
    def solr(self) -> Path:
        return self.state / "solr"

    @property
    def storage(self) -> Path:
        return self.state / "storage"

    @property
    def ini(self) -> Path:
        return self.state / "ckan.ini"

    @property
    def instance(self) -> Path:
        return self.state / "instance.json"

    @property
    def name(self) -> str:
        """A short name, unique per instance on this machine (cookies, Redis prefix): two clones share a host
        name."""
        return "idgo-" + hashlib.sha256(os.fsencode(self.state)).hexdigest()[:8]

    def create(self) -> None:
        """Make the folders. ``.idgo`` may be crossed (PostgreSQL may run as another user) but not listed."""
        for folder in (self.home, self.state):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
        for folder in (
            self.tmp,
            self.stamps,
            self.run / "pids",
            self.log,
            self.redis,
            self.solr,
            self.storage,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.tmp, self.run, self.log, self.redis, self.solr, self.storage):
            folder.chmod(0o700)
