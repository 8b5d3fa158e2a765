"""The year: freezes, snapshots, appeals and annexes.

Guards on both databases: what is frozen, decided or received stays as it was written.
"""

import sqlalchemy as sa
from alembic import op

from hocvu.records.columns import BigKey, UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT_TABLES = ("snapshots", "snapshot_chunks", "annexes", "item_decisions", "item_credits", "appeal_events")
SENT = ("id", "number", "period_id", "person_id", "kind", "text", "attempt_id", "item_id", "item_version_id",
        "received_at", "due_on", "is_late")  # fmt: skip


def upgrade() -> None:
    _create_snapshots()
    _create_decisions()
    _create_appeals()
    op.execute("INSERT INTO counters (name, value) VALUES ('appeals', 0)")
    guard = _guard_postgresql if op.get_context().dialect.name == "postgresql" else _guard_sqlite
    for table in KEPT_TABLES:
        guard(table, "UPDATE")
        guard(table, "DELETE")
    guard("appeals", f"UPDATE OF {', '.join(SENT)}")
    guard("appeals", "DELETE")


def _guard_sqlite(table: str, change: str) -> None:
    name = f"kept_{table}_{change.split()[0].lower()}"
    body = f"SELECT RAISE(ABORT, '{table} rows are kept as written')"
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN {body}; END")


def _guard_postgresql(table: str, change: str) -> None:
    name = f"kept_{table}_{change.split()[0].lower()}"
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cutoff_at", UtcTime(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('provisional', 'final')", name=op.f("ck_snapshots_kind")),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_snapshots_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("period_id", "kind", name=op.f("uq_snapshots_period_id_kind")),
        sa.UniqueConstraint("sha256", name=op.f("uq_snapshots_sha256")),
    )
    op.create_table(
        "snapshot_chunks",
        sa.Column("snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_key", sa.String(length=64), nullable=False),
        sa.Column("last_key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_snapshot_chunks_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "part", "number", name=op.f("pk_snapshot_chunks")),
    )
    op.create_table(
        "annexes",
        sa.Column("snapshot_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_code", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"], name=op.f("fk_annexes_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "number", name=op.f("pk_annexes")),
    )
    op.create_index(op.f("ix_annexes_staff_code"), "annexes", ["staff_code"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "item_decisions",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("assignment", sa.String(length=128), nullable=False),
        sa.Column("module", sa.String(length=16), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.JSON(), nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.Column("credited", sa.Integer(), nullable=False),
        sa.CheckConstraint("action IN ('withdraw', 'restore')", name=op.f("ck_item_decisions_action")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_versions.id"], name=op.f("fk_item_decisions_item_version_id")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_item_decisions_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_decisions")),
    )
    op.create_index("ix_item_decisions_period_item", "item_decisions", ["period_id", "item_id", "id"], unique=False)
    op.create_table(
        "item_credits",
        sa.Column("decision_id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["item_decisions.id"], name=op.f("fk_item_credits_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_item_credits_person_id")),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("pk_item_credits")),
    )


def _create_appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.String(length=36), nullable=True),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("first_reviewer_id", sa.String(length=36), nullable=True),
        sa.Column("second_reviewer_id", sa.String(length=36), nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_appeals_attempt_id")),
        sa.ForeignKeyConstraint(["first_reviewer_id"], ["people.id"], name=op.f("fk_appeals_first_reviewer_id")),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_versions.id"], name=op.f("fk_appeals_item_version_id")),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_appeals_period_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appeals_person_id")),
        sa.ForeignKeyConstraint(["second_reviewer_id"], ["people.id"], name=op.f("fk_appeals_second_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("number", name=op.f("uq_appeals_number")),
    )
    op.create_index("ix_appeals_period_state", "appeals", ["period_id", "state", "due_on"], unique=False)
    op.create_index(op.f("ix_appeals_person_id"), "appeals", ["person_id"], unique=False)
    op.create_index(op.f("ix_appeals_item_id"), "appeals", ["item_id"], unique=False)
    op.create_table(
        "appeal_events",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("appeal_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f("fk_appeal_events_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_events")),
    )
    op.create_index(op.f("ix_appeal_events_appeal_id"), "appeal_events", ["appeal_id"], unique=False)
