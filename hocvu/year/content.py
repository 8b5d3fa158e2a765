"""What a freeze holds: rule, items, engines, roster, results, units, withdrawn items; everything at one moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.records import Attempt, ItemVersion, PeriodItem, Person, Unit, list_items
from hocvu.records.chunks import chunks
from hocvu.records.contributions import contributions_of_people
from hocvu.records.withdrawals import list_item_decisions
from hocvu.scoring import prepare_items
from hocvu.scoring.bands import is_confirmed
from hocvu.scoring.matrix import score_matrix, share_matrix
from hocvu.year.eligible import FreezeRoster, freeze_roster, late_change_rows, not_counted_rows
from hocvu.year.evidence import evidence_at
from hocvu.year.parts import Part, pack_part
from hocvu.year.units import UnitTally, unit_rows

BATCH = 500
Row = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Content:
    """The packed parts in the order of the manifest."""

    parts: tuple[Part, ...]
    people: int
    units: int
    items: int


def build_content(
    s: Session, period_id: str, rule: Rule, cutoff_at: datetime, earlier: Mapping[str, Mapping[str, int]] | None
) -> Content:
    """Return what is frozen, from the evidence before the cut-off. The session must see one moment all through.

    earlier: staff code → levels of the last final freeze, None in the first year: who rose a level is counted by it.
    """
    roster = freeze_roster(s, period_id, rule)
    everybody = ((code, person_id) for code, person_id in s.execute(select(Person.staff_code, Person.id)))
    people = sorted(pair for pair in everybody if pair[1] not in roster.gone)
    tally = UnitTally(rule, earlier, {code: roster.not_counted[id] for code, id in people if id in roster.not_counted})
    parts = (
        pack_part("rule", [("", _rule_row(rule))]),
        pack_part("items", _item_rows(s, period_id)),
        pack_part("engines", _engine_rows(s, period_id, cutoff_at)),
        pack_part("roster", _roster_rows(s, people, roster)),
        pack_part("results", _result_rows(s, period_id, rule, cutoff_at, people, tally, roster)),
        pack_part("units", unit_rows(s, tally)),
        pack_part("withdrawn", _withdrawn_rows(s, period_id)),
        pack_part("not_counted", not_counted_rows(s, roster)),
        pack_part("late_changes", late_change_rows(s, period_id)),
    )
    counts = {part.name: part.lines for part in parts}
    return Content(parts, counts["roster"], counts["units"], counts["items"])


def _rule_row(rule: Rule) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(rule).items()}


def _item_rows(s: Session, period_id: str) -> Iterator[Row]:
    query = (
        select(PeriodItem.module, ItemVersion)
        .join(ItemVersion, ItemVersion.id == PeriodItem.item_version_id)
        .where(PeriodItem.period_id == period_id)
    )
    for module, item in sorted(s.execute(query), key=lambda row: row[1].item_id):
        yield (
            item.item_id,
            {
                "item_id": item.item_id,
                "assignment": item.assignment,
                "version": item.version,
                "content_sha256": item.content_hash or "",
                "module": module,
                "kind": item.kind,
                "competency": item.competency,
                "level": item.level,
                "max_points": item.max_points,
            },
        )


def _engine_rows(s: Session, period_id: str, cutoff_at: datetime) -> Iterator[Row]:
    query = (
        select(Attempt.assignment, Attempt.version, Attempt.engine_version, func.count())
        .where(Attempt.period_id == period_id, Attempt.submitted_at < cutoff_at)
        .group_by(Attempt.assignment, Attempt.version, Attempt.engine_version)
    )
    for assignment, version, engine, attempts in sorted(tuple(row) for row in s.execute(query)):
        row = {"assignment": assignment, "version": version, "engine_version": engine, "attempts": attempts}
        yield f"{assignment} {version} {engine}"[:64], row


_ROSTER_NAMES = ("name", "kind", "position", "department", "is_leader")
_ROSTER_COLUMNS = (Person.unit_id, *[getattr(Person, name) for name in _ROSTER_NAMES])


def _roster_rows(s: Session, people: Sequence[tuple[str, str]], roster: FreezeRoster) -> Iterator[Row]:
    units = {unit.id: unit for unit in s.scalars(select(Unit))}
    for codes in chunks(people, BATCH):
        query = select(Person.id, *_ROSTER_COLUMNS).where(Person.id.in_([person_id for _, person_id in codes]))
        found = {person_id: row for person_id, *row in s.execute(query)}
        for code, person_id in codes:
            unit_id, *known = found[person_id]
            unit = units[roster.units.get(person_id, unit_id)]
            where = {"unit_code": unit.code, "unit_name": unit.name, "bloc": unit.bloc}
            yield code, {"staff_code": code, **dict(zip(_ROSTER_NAMES, known, strict=True)), **where}


def _result_rows(
    s: Session,
    period_id: str,
    rule: Rule,
    cutoff_at: datetime,
    people: Sequence[tuple[str, str]],
    tally: UnitTally,
    roster: FreezeRoster,
) -> Iterator[Row]:
    items = prepare_items(list_items(s, period_id))
    unit_of = {person_id: unit_id for person_id, unit_id in s.execute(select(Person.id, Person.unit_id))}
    unit_of |= roster.units
    for codes in chunks(people, BATCH):
        ids = [person_id for _, person_id in codes]
        evidence = evidence_at(s, period_id, ids, cutoff_at)
        signed = contributions_of_people(s, period_id, ids)
        confirmed = [is_confirmed(signed.get(who, ()), rule) for who in ids]
        shares = share_matrix([evidence[person_id] for person_id in ids], items)
        scores = score_matrix(shares, items, rule, confirmed)
        for row, (code, person_id) in enumerate(codes):
            score = scores.score(row, rule)
            tally.add(unit_of[person_id], code, score)
            yield (
                code,
                {
                    "staff_code": code,
                    "coverage": score.coverage,
                    "levels": dict(score.levels),
                    "band": score.band,
                    "enough_data": score.enough_data,
                    "points": score.points,
                    "max_points": score.max_points,
                    "rule_version": score.rule_version,
                },
            )


def _withdrawn_rows(s: Session, period_id: str) -> Iterator[Row]:
    for decision in list_item_decisions(s, period_id):
        yield (
            decision.item_id,
            {
                "number": decision.id,
                "item_id": decision.item_id,
                "assignment": decision.assignment,
                "action": decision.action,
                "note": decision.note,
                "decided_at": decision.decided_at.isoformat(),
                "decided_by": list(decision.decided_by),
                "credited": decision.credited,
            },
        )
