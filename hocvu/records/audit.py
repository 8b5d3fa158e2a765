"""The log of who did what. It only grows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.tables import AuditEntry


def add_audit(s: Session, actor: str, action: str, detail: Mapping[str, Any], now: datetime) -> AuditEntry:
    """Return the new entry.

    actor: a person's id, "token:<id>" or "system"; detail: ids, never answers, tokens or names. The one free text is
    the reason of a role, which is asked for as the number of a decision.
    """
    entry = AuditEntry(at=now, actor=actor, action=action, detail=dict(detail))
    s.add(entry)
    s.flush()
    return entry


def list_audit(
    s: Session, *, limit: int = 100, before_id: int | None = None, actor: str = "", action: str = ""
) -> Sequence[AuditEntry]:
    """Entries, newest first; before_id continues a list."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if action:
        query = query.where(AuditEntry.action == action)
    return s.scalars(query).all()
