"""Exemptions, leave and days of joining: who may not be counted in a period, and why; the rule decides elsewhere."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Period, Person, Unit
from hocvu.records.tables_roster import Exemption, Leave, Membership

Span = tuple[date | None, date | None]


@dataclass
class Circumstances:
    """What is known of one person in a period. stays and leaves: (from, to), None = open."""

    stays: list[Span] = field(default_factory=list)
    leaves: list[Span] = field(default_factory=list)
    exemption: str = ""  # its reason


def circumstances(s: Session, period: Period, joined_after: date) -> dict[str, Circumstances]:
    """Return person id → circumstances, for people with an exemption, leave, or a stay that began after that day."""
    found: dict[str, Circumstances] = defaultdict(Circumstances)
    for exemption in s.scalars(
        select(Exemption).where(Exemption.period_id == period.id, Exemption.withdrawn_at.is_(None))
    ):
        found[exemption.person_id].exemption = exemption.reason
    during = (Leave.starts_on <= period.ends_on, or_(Leave.ends_on.is_(None), Leave.ends_on >= period.starts_on))
    for person_id, starts_on, ends_on in s.execute(
        select(Leave.person_id, Leave.starts_on, Leave.ends_on).where(*during)
    ):
        found[person_id].leaves.append((starts_on, ends_on))
    new = select(Membership.person_id).where(Membership.starts_on > joined_after)
    query = select(Membership.person_id, Membership.starts_on, Membership.ends_on).where(Membership.person_id.in_(new))
    began = or_(Membership.starts_on.is_(None), Membership.starts_on <= period.ends_on)
    for person_id, first, last in s.execute(query.where(began)):
        found[person_id].stays.append((first, last))
    return dict(found)


def joined_after(period: Period, days: int) -> date:
    """Return the day after which a stay must have begun to be shorter than so many days at the period's end."""
    return period.ends_on - timedelta(days=days)


def list_exemptions(
    s: Session, period_id: str, *, unit_ids: Sequence[int] | frozenset[int] | None = None, limit: int = 500
) -> list[tuple[Exemption, Person, Unit]]:
    """Exemptions of a period that are in force, by staff code."""
    query = (
        select(Exemption, Person, Unit)
        .join(Person, Person.id == Exemption.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Exemption.period_id == period_id, Exemption.withdrawn_at.is_(None))
        .order_by(Person.staff_code)
    )
    if unit_ids is not None:
        query = query.where(Person.unit_id.in_(unit_ids))
    return [(one, person, unit) for one, person, unit in s.execute(query.limit(limit))]


def exemptions_of(s: Session, person_id: str) -> Sequence[Exemption]:
    """A person's exemptions, withdrawn ones too, newest first."""
    return s.scalars(select(Exemption).where(Exemption.person_id == person_id).order_by(Exemption.id.desc())).all()


def find_exemption(s: Session, exemption_id: int) -> Exemption | None:
    return s.get(Exemption, exemption_id)


def add_exemption(s: Session, exemption: Exemption) -> None:
    s.add(exemption)
    s.flush()


def withdraw_exemption(s: Session, exemption: Exemption, by: str, now: datetime) -> None:
    exemption.withdrawn_at, exemption.withdrawn_by = now, by
    s.flush()
