"""Who is on the roster at a freeze, in which unit, and who of them is not counted in N, by the published rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Period, Person, find_period
from hocvu.records.exemptions import circumstances, joined_after
from hocvu.records.roster import gone_before, late_changes, units_on
from hocvu.scoring import Membership, why_not_counted
from hocvu.scoring.stays import joined_on, leave_days


@dataclass(frozen=True)
class FreezeRoster:
    """The roster of a period's last day. gone: left before it; units: of who was elsewhere; not_counted: why."""

    gone: frozenset[str]
    units: Mapping[str, int]
    not_counted: Mapping[str, str]


def freeze_roster(s: Session, period_id: str, rule: Rule) -> FreezeRoster:
    """Return who is where on the period's last day; keys are person ids."""
    period = find_period(s, period_id)
    if period is None:
        return FreezeRoster(frozenset(), {}, {})
    gone = frozenset(s.scalars(gone_before(period.ends_on)))
    return FreezeRoster(gone, units_on(s, period.ends_on), not_counted(s, period, rule))


def not_counted(s: Session, period: Period, rule: Rule) -> dict[str, str]:
    """Return person id → why they are not counted in the period: exempt, long leave, joined late."""
    found = {}
    for person_id, known in circumstances(s, period, joined_after(period, rule.unit.joined_days)).items():
        facts = Membership(
            joined_on=joined_on(known.stays, rule.unit.joined_days),
            leave_days=leave_days(period.starts_on, period.ends_on, known.leaves),
            exempt_reason=known.exemption,
        )
        why = why_not_counted(facts, period.starts_on, period.ends_on, rule.unit)
        if why:
            found[person_id] = why
    return found


def not_counted_rows(s: Session, roster: FreezeRoster) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield who is on the roster and not counted, by staff code, with the reason."""
    codes = ((code, id) for code, id in s.execute(select(Person.staff_code, Person.id)) if id in roster.not_counted)
    for code, person_id in sorted(codes):
        if person_id not in roster.gone:
            yield code, {"staff_code": code, "reason": roster.not_counted[person_id]}


def late_change_rows(s: Session, period_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the changes near the freeze that decide who counts where, with their reasons."""
    period = find_period(s, period_id)
    changes = late_changes(s, period.ends_on) if period else []
    for change, code, _, _ in sorted(changes, key=lambda one: (one[1], one[0].id)):
        yield (
            code,
            {
                "staff_code": code,
                "kind": change.kind,
                "effective_on": change.effective_on.isoformat(),
                "recorded_on": change.recorded_on.isoformat(),
                "detail": change.detail,
                "reason": change.reason,
            },
        )
