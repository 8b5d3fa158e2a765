"""Contributions that people confirmed: the way to the band that no machine gives."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.failures import UnknownRecord
from hocvu.records.tables_ledger import ContributionRow
from hocvu.scores import Contribution


def add_contribution(
    s: Session, person_id: str, period_id: str, contribution: Contribution, now: datetime
) -> ContributionRow:
    """Return the stored confirmation. The caller checks who may confirm, and writes the audit log."""
    row = ContributionRow(
        person_id=person_id,
        period_id=period_id,
        kind=contribution.kind,
        note=contribution.note,
        confirmed_by=contribution.confirmed_by,
        confirmed_on=contribution.confirmed_on,
        entered_at=now,
    )
    s.add(row)
    s.flush()
    return row


def revoke_contribution(s: Session, contribution_id: int, by: str, now: datetime, reason: str = "") -> ContributionRow:
    """Take a confirmation back; the row stays. Raises UnknownRecord if there is none that counts."""
    row = s.get(ContributionRow, contribution_id, with_for_update=True)
    if row is None or row.revoked_at is not None:
        raise UnknownRecord(f"contribution {contribution_id}: there is none that counts.")
    row.revoked_at, row.revoked_by, row.revoked_reason = now, by, reason
    s.flush()
    return row


def contributions_of_people(
    s: Session, period_id: str, person_ids: Sequence[str]
) -> dict[str, tuple[Contribution, ...]]:
    """What counts for these people in a period: what score_person takes; people without any are left out."""
    query = (
        select(ContributionRow)
        .where(
            ContributionRow.period_id == period_id,
            ContributionRow.person_id.in_(person_ids),
            ContributionRow.revoked_at.is_(None),
        )
        .order_by(ContributionRow.id)
    )
    found: dict[str, tuple[Contribution, ...]] = {}
    for row in s.scalars(query):
        one = Contribution(row.kind, row.confirmed_by, row.confirmed_on, row.note)
        found[row.person_id] = (*found.get(row.person_id, ()), one)
    return found


def list_contributions(s: Session, person_id: str, period_id: str) -> Sequence[ContributionRow]:
    """All of a person's confirmations in a period, those taken back too, in their order."""
    query = select(ContributionRow).filter_by(person_id=person_id, period_id=period_id)
    return s.scalars(query.order_by(ContributionRow.id)).all()
