"""Table of deposits: drafts, and what undo needs of those that are done."""

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
        "idgo_deposit",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText),
        sa.Column("resource_id", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("base", JSONB, nullable=False),
        sa.Column("undo", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("modified", sa.DateTime, nullable=False),
    )
    op.create_index("idgo_deposit_owner", "idgo_deposit", ["user_id", "state", "modified"])
    op.create_index("idgo_deposit_dataset", "idgo_deposit", ["dataset_id", "state"])


def downgrade() -> None:
    op.drop_table("idgo_deposit")
