"""Drafts know which window changed what, and how sure the learner is; attempts keep how sure the learner was."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("confidence", "revisions", "history"):
        op.add_column("drafts", sa.Column(column, sa.JSON(), nullable=True))
    op.add_column("attempts", sa.Column("confidence", sa.JSON(), nullable=True))
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER kept_attempts_confidence BEFORE UPDATE OF confidence ON attempts "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            "CREATE TRIGGER kept_attempts_confidence BEFORE UPDATE OF confidence ON attempts "
            "BEGIN SELECT RAISE(ABORT, 'attempts rows are kept as written'); END"
        )
