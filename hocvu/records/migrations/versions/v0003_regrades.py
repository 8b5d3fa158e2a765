"""Re-grading: why points changed, what they were, and how to take it back. The queue: what waits, who works."""

import sqlalchemy as sa
from alembic import op

from hocvu.records.columns import BigKey, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL for versions registered before: their questions are not known well enough to be graded with another key.
    for column in ("question_hash", "content_hash"):
        op.add_column("item_versions", sa.Column(column, sa.String(length=64), nullable=True))
    _create_queue()
    _create_regrades()


def _create_queue() -> None:
    op.create_table(
        "grading_jobs",
        sa.Column("attempt_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queued_at", UtcTime(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("next_try_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_grading_jobs_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_grading_jobs")),
    )
    op.create_index("ix_grading_jobs_state", "grading_jobs", ["state", "queued_at"], unique=False)
    op.create_index(op.f("ix_grading_jobs_finished_at"), "grading_jobs", ["finished_at"], unique=False)
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )


def _create_regrades() -> None:
    op.create_table(
        "regrades",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("assignment", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("engine_version", sa.String(length=64), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("allow_down", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.String(length=36), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("rolled_back_at", UtcTime(), nullable=True),
        sa.Column("rolled_back_by", sa.Text(), nullable=False),
        sa.Column("roll_back_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_regrades_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index("ix_regrades_assignment", "regrades", ["assignment", "id"], unique=False)
    op.create_table(
        "regrade_changes",
        sa.Column("regrade_id", BigKey, nullable=False),
        sa.Column("attempt_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_regrade_changes_attempt_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_regrade_changes_person_id")),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name=op.f("fk_regrade_changes_regrade_id")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", "item_id", name=op.f("pk_regrade_changes")),
    )
    op.create_index(op.f("ix_regrade_changes_attempt_id"), "regrade_changes", ["attempt_id"], unique=False)
