"""Proposals that a second person decides: stored, listed, locked while somebody decides. Nothing is deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Person
from hocvu.records.tables_ledger import ContributionRow
from hocvu.records.tables_people_decide import ContributionProposal, ItemProposal

OPEN, AGREED, REFUSED, DROPPED = "open", "agreed", "refused", "dropped"
MOST = 200  # decided ones that a page lists


def add_proposal(s: Session, proposal: ContributionProposal | ItemProposal) -> None:
    s.add(proposal)
    s.flush()


def open_contribution_proposal(s: Session, proposal_id: int) -> ContributionProposal | None:
    """The proposal if it still waits, locked until commit: two people cannot decide it at once."""
    row = s.get(ContributionProposal, proposal_id, with_for_update=True)
    return row if row is not None and row.state == OPEN else None


def open_item_proposal(s: Session, proposal_id: int) -> ItemProposal | None:
    """The same for an item."""
    row = s.get(ItemProposal, proposal_id, with_for_update=True)
    return row if row is not None and row.state == OPEN else None


def decide(
    s: Session, row: ContributionProposal | ItemProposal, state: str, by: str, now: datetime, reason: str = ""
) -> None:
    """Write down who decided what; by: a person's id."""
    row.state, row.decided_by, row.decided_at, row.reason = state, by, now, reason
    s.flush()


def list_contribution_proposals(
    s: Session, period_id: str, *, unit_ids: Collection[int] | None = None, state: str = ""
) -> Sequence[tuple[ContributionProposal, Person]]:
    """Proposals of a period with the person they are about: those that wait first, then the newest."""
    query = (
        select(ContributionProposal, Person)
        .join(Person, Person.id == ContributionProposal.person_id)
        .where(ContributionProposal.period_id == period_id)
        .order_by(ContributionProposal.state != OPEN, ContributionProposal.id.desc())
        .limit(MOST)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    if state:
        query = query.where(ContributionProposal.state == state)
    return [(proposal, person) for proposal, person in s.execute(query)]


def count_open_contributions(s: Session, period_id: str, unit_ids: Collection[int]) -> int:
    """How many proposals about people of these units wait for a second person."""
    query = (
        select(func.count())
        .select_from(ContributionProposal)
        .join(Person, Person.id == ContributionProposal.person_id)
        .where(ContributionProposal.period_id == period_id, ContributionProposal.state == OPEN)
    )
    return s.scalar(query.where(Person.unit_id.in_(unit_ids))) or 0


def proposals_about(s: Session, person_id: str, period_id: str) -> Sequence[ContributionProposal]:
    """A person's proposals in a period, newest first."""
    query = select(ContributionProposal).filter_by(person_id=person_id, period_id=period_id)
    return s.scalars(query.order_by(ContributionProposal.id.desc())).all()


def list_confirmed(
    s: Session, period_id: str, *, unit_ids: Collection[int] | None = None
) -> Sequence[tuple[ContributionRow, Person]]:
    """Confirmed contributions of a period, those taken back too, newest first."""
    query = (
        select(ContributionRow, Person)
        .join(Person, Person.id == ContributionRow.person_id)
        .where(ContributionRow.period_id == period_id)
        .order_by(ContributionRow.id.desc())
        .limit(MOST)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return [(row, person) for row, person in s.execute(query)]


def list_item_proposals(s: Session, period_id: str) -> Sequence[ItemProposal]:
    """Proposals about items of a period: those that wait first, then the newest."""
    query = select(ItemProposal).where(ItemProposal.period_id == period_id)
    return s.scalars(query.order_by(ItemProposal.state != OPEN, ItemProposal.id.desc()).limit(MOST)).all()
