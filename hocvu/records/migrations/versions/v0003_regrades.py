"""Re-grading: why points changed, what they were, and how to take it back."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by the change that needs it."""
