"""One CKAN in a process of its own, asked by ``bench_pages`` line by line: ``python bench_served.py INI``.

A line is ``{"do": …}``, and so is the answer. ``build COUNT`` and ``drop`` write the database (our side's);
``fill COUNT`` the index this CKAN reads, and tells where it is not what CKAN itself would have put there;
``search`` runs the action, ``page`` reads a page to its end through the whole WSGI application, signed in by
a session as in a browser. Both answer with wall-clock and processor milliseconds, and with what was seen.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import bench_search
import bench_world
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.logic import get_action

Answer = dict[str, Any]


class Served:
    def __init__(self, ini: str) -> None:
        self.app: Any = make_app(load_config(ini))
        self.flask: Any = self.app._wsgi_app
        self.clients = {"anonymous": self.flask.test_client()}
        logging.disable(logging.INFO)

    def build(self, count: int) -> Answer:
        bench_world.build(count)
        return {}

    def drop(self) -> Answer:
        bench_world.drop()
        return {}

    def fill(self, count: int) -> Answer:
        bench_search.fill(bench_world.documents(count))
        return {"differences": bench_world.differences(count)}

    def empty(self) -> Answer:
        bench_search.clear_all()
        return {}

    def search(self, who: str, **question: Any) -> Answer:
        """Who asks is known before: reading them from the session is CKAN's, at every request."""
        name = bench_world.PEOPLE.get(who, "")
        user = model.User.get(name) if name else None
        context: Any = {"user": name, "auth_user_obj": user}
        found, spent = _timed(lambda: get_action("package_search")(context, question))
        urls = [r["url"] for one in found["results"] for r in one["resources"]]
        return {**spent, "count": found["count"], "rows": len(found["results"]), "urls": sum(map(bool, urls))}

    def page(self, who: str, path: str) -> Answer:
        client = self.clients.get(who) or self._sign_in(who)
        body, spent = _timed(lambda: self._body(client, path))
        return {**spent, "bytes": len(body)}

    def _body(self, client: Any, path: str) -> bytes:
        response = client.get(path, base_url="http://127.0.0.1")
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return response.get_data()

    def _sign_in(self, who: str) -> Any:
        client = self.clients[who] = self.flask.test_client()
        with client.session_transaction(base_url="http://127.0.0.1") as session:
            session["_user_id"] = bench_world.PEOPLE[who]
            session["_fresh"] = True
        return client

    def answer(self, do: str, **given: Any) -> Answer:
        if do == "page":
            return self.page(**given)
        with self.flask.test_request_context("/"):
            try:
                return getattr(self, do)(**given)
            finally:
                model.Session.remove()


def _timed(work: Callable[[], Any]) -> tuple[Any, Answer]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, {"ms": (time.perf_counter() - wall) * 1000, "cpu_ms": (time.process_time() - cpu) * 1000}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what CKAN prints is no answer
    served = Served(sys.argv[1])
    for line in sys.stdin:
        answers.write(json.dumps(served.answer(**json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
