"""Walking: every link, every action with plausible arguments, every method, as several people."""

from __future__ import annotations

import importlib.util
import itertools
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from crawl_seed import ACTORS, Seeded

_LINK = re.compile(
    rb"""(?:href|src|action|data-[a-z-]+)\s*=\s*["']([^"'<>\s]+)["']|<([^<>\s"]+)>|"(/[^"\\\s]+)\""""
)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|essai-[a-z]+-[0-9a-f]{6}|\d+")
_WORDS = re.compile(r"^\s*(?:async )?def ([a-z][a-z0-9_]+)\(|\"(idgo_[a-z_]+)\"", re.MULTILINE)
#: They end the session, or the sitting itself.
_NEVER = ("/user/_logout", "/user/logged_out", "/webassets", "/base/", "/fonts/")
_METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_ACCEPTS = (
    "application/json",
    "application/rdf+xml",
    "text/turtle",
    "application/ld+json",
    "text/csv",
    "*/*",
)
_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
    "text/xml",
)
_KEYS = (
    "id",
    "resource_id",
    "package_id",
    "dataset",
    "dataset_id",
    "entity_id",
    "user_id",
    "organization",
    "object",
)
_MORE = {
    "include_data": True,
    "include_datasets": True,
    "all_fields": True,
    "limit": 100,
    "object_type": "package",
}
#: Links of one shape (identifiers and values aside) that are followed, for each person.
_PER_SHAPE = 12


@dataclass(frozen=True)
class Try:
    actor: str
    method: str
    path: str
    what: str
    headers: tuple[tuple[str, str], ...] = ()
    json: Any = None
    data: Any = None


@dataclass
class Report:
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    breaks: Counter[str] = field(default_factory=Counter)
    actions: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())


def shape(path: str) -> str:
    parts = urlsplit(path)
    keys = "&".join(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))
    return f"{_ID.sub('*', parts.path)}{'?' + keys if keys else ''}"


class Walker:
    """``threads`` people at a time; everything that comes back is looked through."""

    def __init__(self, seeded: Seeded, most: int, threads: int, draw: random.Random) -> None:
        self.seeded, self.most, self.draw = seeded, most, draw
        self.report = Report()
        self.local = local()
        self.pool = ThreadPoolExecutor(threads)

    def _session(self) -> requests.Session:
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        return self.local.session

    def _ask(self, one: Try) -> tuple[Try, bytes]:
        headers = dict(one.headers)
        if one.actor in self.seeded.tokens:
            headers["Authorization"] = self.seeded.tokens[one.actor]
        session = self._session()
        session.cookies.clear()
        answer = session.request(
            one.method,
            self.seeded.url + one.path,
            headers=headers,
            json=one.json,
            data=one.data,
            allow_redirects=False,
            timeout=180,
        )
        told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        self._judge(one, answer.status_code, told + b"\n" + answer.content)
        where = answer.headers.get("Location", "")
        return one, answer.content + f' href="{where}"'.encode()

    def _judge(self, one: Try, status: int, sent: bytes) -> None:
        self.report.statuses[status] += 1
        if self.report.requests % 100 == 0:
            print(f"  {self.report.requests} requests, {len(self.report.leaks)} leaks", flush=True)
        self.report.shapes.add(f"{one.method} {shape(one.path)}")
        if status >= 500:
            self.report.breaks[f"{status} {one.actor} {one.method} {one.what}"] += 1
        for place in self.seeded.canaries.found(one.actor, sent):
            self.report.leaks.append(f"{one.actor} {one.method} {one.path} {status}: {place}")
            print(f"  LEAK {self.report.leaks[-1]}", flush=True)

    def send(self, many: Iterator[Try], most: int) -> Iterator[tuple[Try, bytes]]:
        yield from self.pool.map(self._ask, itertools.islice(many, max(0, most)))

    def links(self, most: int) -> None:
        """Breadth first from the known pages, as each person in turn."""
        seen: set[tuple[str, str]] = set()
        shapes: Counter[tuple[str, str]] = Counter()
        waiting = deque((actor, page) for page in self.seeded.pages for actor in ACTORS)
        while waiting and most > 0:
            wave = []
            while waiting and len(wave) < min(200, most):
                actor, path = waiting.popleft()
                key = (actor, shape(path))
                if (actor, path) in seen or (shapes[key] >= _PER_SHAPE and path not in self.seeded.pages):
                    continue
                seen.add((actor, path))
                shapes[key] += 1
                wave.append(Try(actor, "GET", path, shape(path)))
            most -= len(wave)
            for one, body in self.send(iter(wave), len(wave)):
                waiting.extend((one.actor, path) for path in self._followed(one.path, body))

    def _followed(self, path: str, body: bytes) -> Iterator[str]:
        for groups in _LINK.findall(body[:1_000_000]):
            text = next(g for g in groups if g).decode("utf-8", "replace").replace("&amp;", "&")
            try:
                there = urlsplit(urljoin(self.seeded.url + path, text))
            except ValueError:
                continue
            if there.netloc != urlsplit(self.seeded.url).netloc or there.path.startswith(_NEVER):
                continue
            yield there.path + (f"?{there.query}" if there.query else "")

    def actions(self, most: int) -> None:
        """Every registered action, by its name in the installed sources and CKAN's own ``help_show``."""
        names = sorted(candidates())
        asked = (Try("anonymous", "GET", f"/api/3/action/help_show?name={n}", n) for n in names)
        for one, body in self.send(asked, len(names)):
            if b'"success": true' in body:
                self.report.actions.add(one.what)
        tries = list(self._arguments(sorted(self.report.actions)))
        self.draw.shuffle(tries)
        for _ in self.send(iter(tries), most - len(names)):
            pass

    def _arguments(self, names: list[str]) -> Iterator[Try]:
        known = self.seeded.identifiers
        for name, actor in itertools.product(names, ACTORS):
            path = f"/api/3/action/{name}"
            yield Try(actor, "POST", path, name, json={})
            yield Try(actor, "POST", path, name, json=[1, {"a": None}])
            yield Try(
                actor, "GET", f"{path}?q=*:*&fl=*&rows=50&query=name:e&limit=50&include_private=true", name
            )
            for value in self.draw.sample(known, min(len(known), 14)):
                given = dict.fromkeys(_KEYS, value)
                yield Try(actor, "GET", f"{path}?" + "&".join(f"{k}={v}" for k, v in given.items()), name)
                yield Try(actor, "POST", path, name, json={**given, **_MORE})
                yield Try(actor, "POST", path, name, data=given)

    def methods(self, most: int) -> None:
        """Known pages with every method, content type, range and preferred format."""
        tries = []
        for actor, page in itertools.product(ACTORS, self.seeded.pages):
            tries += [Try(actor, "GET", page, shape(page), (("Accept", accept),)) for accept in _ACCEPTS]
            tries.append(
                Try(actor, "GET", page, shape(page), (("Range", "bytes=0-40"), ("Accept-Encoding", "gzip")))
            )
            tries.append(
                Try(
                    actor,
                    "GET",
                    page,
                    shape(page),
                    (("X-Forwarded-For", "127.0.0.1"), ("X-HTTP-Method-Override", "PUT")),
                )
            )
            for method in _METHODS:
                kind = self.draw.choice(_TYPES)
                tries.append(
                    Try(actor, method, page, shape(page), (("Content-Type", kind),), data=b'{"id": "x"}')
                )
        self.draw.shuffle(tries)
        for _ in self.send(iter(tries), most):
            pass


def candidates() -> set[str]:
    """Names that may be actions: functions of every module of the installed CKAN packages about actions."""
    found: set[str] = set()
    for package in ("ckan", "ckanext"):
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or ():
            for path in Path(folder).rglob("*.py"):
                if "tests" in path.parts or (
                    "action" not in str(path.relative_to(folder)) and path.name != "plugin.py"
                ):
                    continue
                for groups in _WORDS.findall(path.read_text("utf-8", "replace")):
                    found.add(next(g for g in groups if g))
    return {name for name in found if not name.startswith("_")}
