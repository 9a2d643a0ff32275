"""The child of ``inspect_safely``: one request on standard input, one answer on standard output."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

_NOT_NEEDED = ("pandas", "geopandas", "pyarrow")
"""pyogrio imports these when they are installed: more than a second and 80 MB that no reader here uses."""


def main() -> int:
    """Read the request, set the limits, answer ``{"facts": …}`` or ``{"error": …}``."""
    request = json.loads(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))
    _limit(request["memory_bytes"], request["cpu_seconds"])
    for name in _NOT_NEEDED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # importing it fails, as if absent
    answer_to, sys.stdout = sys.stdout, sys.stderr  # nothing a library prints may mix with the answer
    from ckanext.idgo.common.core.errors import IdgoError
    from ckanext.idgo.forms.core.inspect import Limits, inspect_file

    try:
        facts = inspect_file(
            Path(request["path"]),
            request["filename"],
            Limits(**request["limits"]),
            assume_crs=request["assume_crs"],
        )
        answer = {"facts": facts.to_dict()}
    except IdgoError as problem:
        answer = {"error": {"code": problem.code, "params": problem.params}}
    answer_to.write(json.dumps(answer))
    answer_to.flush()
    return 0


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # no destructor of a native library may turn a good answer into a crash
