"""Tables ``idgo_notice*``: what people were told, the mails of it, their choices, edited words."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.idgo.notices.core.words import Words, from_text, shipped

QUEUED, SENDING, SENT, FAILED, DROPPED = STATES = ("queued", "sending", "sent", "failed", "dropped")
LANGUAGE = "language"


def now() -> datetime:
    """UTC without a zone, as in CKAN's own tables."""
    return datetime.utcnow()


def new_id() -> str:
    return str(uuid.uuid4())


class Notice(tk.BaseModel):
    """One person is told one thing. ``key`` is unique with ``recipient_id``: told twice is told once."""

    __tablename__ = "idgo_notice"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    recipient_id: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    kind: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB, nullable=False, default=dict)
    path: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    key: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    created: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=now)
    read_at: Mapped[datetime | None] = mapped_column(sa.DateTime)

    @classmethod
    def of(cls, user_id: str) -> Any:
        return ckan_model.Session.query(cls).filter(cls.recipient_id == user_id)

    @classmethod
    def unread(cls, user_id: str) -> int:
        """How many this person has not read: one count on an index that holds the unread only."""
        return int(cls.of(user_id).filter(cls.read_at.is_(None)).count())

    @classmethod
    def among(cls, ids: list[str]) -> list[Notice]:
        """These notices, in the order they happened."""
        return list(ckan_model.Session.query(cls).filter(cls.id.in_(ids)).order_by(cls.created, cls.id))


class Mail(tk.BaseModel):
    """One mail to one person, of one notice (``at_once``) or of a day's (``digest``).

    ``next_try``: when it is due while ``queued``; while ``sending``, when its worker is taken for dead.
    ``last_error``: ``{"code", "detail"}``, the code said in ``plugin.words``, the detail by the server.
    ``message_id`` stays the same from try to try, so that a reader's mail program shows a second copy once.
    """

    __tablename__ = "idgo_notice_mail"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    channel: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    notice_ids: Mapped[list[str]] = mapped_column(ARRAY(sa.UnicodeText), nullable=False)
    state: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False, default=QUEUED)
    tries: Mapped[int] = mapped_column(sa.Integer, nullable=False, default=0)
    next_try: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False)
    last_error: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    message_id: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    created: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(sa.DateTime)

    @classmethod
    def counts(cls) -> dict[str, int]:
        """How many mails are in each state."""
        counts: dict[str, int] = dict.fromkeys(STATES, 0)
        for state, count in ckan_model.Session.query(cls.state, sa.func.count()).group_by(cls.state):
            counts[state] = count
        return counts


class Choice(tk.BaseModel):
    """A person's choice: ``topic`` is a group of kinds (``choice`` a channel) or ``language``."""

    __tablename__ = "idgo_notice_choice"

    user_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    topic: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    choice: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)

    @classmethod
    def of(cls, user_ids: list[str]) -> dict[str, dict[str, str]]:
        """user id → topic → choice, in one query."""
        found: dict[str, dict[str, str]] = {user_id: {} for user_id in user_ids}
        for row in ckan_model.Session.query(cls).filter(cls.user_id.in_(user_ids)):
            found[row.user_id][row.topic] = row.choice
        return found


class EditedWords(tk.BaseModel):
    """Words an administrator wrote in place of the shipped ones; who, and when."""

    __tablename__ = "idgo_notice_words"

    kind: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    language: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    subject: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    body: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    modified_by: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    modified: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=now)

    @classmethod
    def get(cls, kind: str, language: str) -> EditedWords | None:
        return ckan_model.Session.get(cls, (kind, language))


def words_in(language: str) -> dict[str, Words]:
    """The words edited in that language, by kind: one query for a whole list."""
    rows = ckan_model.Session.query(EditedWords).filter(EditedWords.language == language)
    return {row.kind: from_text(row.subject, row.body) for row in rows}


def words_of(kind: str, language: str, edited: dict[str, Words]) -> Words:
    return edited.get(kind) or shipped(kind, language)
