"""Reading deposited files outside the request: asked, done, and started again when a worker died."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
from redis.exceptions import RedisError

from ckanext.idgo.common.core.errors import N_, BadInput, IdgoError
from ckanext.idgo.forms.core.facts import FileFacts
from ckanext.idgo.forms.plugin import config, edge, fetching, proposing, reading, store
from ckanext.idgo.forms.plugin.model import DRAFT, Deposit

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 2


def ask(deposit: Deposit) -> None:
    """Have the draft's file read. Commits first: the worker must see the file it is told about.

    A queue that does not answer is no reason to lose the file: ``follow`` reads it in the web process.
    """
    file = deposit.file() or {}
    deposit.set_file(state="waiting", since=_now(), attempts=file.get("attempts", 0) + 1, error=None)
    deposit.touch()
    ckan_model.Session.commit()
    try:
        tk.enqueue_job(
            run,
            [deposit.id, file["upload"]],
            title=f"idgo: read the file of deposit {deposit.id}",
            rq_kwargs={"timeout": config.inspect_timeout_seconds()},
        )
    except RedisError:
        log.exception("queue unavailable, deposit %s will be read by the web process", deposit.id)


def run(deposit_id: str, upload_id: str) -> None:
    """The job. Does nothing when the draft has another file by now, or when the file is read already."""
    deposit = Deposit.locked(deposit_id)
    file = deposit.file() if deposit else None
    if not deposit or not file or file.get("upload") != upload_id or file.get("state") == "read":
        ckan_model.Session.rollback()
        return
    deposit.set_file(state="reading", since=_now())
    ckan_model.Session.commit()
    path = store.path_of(deposit_id, upload_id)
    try:
        if file.get("fetch"):
            learnt = fetching.fetch(file["url"], path)
            _write(deposit_id, upload_id, learnt)
            file = {**file, **learnt}
        facts = reading.inspect(path, file["filename"])
    except IdgoError as error:
        _write(deposit_id, upload_id, {"state": "refused", "error": edge.kept(error), "facts": None})
        return
    _write(deposit_id, upload_id, {"state": "read", "error": None, "facts": facts.to_dict()}, facts)


def _write(deposit_id: str, upload_id: str, changes: dict[str, Any], facts: FileFacts | None = None) -> None:
    deposit = Deposit.locked(deposit_id)
    file = deposit.file() if deposit else None
    if deposit and file and file.get("upload") == upload_id and deposit.state == DRAFT:
        deposit.set_file(**changes)
        if facts:
            deposit.fields = proposing.with_facts(deposit, facts)
        deposit.touch()
    ckan_model.Session.commit()


def follow(deposit: Deposit) -> Deposit:
    """Called whenever the draft is looked at: what waits too long is read here, what died starts again."""
    file = deposit.file() or {}
    silent = _silent_seconds(file)
    if file.get("state") == "waiting" and silent > config.worker_wait_seconds():
        run(deposit.id, file["upload"])
    elif file.get("state") == "reading" and silent > config.inspect_timeout_seconds():
        _again(deposit, file)
    else:
        return deposit
    ckan_model.Session.refresh(deposit)
    return deposit


def _again(deposit: Deposit, file: dict[str, Any]) -> None:
    if file.get("attempts", 1) < MAX_ATTEMPTS:
        log.warning("reading deposit %s died, starting again", deposit.id)
        ask(deposit)
        return
    error = BadInput(
        "inspection-died",
        N_("Reading the file stopped twice without saying why. Try again, or deposit another file."),
    )
    _write(deposit.id, file["upload"], {"state": "refused", "error": edge.kept(error), "facts": None})


def _now() -> str:
    return datetime.utcnow().isoformat(timespec="seconds")


def _silent_seconds(file: dict[str, Any]) -> float:
    since = file.get("since")
    return (datetime.utcnow() - datetime.fromisoformat(since)).total_seconds() if since else 0.0
