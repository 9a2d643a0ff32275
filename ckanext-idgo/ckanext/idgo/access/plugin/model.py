"""Tables of the access room: grants, requests, log (ADR 0006). Instants are UTC without a zone."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.idgo.access.core.grants import Grant

USER, ORGANIZATION = "user", "organization"
#: Marks in ``reminded`` beside the days of the reminders. ``TOLD``: the end of a grant was noted; the present
#: deciders of a request know of it. ``CLOSED_TOLD``: it was closed by nobody, and its requester knows.
TOLD, CLOSED_TOLD = 0, -1
PENDING, GRANTED, REFUSED, WITHDRAWN = "pending", "granted", "refused", "withdrawn"


def utcnow() -> datetime:
    """UTC without a zone, as in CKAN's own tables."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def aware(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=timezone.utc) if instant else None


def naive(instant: datetime | None) -> datetime | None:
    return instant.astimezone(timezone.utc).replace(tzinfo=None) if instant else None


def _new_id() -> str:
    return str(uuid.uuid4())


class _Row(tk.BaseModel):
    __abstract__ = True

    id: Mapped[str] = mapped_column(sa.UnicodeText, primary_key=True, default=_new_id)

    @classmethod
    def get(cls, identifier: object, lock: bool = False) -> Any:
        """The row, None when there is none. ``lock`` holds it until commit, and reads it again."""
        if not isinstance(identifier, str) or "\x00" in identifier:
            return None
        query = model.Session.query(cls).filter(cls.id == identifier)
        return (query.populate_existing().with_for_update() if lock else query).first()


class AccessGrant(_Row):
    """``organization_id`` gave it, on its own dataset or resource, to a person or an organisation.

    ``reminded``: days before the end of which the holder was told, and ``TOLD`` once the end was noted.
    """

    __tablename__ = "idgo_access_grant"

    package_id: Mapped[str] = mapped_column(sa.UnicodeText)
    resource_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    organization_id: Mapped[str] = mapped_column(sa.UnicodeText)
    grantee_type: Mapped[str] = mapped_column(sa.UnicodeText)
    grantee_id: Mapped[str] = mapped_column(sa.UnicodeText)
    codes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    starts_at: Mapped[datetime] = mapped_column(sa.DateTime, default=utcnow)
    ends_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=utcnow)
    granted_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    reason: Mapped[str | None] = mapped_column(sa.UnicodeText)
    request_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    license_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    license_accepted_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    revoked_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    revoke_reason: Mapped[str | None] = mapped_column(sa.UnicodeText)
    reminded: Mapped[list[int]] = mapped_column(JSONB, default=list)

    def as_grant(self) -> Grant | None:
        return grant_from(self)

    def state(self, now: datetime) -> str:
        """``now``: UTC without a zone."""
        if self.revoked_at is not None:
            return "revoked"
        return "ended" if self.ends_at is not None and self.ends_at <= now else "current"


def grant_from(row: Any) -> Grant | None:
    """The core's grant behind a row (of a query or of the table); None where its codes are no list of texts:
    a limit that cannot be read is not "no limit"."""
    codes = row.codes
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        return None
    starts_at = aware(row.starts_at)
    if starts_at is None:
        return None
    return Grant(
        package_id=row.package_id,
        resource_id=row.resource_id,
        owner_org=row.organization_id,
        starts_at=starts_at,
        ends_at=aware(row.ends_at),
        codes=frozenset(codes),
    )


class AccessRequest(_Row):
    """``items``: ``[{"package_id", "resource_id" or null}]``, all of ``organization_id``. ``until``: the last
    day asked for, in Europe/Paris. ``reminded``: days after which the deciders were told again, ``TOLD`` and
    ``CLOSED_TOLD``."""

    __tablename__ = "idgo_access_request"

    requester_id: Mapped[str] = mapped_column(sa.UnicodeText)
    organization_id: Mapped[str] = mapped_column(sa.UnicodeText)
    for_organization: Mapped[str | None] = mapped_column(sa.UnicodeText)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    purpose: Mapped[str] = mapped_column(sa.UnicodeText)
    message: Mapped[str] = mapped_column(sa.UnicodeText)
    codes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    until: Mapped[date | None] = mapped_column(sa.Date)
    license_ids: Mapped[list[str]] = mapped_column(JSONB, default=list)
    license_accepted_at: Mapped[datetime] = mapped_column(sa.DateTime, default=utcnow)
    state: Mapped[str] = mapped_column(sa.UnicodeText, default=PENDING)
    created: Mapped[datetime] = mapped_column(sa.DateTime, default=utcnow)
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    decided_by: Mapped[str | None] = mapped_column(sa.UnicodeText)
    decision_reason: Mapped[str | None] = mapped_column(sa.UnicodeText)
    reminded: Mapped[list[int]] = mapped_column(JSONB, default=list)
    renews: Mapped[str | None] = mapped_column(sa.UnicodeText)


class AccessLog(_Row):
    """Append only (a trigger refuses updates): who did what, for whom. ``detail``: public words and dates."""

    __tablename__ = "idgo_access_log"

    at: Mapped[datetime] = mapped_column(sa.DateTime, default=utcnow)
    actor_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    kind: Mapped[str] = mapped_column(sa.UnicodeText)
    organization_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    package_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    resource_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    grantee_type: Mapped[str | None] = mapped_column(sa.UnicodeText)
    grantee_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    request_id: Mapped[str | None] = mapped_column(sa.UnicodeText)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
