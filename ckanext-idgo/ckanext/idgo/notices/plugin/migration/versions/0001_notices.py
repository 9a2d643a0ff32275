"""Notices, the mails they make, how people want them, and the words an administrator changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notices()
    _mails()
    op.create_table(
        "idgo_notice_choice",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("topic", sa.UnicodeText, primary_key=True),
        sa.Column("choice", sa.UnicodeText, nullable=False),
    )
    op.create_table(
        "idgo_notice_words",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("language", sa.UnicodeText, primary_key=True),
        sa.Column("subject", sa.UnicodeText, nullable=False),
        sa.Column("body", sa.UnicodeText, nullable=False),
        sa.Column("modified_by", sa.UnicodeText, nullable=False),
        sa.Column("modified", sa.DateTime, nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "idgo_notice",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("recipient_id", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("path", sa.UnicodeText, nullable=False),
        sa.Column("key", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("read_at", sa.DateTime),
        sa.UniqueConstraint("recipient_id", "key", name="idgo_notice_once"),
    )
    op.create_index("idgo_notice_list", "idgo_notice", ["recipient_id", "created"])
    # The bell asks for the unread of one person on every page: the index holds those only.
    unread = sa.text("read_at IS NULL")
    op.create_index("idgo_notice_unread", "idgo_notice", ["recipient_id"], postgresql_where=unread)


def _mails() -> None:
    op.create_table(
        "idgo_notice_mail",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("channel", sa.UnicodeText, nullable=False),
        sa.Column("notice_ids", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try", sa.DateTime, nullable=False),
        sa.Column("last_error", JSONB),
        sa.Column("message_id", sa.UnicodeText, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
    )
    op.create_index("idgo_notice_mail_due", "idgo_notice_mail", ["state", "next_try"])
    # One summary at a time takes the news of one person.
    open_digest = sa.text("channel = 'digest' AND state = 'queued' AND last_error IS NULL")
    op.create_index(
        "idgo_notice_mail_digest", "idgo_notice_mail", ["user_id"], unique=True, postgresql_where=open_digest
    )


def downgrade() -> None:
    for table in ("idgo_notice_words", "idgo_notice_choice", "idgo_notice_mail", "idgo_notice"):
        op.drop_table(table)
