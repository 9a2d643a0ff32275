"""Tables ``idgo_membership_request`` and ``idgo_membership_terms``. Times: UTC without a zone, as CKAN's."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import ckan.model as ckan_model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.idgo.membership.core.requests import PENDING


def now() -> datetime:
    return datetime.utcnow()


class MembershipRequest(tk.BaseModel):
    """Somebody asks for a role in an organisation that exists (``organization_id``), or is to be created
    (``new_organization``; accepted, it has both). Kept for ever: it is the record of who decided what."""

    __tablename__ = "idgo_membership_request"

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=lambda: str(uuid.uuid4()))
    user_id: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    organization_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    new_organization: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    role: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    message: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False, default="")
    terms_version: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False)
    state: Mapped[str] = mapped_column(sa.UnicodeText, nullable=False, default=PENDING)
    created: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    decided_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    decided_role: Mapped[str | None] = mapped_column(sa.UnicodeText)
    decision_reason: Mapped[str | None] = mapped_column(sa.UnicodeText)
    reminded: Mapped[list[int]] = mapped_column(JSONB, nullable=False, default=list)

    @classmethod
    def get(cls, request_id: str, lock: bool = False) -> MembershipRequest | None:
        """``lock`` holds the row until commit: of two decisions at the same instant one waits, then sees the
        other."""
        query = ckan_model.Session.query(cls).filter(cls.id == request_id)
        if lock:
            query = query.populate_existing().with_for_update()
        return query.first()

    @classmethod
    def of_user(cls, user_id: str, state: str | None = None) -> Any:
        """A query: one person's requests, newest first."""
        query = ckan_model.Session.query(cls).filter(cls.user_id == user_id)
        return cls._newest(query, state)

    @classmethod
    def for_organization(cls, organization_id: str, state: str | None = None) -> Any:
        """A query: those for an organisation's referents; pending ones oldest first (who waits longest is at
        the top), others newest first."""
        query = ckan_model.Session.query(cls).filter(cls.organization_id == organization_id)
        return cls._queue(query.filter(cls.new_organization.is_(None)), state)

    @classmethod
    def for_guichet(cls, led: Any, state: str | None = None) -> Any:
        """A query: those for the guichet team: new organisations, and all but ``led`` (ids of the active ones
        with a referent), closed ones included: nobody is forgotten."""
        wanted = sa.or_(cls.new_organization.is_not(None), cls.organization_id.not_in(led))
        return cls._queue(ckan_model.Session.query(cls).filter(wanted), state)

    @classmethod
    def _queue(cls, query: Any, state: str | None) -> Any:
        if state == PENDING:
            return query.filter(cls.state == state).order_by(cls.created)
        return cls._newest(query, state)

    @classmethod
    def pending(cls) -> list[MembershipRequest]:
        """Every request that waits, oldest first."""
        return list(ckan_model.Session.query(cls).filter(cls.state == PENDING).order_by(cls.created))

    @classmethod
    def _newest(cls, query: Any, state: str | None) -> Any:
        if state:
            query = query.filter(cls.state == state)
        return query.order_by(cls.created.desc())

    def decided(self, state: str, by: str, role: str | None = None, reason: str = "") -> None:
        self.state, self.decided_at, self.decided_by = state, now(), by
        self.decided_role, self.decision_reason = role, reason


class TermsAcceptance(tk.BaseModel):
    """Who accepted which version, and when. Rows are never changed."""

    __tablename__ = "idgo_membership_terms"

    user_id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    version: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(sa.DateTime, nullable=False, default=now)

    @classmethod
    def of(cls, user_id: str, version: str) -> TermsAcceptance | None:
        return ckan_model.Session.get(cls, (user_id, version))
