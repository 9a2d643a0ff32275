"""Table ``idgo_deposit``: a contributor's drafts, and what undo needs of those that are done."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

KINDS = ("new", "replace", "edit")
DRAFT, DONE, DISCARDED = "draft", "done", "discarded"


def _now() -> datetime:
    """UTC without a zone, as in CKAN's own tables."""
    return datetime.utcnow()


class Deposit(tk.BaseModel):
    """One deposit.

    ``fields`` as in ``core.deposit_fields``. ``files``: at most one, ``{"upload", "filename", "size",
    "received", "url", "copy", "state": receiving|waiting|reading|read|refused, "since", "attempts", "facts",
    "error"}``. ``base``: the dataset's values and ``metadata_modified`` when an edit was opened. ``undo``:
    ``{"resource", "file", "until"}`` after a replacement. ``version`` rises when its owner types, so that two
    tabs do not overwrite each other; the inspection does not raise it.
    """

    __tablename__ = "idgo_deposit"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=lambda: str(uuid.uuid4()))
    user_id: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    kind: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False, default="new")
    dataset_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    resource_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    state: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False, default=DRAFT)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, default=dict)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, default=list)
    base: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, default=dict)
    undo: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, default=dict)
    version: Mapped[int] = mapped_column(sa.Integer, nullable=False, default=1)
    created: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=_now)
    modified: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=_now)

    @classmethod
    def of(cls, deposit_id: str, user_id: str, lock: bool = False) -> Deposit | None:
        """This user's deposit, None for another's: whether it exists is nobody else's business.

        ``lock`` holds the row until commit, so that the inspection and an autosave follow one another.
        """
        query = ckan_model.Session.query(cls).filter(cls.id == deposit_id, cls.user_id == user_id)
        if lock:
            query = query.populate_existing().with_for_update()
        return query.first()

    @classmethod
    def locked(cls, deposit_id: str) -> Deposit | None:
        """Any deposit, held until commit: for background jobs, which have no user."""
        query = ckan_model.Session.query(cls).filter(cls.id == deposit_id)
        return query.populate_existing().with_for_update().first()

    @classmethod
    def drafts_of(cls, user_id: str) -> list[Deposit]:
        """Open drafts, the last touched first."""
        query = ckan_model.Session.query(cls).filter(cls.user_id == user_id, cls.state == DRAFT)
        return list(query.order_by(cls.modified.desc()).limit(100))

    @classmethod
    def open_for(cls, user_id: str, dataset_id: str, kind: str, resource_id: str | None) -> Deposit | None:
        """This user's open draft about that dataset, if any."""
        query = ckan_model.Session.query(cls).filter(
            cls.user_id == user_id,
            cls.dataset_id == dataset_id,
            cls.kind == kind,
            cls.state == DRAFT,
            cls.resource_id == resource_id,
        )
        return query.order_by(cls.modified.desc()).first()

    @classmethod
    def last_replacement(cls, resource_id: str) -> Deposit | None:
        """The replacement that can be undone, None when there is none."""
        query = ckan_model.Session.query(cls).filter(
            cls.resource_id == resource_id, cls.state == DONE, cls.kind == "replace"
        )
        return query.order_by(cls.modified.desc()).first()

    def touch(self, typed: bool = False) -> None:
        self.modified = _now()
        if typed:
            self.version = self.version + 1

    def file(self) -> dict[str, Any] | None:
        """The file or link, None before there is one."""
        return dict(self.files[0]) if self.files else None

    def set_file(self, **changes: Any) -> None:
        """Change some keys of the file (JSONB is not watched inside, so a new list is written)."""
        self.files = [{**(self.files[0] if self.files else {}), **changes}]

    def dictize(self) -> dict[str, Any]:
        """What the API shows."""
        return {
            "id": self.id,
            "kind": self.kind,
            "dataset_id": self.dataset_id,
            "resource_id": self.resource_id,
            "state": self.state,
            "fields": self.fields,
            "files": self.files,
            "version": self.version,
            "created": self.created.isoformat(),
            "modified": self.modified.isoformat(),
        }
