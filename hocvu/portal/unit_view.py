"""What the head of a unit sees: the unit beside its bloc, six competencies, who is how far from what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hocvu.course import Course
from hocvu.ledger.rescore import read_shares
from hocvu.records import (
    PeopleFilter,
    ScoredPerson,
    Unit,
    contributions_of_people,
    iter_people_scores,
    list_items,
    list_units,
)
from hocvu.scoring import (
    Cell,
    Floor,
    Named,
    UnitCounts,
    Visibility,
    check_floor,
    choose_named,
    find_track,
    prepare_items,
    publish_units,
)
from hocvu.scoring.bands import is_confirmed
from hocvu.scoring.steps import Step, next_steps
from hocvu.year.freeze import levels_last_year
from hocvu.year.unit_counts import LiveUnit, Standing, live_rows, live_units, standings

BATCH = 500


@dataclass(frozen=True)
class Beside:
    """A unit beside its bloc. bloc_total: what may be told of the bloc together; named: who is named of it."""

    unit: Unit
    live: LiveUnit
    standing: Standing
    bloc_total: Cell | None
    named: Named
    names: Mapping[str, str]  # of the units of the bloc, by code

    @property
    def is_hidden(self) -> bool:
        return self.standing.index.visibility is Visibility.HIDDEN


@dataclass(frozen=True)
class Area:
    """One competency in a unit: how many people are at M0, M1, M2, M3."""

    code: str
    people: tuple[int, ...]

    @property
    def mean(self) -> float:
        everybody = sum(self.people)
        return sum(level * count for level, count in enumerate(self.people)) / everybody if everybody else 0.0


@dataclass(frozen=True)
class Colleague:
    """A person of the unit. floor None: the position is in no group. step None: more than one item away."""

    person: ScoredPerson
    floor: Floor | None
    step: Step | None


def unit_beside_bloc(s: Session, course: Course, period_id: str, unit: Unit) -> Beside:
    """Return the unit as it stands now beside the units of its bloc: nothing of another bloc is looked at."""
    rule, units = course.rule, list_units(s, bloc=unit.bloc)
    live = live_units(s, period_id, rule, [one.id for one in units])
    rows = live_rows(units, live)
    counts = {row.code: row.counts for row in rows}
    counts.setdefault(unit.code, UnitCounts(0, 0, 0, 0))
    stand = standings(counts, rule, first_year=levels_last_year(s, period_id) is None)
    table = publish_units(rows, list(counts), rule.unit)
    return Beside(
        unit=unit,
        live=live.get(unit.id, LiveUnit(unit.id, 0, 0, counts[unit.code])),
        standing=stand[unit.code],
        bloc_total=table.totals.get(unit.bloc),
        named=choose_named({code: one.index for code, one in stand.items()}, rule.unit),
        names={one.code: one.name for one in units},
    )


def colleagues_of(s: Session, course: Course, period_id: str, unit_id: int, today: date) -> list[Colleague]:
    """Return the people of one unit who have not left, by staff code: never by a result."""
    only = PeopleFilter(unit_ids=[unit_id], here_on=today)
    found: list[Colleague] = []
    for people in iter_people_scores(s, period_id=period_id, only=only, batch=BATCH):
        steps = _steps(s, course, period_id, [one.person_id for one in people])
        for person, step in zip(people, steps, strict=True):
            track = find_track(person.position, person.is_leader, course.rule)
            found.append(Colleague(person, check_floor(person.levels, track) if track else None, step))
    return found


def six_areas(course: Course, colleagues: Sequence[Colleague]) -> list[Area]:
    """Return how many people are at each level, per competency, in the framework's order."""
    highest = course.rule.levels.highest
    return [
        Area(
            code,
            tuple(sum(one.person.levels.get(code, 0) == level for one in colleagues) for level in range(highest + 1)),
        )
        for code in course.competencies
    ]


def weakest(areas: Sequence[Area]) -> tuple[str, ...]:
    """Return the competencies with the lowest mean level; none where all are alike."""
    low, high = (pick((area.mean for area in areas), default=0.0) for pick in (min, max))
    return tuple(area.code for area in areas if area.mean == low) if low < high else ()


def _steps(s: Session, course: Course, period_id: str, person_ids: Sequence[str]) -> list[Step | None]:
    items, rule = prepare_items(list_items(s, period_id)), course.rule
    shares = read_shares(s, period_id, person_ids, items)
    signed = contributions_of_people(s, period_id, person_ids)
    confirmed = [is_confirmed(signed.get(who, ()), rule) for who in person_ids]
    return next_steps(shares, items, rule, confirmed)
