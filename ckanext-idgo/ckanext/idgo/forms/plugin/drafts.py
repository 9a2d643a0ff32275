"""Drafts in the database: found by their owner, filled, given a file. No ``context`` here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk

from ckanext.idgo.common.core.errors import N_, BadInput, Conflict, NotThere
from ckanext.idgo.forms.core.deposit_fields import FORM_FIELDS, with_proposals, with_typed
from ckanext.idgo.forms.core.deposit_tus import check_length, file_name
from ckanext.idgo.forms.plugin import config, jobs, store
from ckanext.idgo.forms.plugin.model import DISCARDED, DRAFT, Deposit

MAX_URL_LENGTH = 2_000
SENDING = "sending"
SENDING_SECONDS = 120


def own(deposit_id: str, user_id: str, lock: bool = False) -> Deposit:
    """The user's open draft. Raises ``NotThere`` for any other, without saying why."""
    # No identifier holds U+0000, and PostgreSQL refuses to look for it.
    deposit = Deposit.of(str(deposit_id).replace("\x00", "�"), user_id, lock=lock)
    if deposit is None or deposit.state == DISCARDED:
        raise NotThere("deposit-unknown", N_("This deposit does not exist."))
    return deposit


def own_open(deposit_id: str, user_id: str, lock: bool = True) -> Deposit:
    """As ``own``, and still a draft."""
    deposit = own(deposit_id, user_id, lock)
    if deposit.state != DRAFT and not _abandoned(deposit):
        raise Conflict("deposit-closed", N_("This deposit has already been sent."))
    return deposit


def _abandoned(deposit: Deposit) -> bool:
    """Being sent, and the process that sent it must be dead."""
    silent = datetime.utcnow() - deposit.modified
    return deposit.state == SENDING and silent.total_seconds() > SENDING_SECONDS


def create(user_id: str, kind: str, dataset: dict[str, Any] | None, resource_id: str | None) -> Deposit:
    """A new draft; about a published dataset, it starts from what is published."""
    if len(Deposit.drafts_of(user_id)) >= config.drafts_per_user():
        raise BadInput(
            "drafts-many",
            N_("You have {limit} open drafts. Send or remove one before you open another."),
            limit=config.drafts_per_user(),
        )
    deposit = Deposit(user_id=user_id, kind=kind)
    if dataset is not None:
        deposit.dataset_id, deposit.resource_id = dataset["id"], resource_id
        published = values_of_dataset(dataset)
        deposit.base = {"metadata_modified": dataset["metadata_modified"], "values": published}
        deposit.fields = with_proposals({}, {n: (v, "dataset") for n, v in published.items()}, "published")
    else:
        deposit.fields = account_proposals(user_id)
    ckan_model.Session.add(deposit)
    ckan_model.Session.commit()
    return deposit


def values_of_dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    """The form's fields as a published dataset has them."""
    values = {name: dataset.get(name) or "" for name in FORM_FIELDS}
    values["tags"] = sorted(tag["name"] for tag in dataset.get("tags", []))
    values["territory"] = list(dataset.get("territory") or [])
    return values


def account_proposals(user_id: str) -> dict[str, Any]:
    """The organisation: the only one there is to choose, else that of the contributor's last dataset."""
    allowed = [organization["id"] for organization in organizations_of(user_id)]
    chosen = allowed[0] if len(allowed) == 1 else _last_organization(user_id)
    if chosen not in allowed:
        return {}
    return with_proposals({}, {"owner_org": (chosen, "account")}, "account")


def _last_organization(user_id: str) -> str | None:
    package = ckan_model.Package
    query = ckan_model.Session.query(package.owner_org).filter(
        package.creator_user_id == user_id, package.state == "active"
    )
    return query.order_by(package.metadata_created.desc()).limit(1).scalar()


def organizations_of(user_id: str) -> list[dict[str, Any]]:
    """Organisations in which this user may create datasets, by title."""
    user = ckan_model.User.get(user_id)
    found = tk.get_action("organization_list_for_user")(
        {"user": user.name if user else "", "ignore_auth": False}, {"permission": "create_dataset"}
    )
    return sorted(found, key=lambda organization: (organization.get("title") or organization["name"]).lower())


def type_in(deposit: Deposit, sent: dict[str, Any], version: int | None) -> None:
    """Write what the contributor typed. Raises ``Conflict`` when another tab wrote since ``version``."""
    if version is not None and version != deposit.version:
        raise Conflict(
            "draft-version",
            N_("This draft was changed in another window. Here is what you typed: send it to keep it."),
        )
    fields = with_typed(deposit.fields, sent)
    if fields != deposit.fields:
        deposit.fields = fields
        deposit.touch(typed=True)


def announce_file(deposit: Deposit, filename: str | None, size_bytes: int) -> str:
    """Open an upload of a size known beforehand; refused above the limit before a byte is read."""
    check_length(size_bytes, config.max_bytes())
    drop_file(deposit)
    upload_id = store.create(deposit.id)
    deposit.files = [
        {
            "upload": upload_id,
            "filename": file_name(filename),
            "size": size_bytes,
            "received": 0,
            "state": "receiving",
        }
    ]
    deposit.touch()
    return upload_id


def file_received(
    deposit: Deposit, upload_id: str, filename: str | None, size_bytes: int, **more: Any
) -> None:
    """All bytes are there: have the file read in the background."""
    if size_bytes == 0:
        store.remove(deposit.id, upload_id)
        check_length(0, config.max_bytes())
    deposit.files = [
        {
            **more,
            "upload": upload_id,
            "filename": file_name(filename),
            "size": size_bytes,
            "received": size_bytes,
        }
    ]
    jobs.ask(deposit)


def drop_file(deposit: Deposit) -> None:
    """Forget the draft's file, and its bytes."""
    for held in deposit.files:
        if held.get("upload"):
            store.remove(deposit.id, held["upload"])
    deposit.files = []


def discard(deposit: Deposit) -> None:
    """The contributor throws the draft away."""
    store.remove_all(deposit.id)
    deposit.files = []
    deposit.state = DISCARDED
    deposit.touch()


def attach(deposit: Deposit, upload: Any) -> None:
    """A whole file sent in one request (``werkzeug.FileStorage``): without JavaScript, or by the API."""
    drop_file(deposit)
    upload_id, size_bytes = store.receive_whole(deposit.id, upload.stream)
    file_received(deposit, upload_id, upload.filename, size_bytes)


def _parts(url: str) -> SplitResult | None:
    """The parts of an address; None for what is none, and for what PostgreSQL cannot keep (U+0000)."""
    if len(url) > MAX_URL_LENGTH or "\x00" in url:
        return None
    try:
        return urlsplit(url)
    except ValueError:  # ``http://[``
        return None


def attach_url(deposit: Deposit, url: str, copy: bool) -> None:
    """Note the address and have it fetched and read. Only its shape is judged here; where it leads is judged
    by the guarded client, at each step of the way."""
    parts = _parts(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("url", N_("Give a full address, beginning with https:// or http://."))
    drop_file(deposit)
    deposit.files = [
        {
            "upload": store.create(deposit.id),
            "filename": file_name(unquote(parts.path)),
            "url": url,
            "copy": copy,
            "size": 0,
            "received": 0,
            "fetch": True,
        }
    ]
    jobs.ask(deposit)
