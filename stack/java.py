"""Solr: its jars, fetched by their coordinates and each checked against the lock, and the web application
made of them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stack import environment, stamps
from stack.layout import Layout
from stack.progress import StackError

# metadata-complete: Jetty need not open 124 jars looking for annotations.
WEB_XML = """<?xml version="1.0" encoding="UTF-8"?>
<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0" metadata-complete="true">
  <listener><listener-class>org.apache.solr.servlet.CoreContainerProvider</listener-class></listener>
  <filter>
    <filter-name>SolrRequestFilter</filter-name>
    <filter-class>org.apache.solr.servlet.SolrDispatchFilter</filter-class>
  </filter>
  <filter-mapping><filter-name>SolrRequestFilter</filter-name><url-pattern>/*</url-pattern></filter-mapping>
</web-app>
"""


@dataclass(frozen=True)
class Jar:
    """One line of ``lock/java.txt``; ``coordinates`` are Maven's ``group:artifact:version[:classifier]``."""

    role: str
    coordinates: str
    sha256: str

    def path(self, repository: Path) -> Path:
        """Where a Maven repository keeps it."""
        group, artifact, version, *classifier = self.coordinates.split(":")
        name = "-".join([artifact, version, *classifier]) + ".jar"
        return repository.joinpath(*group.split("."), artifact, version, name)


def read_lock(text: str) -> list[Jar]:
    """The jars of a lock. Raises StackError at a line that is not ``role coordinates sha256``."""
    jars = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != 3 or fields[0] not in ("runner", "library") or len(fields[2]) != 64:
            raise StackError(f"java.txt: not a jar: {line}")
        jars.append(Jar(*fields))
    return jars


def verify(jars: list[Jar], repository: Path) -> None:
    """Check every jar's SHA-256. A wrong one is removed, so that the next start fetches it again."""
    for jar in jars:
        path = jar.path(repository)
        if not path.is_file():
            raise StackError(f"{jar.coordinates} was not fetched")
        with path.open("rb") as stream:
            found = hashlib.sha256(stream.read()).hexdigest()
        if found != jar.sha256:
            path.unlink()
            raise StackError(
                f"{jar.coordinates}: checksum {found[:12]}… is not the lock's {jar.sha256[:12]}…; removed"
            )


def _fetch(layout: Layout, repository: Path, jars: list[Jar]) -> None:
    base = [str(layout.python), "-m", "jgo", "--ignore-config", "--resolver", "python", "--timeout", "120"]
    command = [*base, "--repo-cache", str(repository), "--cache-dir", str(layout.java / "jgo"), "--quiet"]
    wanted = [jar.coordinates for jar in jars]
    env = environment.child(layout)
    done = subprocess.run(
        [*command, "info", "path", *wanted], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise StackError(f"fetching Solr failed: {lines[-1]}")


def fetch(layout: Layout, repository: Path, jars: list[Jar]) -> None:
    """Bring the jars that are not there yet, in a few parallel lots."""
    wanted = [jar for jar in jars if not jar.path(repository).is_file()]
    lots = [wanted[start::3] for start in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda lot: _fetch(layout, repository, lot), [lot for lot in lots if lot]))


def _install(layout: Layout) -> None:
    jars = read_lock((layout.lock_folder / "java.txt").read_text("utf-8"))
    repository = layout.java / "repository"
    fetch(layout, repository, jars)
    verify(jars, repository)
    new = layout.java / "webapp.new"
    shutil.rmtree(new, ignore_errors=True)
    library = new / "WEB-INF" / "lib"
    library.mkdir(parents=True)
    (new / "WEB-INF" / "web.xml").write_text(WEB_XML, "utf-8")
    for jar in jars:
        path = jar.path(repository)
        # Two groups may name an artifact alike: the group keeps them apart.
        name = path.name if jar.role == "library" else "runner.jar"
        target = library / name if jar.role == "library" else layout.java / name
        target.unlink(missing_ok=True)
        os.link(path, target)
    final = layout.java / "webapp"
    shutil.rmtree(final, ignore_errors=True)
    new.rename(final)


def ensure(layout: Layout) -> None:
    mark = stamps.fingerprint(layout.lock_folder / "java.txt", WEB_XML)
    stamps.once(layout.stamps, "java", mark, "Solr (checksums verified)", lambda: _install(layout))
