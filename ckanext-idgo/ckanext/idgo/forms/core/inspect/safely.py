"""The inspection in a child process: a parser that crashes, hangs or eats memory ends the child only."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from ckanext.idgo.common.core.errors import IdgoError
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.core.inspect.messages import ERRORS, error
from ckanext.idgo.forms.core.inspect.model import Limits

_BOOT = """
import json, runpy, sys
paths, packages = json.loads(sys.argv.pop())
sys.path[:] = paths
import ckanext
ckanext.__path__[:] = packages
runpy.run_module("ckanext.idgo.forms.core.inspect.worker", run_name="__main__")
"""
"""The child sees the parent's modules however they were installed (``ckanext`` is a shared namespace)."""
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


def inspect_safely(
    path: Path,
    filename: str,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    timeout_seconds: float = 120,
    memory_bytes: int = 2 * 1024**3,
    *,
    assume_crs: str | None = None,
) -> FileFacts:
    """``inspect_file`` in a child under ``RLIMIT_AS`` (``memory_bytes``) and ``RLIMIT_CPU``.

    Raises what ``inspect_file`` raises, and ``UnreadableFile`` with ``parser_crashed`` or ``parser_timeout``.
    """
    import tempfile

    request = {
        "path": str(Path(path).resolve()),
        "filename": filename,
        "limits": asdict(limits),
        "assume_crs": assume_crs,
        "memory_bytes": memory_bytes,
        "cpu_seconds": max(1, int(timeout_seconds + 0.999)),
    }
    with tempfile.TemporaryDirectory(prefix="idgo-inspect-") as folder:
        answer = _ask(json.dumps(request), folder, timeout_seconds)
    if "error" in answer:
        raise _rebuilt(answer["error"])
    return FileFacts.from_dict(answer["facts"])


def _ask(request: str, folder: str, timeout_seconds: float) -> dict:
    import subprocess  # here, as above: inspecting a table in this process should not pay for it

    child = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-I", "-c", _BOOT, _module_paths()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        output, _ = child.communicate(request.encode("utf-8", "surrogatepass"), timeout=timeout_seconds)
    except subprocess.TimeoutExpired as problem:
        child.kill()
        child.communicate()
        raise error("parser_timeout", seconds=int(timeout_seconds)) from problem
    if child.returncode in (-24, -9):  # SIGXCPU, or its hard limit
        raise error("parser_timeout", seconds=int(timeout_seconds))
    try:
        answer = json.loads(output)
    except ValueError as problem:
        raise error("parser_crashed") from problem
    if child.returncode != 0 or not isinstance(answer, dict):
        raise error("parser_crashed")
    return answer


def _module_paths() -> str:
    import ckanext

    paths = [os.path.abspath(p) for p in sys.path if p]
    return json.dumps([paths, [os.path.abspath(p) for p in ckanext.__path__]])


def _environment(folder: str) -> dict[str, str]:
    """The child gets no secret of the web worker: only what an interpreter needs to start."""
    kept = {k: os.environ[k] for k in _KEPT if k in os.environ}
    return {
        **kept,
        "TMPDIR": folder,
        "HOME": folder,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }


def _rebuilt(told: dict) -> IdgoError:
    """The child's error again; only our own codes are believed."""
    if told.get("code") not in ERRORS:
        return error("parser_crashed")
    return error(told["code"], **told.get("params", {}))
