"""What must not come back as it was: log-ins that ended since, and numbers that other systems have seen meanwhile."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from hocvu.records import StoredScore, Ticket, WebSession, add_audit
from hocvu.records.tables import Counter
from hocvu.records.tables_pulls import AccessToken, ScoreRemoval

RESTORED = "store.restore"
# A counter goes on beyond every number that was given out between the backup and the loss.
STEPS = {"scores": 1_000_000_000, "credentials": 10_000, "appeals": 10_000}


def renew(s: Session, manifest_sha256: str, made_at: str, now: datetime) -> None:
    """Make a restored store fit to be used, and write down that it was restored.

    Scores and removals get new seqs, so that systems whose cursor is beyond the backup read them all again.
    """
    for log_in in (WebSession, Ticket, AccessToken):
        s.execute(delete(log_in))
    for name, step in STEPS.items():
        s.execute(update(Counter).where(Counter.name == name).values(value=Counter.value + step))
    for numbered in (StoredScore, ScoreRemoval):
        s.execute(update(numbered).values(seq=numbered.seq + STEPS["scores"]))
    add_audit(s, "system", RESTORED, {"made_at": made_at, "manifest": manifest_sha256}, now)
