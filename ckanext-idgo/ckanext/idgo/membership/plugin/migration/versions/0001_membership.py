"""Tables of membership requests and of accepted terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idgo_membership_request",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("new_organization", JSONB),
        sa.Column("role", sa.UnicodeText, nullable=False),
        sa.Column("message", sa.UnicodeText, nullable=False),
        sa.Column("terms_version", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("decided_by", sa.UnicodeText),
        sa.Column("decided_role", sa.UnicodeText),
        sa.Column("decision_reason", sa.UnicodeText),
        sa.Column("reminded", JSONB, nullable=False),
        sa.CheckConstraint(
            "(organization_id IS NULL) <> (new_organization IS NULL) OR state = 'accepted'",
            name="idgo_membership_request_place",
        ),
    )
    op.create_index("idgo_membership_request_user", "idgo_membership_request", ["user_id", "created"])
    op.create_index("idgo_membership_request_place", "idgo_membership_request", ["organization_id", "state"])
    # Two requests of one person for one organisation at the same instant: the second is refused here.
    op.create_index(
        "idgo_membership_request_once",
        "idgo_membership_request",
        ["user_id", "organization_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending' AND organization_id IS NOT NULL"),
    )
    op.create_table(
        "idgo_membership_terms",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("version", sa.UnicodeText, primary_key=True),
        sa.Column("accepted_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("idgo_membership_terms")
    op.drop_table("idgo_membership_request")
