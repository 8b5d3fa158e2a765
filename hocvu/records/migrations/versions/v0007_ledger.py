"""The evidence ledger: contributions that people confirmed. A confirmation is never changed, only taken back."""

import sqlalchemy as sa
from alembic import op

from hocvu.records.columns import BigKey, UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_contributions_period_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contributions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
    )
    op.create_index("ix_contributions_person_period", "contributions", ["person_id", "period_id"], unique=False)
