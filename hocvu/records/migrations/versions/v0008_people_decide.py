"""What people decide in two steps: contributions put forward, faulty items to withdraw; and nominations."""

import sqlalchemy as sa
from alembic import op

from hocvu.records.columns import BigKey, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = "state IN ('open', 'agreed', 'refused', 'dropped')"


def upgrade() -> None:
    op.add_column("contributions", sa.Column("revoked_reason", sa.Text(), nullable=False, server_default=""))
    _create_contribution_proposals()
    _create_item_proposals()
    _create_nominations()


def _create_contribution_proposals() -> None:
    table = "contribution_proposals"
    op.create_table(
        table,
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        *_two_steps(),
        sa.Column("contribution_id", BigKey, nullable=True),
        sa.CheckConstraint(STATES, name=op.f(f"ck_{table}_state")),
        *_keys(table, person_id="people.id", period_id="periods.id", contribution_id="contributions.id"),
        *_keys(table, proposed_by="people.id", decided_by="people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_contribution_proposals_period_state", table, ["period_id", "state"], unique=False)
    op.create_index(op.f("ix_contribution_proposals_person_id"), table, ["person_id"], unique=False)


def _create_item_proposals() -> None:
    table = "item_proposals"
    op.create_table(
        table,
        sa.Column("id", BigKey, nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_two_steps(),
        sa.CheckConstraint(STATES, name=op.f(f"ck_{table}_state")),
        sa.CheckConstraint("action IN ('withdraw', 'restore')", name=op.f(f"ck_{table}_action")),
        *_keys(table, period_id="periods.id", proposed_by="people.id", decided_by="people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_item_proposals_period_state", table, ["period_id", "state"], unique=False)


def _create_nominations() -> None:
    table = "nominations"
    op.create_table(
        table,
        sa.Column("id", BigKey, nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        *_keys(table, period_id="periods.id", person_id="people.id"),
        *_keys(table, entered_by="people.id", withdrawn_by="people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_nominations_period_person", table, ["period_id", "person_id"], unique=False)
    op.create_index(op.f("ix_nominations_person_id"), table, ["person_id"], unique=False)


def _two_steps() -> list[sa.Column[object]]:
    return [
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
    ]


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]
