"""The roster: where people belong and when, leave, exemptions with reasons, imports. Changes are kept as written."""

import sqlalchemy as sa
from alembic import op

from hocvu.records.columns import BigKey, UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_imports()
    _create_memberships()
    _create_leaves()
    _create_exemptions()
    _create_changes()
    for change in ("UPDATE", "DELETE"):
        _keep_changes(change)


def _keep_changes(change: str) -> None:
    name = f"kept_roster_changes_{change.lower()}"
    if op.get_context().dialect.name == "postgresql":
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = "BEGIN SELECT RAISE(ABORT, 'roster_changes rows are kept as written'); END"
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON roster_changes {body}")


def _create_imports() -> None:
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("plan_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("applied_at", UtcTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_roster_imports_period_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_roster_imports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    _index("roster_imports", "period_id", "made_at", "file_sha256")


def _create_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_memberships_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    _index("memberships", "person_id", "unit_id", "starts_on", "ends_on")
    op.create_table(
        "roster_facts",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_facts_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_roster_facts")),
    )


def _create_leaves() -> None:
    op.create_table(
        "leaves",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leaves_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    _index("leaves", "person_id")


def _create_exemptions() -> None:
    op.create_table(
        "exemptions",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_exemptions_period_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_exemptions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    _index("exemptions", "person_id")
    op.create_index("ix_exemptions_period_person", "exemptions", ["period_id", "person_id"], unique=False)


def _create_changes() -> None:
    op.create_table(
        "roster_changes",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["roster_imports.id"], name=op.f("fk_roster_changes_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_changes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_changes")),
    )
    _index("roster_changes", "import_id", "person_id", "recorded_on")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
