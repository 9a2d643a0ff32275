"""Grants, requests, and the log of who gave what to whom (ADR 0006). Instants are UTC without a zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _grants()
    _requests()
    _log()


def _text(name: str, required: bool = False) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, nullable=not required)


def _grants() -> None:
    op.create_table(
        "idgo_access_grant",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("package_id", True),
        _text("resource_id"),
        _text("organization_id", True),
        _text("grantee_type", True),
        _text("grantee_id", True),
        sa.Column("codes", JSONB, nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False),
        _text("granted_by"),
        _text("reason"),
        _text("request_id"),
        _text("license_id"),
        sa.Column("license_accepted_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        _text("revoked_by"),
        _text("revoke_reason"),
        sa.Column("reminded", JSONB, nullable=False),
        sa.CheckConstraint("grantee_type IN ('user', 'organization')", name="idgo_access_grant_grantee"),
        sa.CheckConstraint("jsonb_typeof(codes) = 'array'", name="idgo_access_grant_codes"),
    )
    # What each request asks: the grants of one person and of a few organisations, not those taken back.
    op.create_index(
        "idgo_access_grant_grantee_idx",
        "idgo_access_grant",
        ["grantee_id", "grantee_type"],
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("idgo_access_grant_owner_idx", "idgo_access_grant", ["organization_id", "created"])
    op.create_index("idgo_access_grant_package_idx", "idgo_access_grant", ["package_id"])


def _requests() -> None:
    op.create_table(
        "idgo_access_request",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _text("requester_id", True),
        _text("organization_id", True),
        _text("for_organization"),
        sa.Column("items", JSONB, nullable=False),
        _text("purpose", True),
        _text("message", True),
        sa.Column("codes", JSONB, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("license_ids", JSONB, nullable=False),
        sa.Column("license_accepted_at", sa.DateTime, nullable=False),
        _text("state", True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        _text("decided_by"),
        _text("decision_reason"),
        sa.Column("reminded", JSONB, nullable=False),
        _text("renews"),
        sa.CheckConstraint(
            "state IN ('pending', 'granted', 'refused', 'withdrawn')", name="idgo_access_request_state"
        ),
    )
    for who in ("requester_id", "organization_id"):
        name = f"idgo_access_request_{who}_idx"
        op.create_index(name, "idgo_access_request", [who, "state", "created"])


def _log() -> None:
    op.create_table(
        "idgo_access_log",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        _text("actor_id"),
        _text("kind", True),
        _text("organization_id"),
        _text("package_id"),
        _text("resource_id"),
        _text("grantee_type"),
        _text("grantee_id"),
        _text("request_id"),
        sa.Column("detail", JSONB, nullable=False),
    )
    op.create_index("idgo_access_log_owner_idx", "idgo_access_log", ["organization_id", "at"])
    op.create_index("idgo_access_log_request_idx", "idgo_access_log", ["request_id"])
    op.execute(
        "CREATE OR REPLACE FUNCTION idgo_access_log_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'idgo_access_log is append only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER idgo_access_log_kept BEFORE UPDATE ON idgo_access_log "
        "FOR EACH ROW EXECUTE FUNCTION idgo_access_log_kept()"
    )


def downgrade() -> None:
    for table in ("idgo_access_log", "idgo_access_request", "idgo_access_grant"):
        op.drop_table(table)
    op.execute("DROP FUNCTION idgo_access_log_kept()")
