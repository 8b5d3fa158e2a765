"""The roster: where people belong and when, exemptions with reasons, imports."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by the change that needs it."""
