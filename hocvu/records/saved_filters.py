"""Filters that an HR officer has kept, by name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hocvu.records.tables_pulls import SavedFilter


def save_filter(s: Session, person_id: str, name: str, query: str, now: datetime) -> SavedFilter:
    """Return the filter, new or in place of the officer's one of the same name."""
    s.execute(delete(SavedFilter).where(SavedFilter.person_id == person_id, SavedFilter.name == name))
    row = SavedFilter(person_id=person_id, name=name, query=query, saved_at=now)
    s.add(row)
    s.flush()
    return row


def list_filters(s: Session, person_id: str) -> Sequence[SavedFilter]:
    """An officer's filters by name."""
    return s.scalars(select(SavedFilter).where(SavedFilter.person_id == person_id).order_by(SavedFilter.name)).all()


def delete_filter(s: Session, person_id: str, filter_id: int) -> bool:
    """Delete one of the officer's own filters; False if it is not theirs."""
    query = delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == person_id)
    return s.execute(query.returning(SavedFilter.id)).first() is not None
