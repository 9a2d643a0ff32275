"""``python -m stack.launch NAME``: write down who we are, become the program. Supervisor starts everything
through it.

exec keeps pid and start time, so the record written here stays true for the program's whole life.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from stack import privileges, records


def main(name: str) -> None:
    run = Path(os.environ["IDGO_STATE"]) / "run"
    program = json.loads((run / "programs.json").read_text("utf-8"))[name]
    records.write(run / "pids", records.record(name, os.getpid()))
    os.chdir(program["directory"])
    if program.get("user"):
        uid, gid, crossing = program["user"]
        privileges.become(uid, gid, bool(crossing))
    os.execve(program["command"][0], program["command"], {**os.environ, **program["environment"]})


if __name__ == "__main__":
    main(sys.argv[1])
