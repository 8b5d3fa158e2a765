"""Lists of people with their scores: for other systems by seq, for the HR table by staff code or page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from hocvu.records.tables import Person, StoredScore, Unit
from hocvu.vietnamese import search_form


class Progress(StrEnum):
    """How far a person is: nothing attempted, something, all published graded items attempted."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True)
class PeopleFilter:
    """What the HR table is narrowed by; every default means "no limit"."""

    unit_ids: Collection[int] | None = None
    bloc: str = ""
    kind: str = ""
    department: str = ""
    is_leader: bool | None = None
    band: int | None = None  # 0 also finds people without a score
    competency: str = ""  # with below_level: people whose level in it is lower
    below_level: int = 0
    progress: Progress | None = None
    search: str = ""  # part of a name (diacritics do not matter) or the start of a staff code
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoredPerson:
    """A person, their unit and their score. Without a score row: seq None, no levels, zeros."""

    person_id: str
    staff_code: str
    name: str
    kind: str
    position: str
    department: str
    is_leader: bool
    unit_id: int
    unit_code: str
    unit_name: str
    bloc: str
    seq: int | None
    coverage: float
    band: int
    points: float
    max_points: float
    rule_version: str
    updated_at: datetime | None
    levels: dict[str, int]

    @property
    def progress(self) -> Progress:
        if self.coverage <= 0:
            return Progress.NOT_STARTED
        return Progress.DONE if self.coverage >= 1 else Progress.IN_PROGRESS


PERSON_COLUMNS = ("id", "staff_code", "name", "kind", "position", "department", "is_leader", "unit_id")
STORED_COVERAGE = func.coalesce(StoredScore.coverage, 0.0)  # without a score row everything is zero
STORED_BAND = func.coalesce(StoredScore.band, 0)

ORDERS: dict[str, tuple[Any, ...]] = {
    "staff_code": (Person.staff_code,),
    "name": (Person.name_folded, Person.staff_code),
    "unit": (Unit.code, Person.staff_code),
    "band": (STORED_BAND.desc(), Person.staff_code),
    "coverage": (STORED_COVERAGE.desc(), Person.staff_code),
}


def list_people_scores(
    s: Session,
    *,
    period_id: str,
    only: PeopleFilter = PeopleFilter(),
    order: str = "staff_code",
    after_staff_code: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[ScoredPerson]:
    """People with or without a score. order: a key of ORDERS. Pages by offset, or by after_staff_code in that order."""
    query = _filtered(_people_query(period_id), only).order_by(*ORDERS[order]).limit(limit).offset(offset)
    if after_staff_code:
        query = query.where(Person.staff_code > after_staff_code)
    return [_as_person(row) for row in s.execute(query)]


def iter_people_scores(
    s: Session, *, period_id: str, only: PeopleFilter = PeopleFilter(), batch: int = 2000
) -> Iterator[ScoredPerson]:
    """All people of the filter by staff code, in batches, so that an export needs little memory."""
    after = ""
    while people := list_people_scores(s, period_id=period_id, only=only, after_staff_code=after, limit=batch):
        yield from people
        after = people[-1].staff_code


def count_people_scores(s: Session, *, period_id: str, only: PeopleFilter = PeopleFilter()) -> int:
    """How many people list_people_scores has in all."""
    query = _filtered(_people_query(period_id), only)
    return s.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def count_bands(s: Session, *, period_id: str, only: PeopleFilter = PeopleFilter()) -> dict[int, int]:
    """How many people are in each band; people without a score are in 0."""
    query = _filtered(_people_query(period_id), only).with_only_columns(
        STORED_BAND, func.count(), maintain_column_froms=True
    )
    return {number: count for number, count in s.execute(query.group_by(STORED_BAND))}


def find_scored_person(s: Session, *, period_id: str, staff_code: str) -> ScoredPerson | None:
    """One person by staff code, with the score of the period."""
    row = s.execute(_people_query(period_id).where(Person.staff_code == staff_code)).first()
    return None if row is None else _as_person(row)


def _people_query(period_id: str) -> Select[*tuple[Any, ...]]:
    """People with their units and scores, the columns in the order of ScoredPerson."""
    person = (getattr(Person, name) for name in PERSON_COLUMNS)
    return (
        select(
            *person,
            Unit.code,
            Unit.name,
            Unit.bloc,
            StoredScore.seq,
            STORED_COVERAGE,
            STORED_BAND,
            func.coalesce(StoredScore.points, 0.0),
            func.coalesce(StoredScore.max_points, 0.0),
            func.coalesce(StoredScore.rule_version, ""),
            StoredScore.updated_at,
            StoredScore.levels,
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(StoredScore, and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id))
    )


def _filtered(query: Select[*tuple[Any, ...]], only: PeopleFilter) -> Select[*tuple[Any, ...]]:
    if only.unit_ids is not None:
        query = query.where(Unit.id.in_(only.unit_ids))
    if only.bloc:
        query = query.where(Unit.bloc == only.bloc)
    if only.kind:
        query = query.where(Person.kind == only.kind)
    if only.department:
        query = query.where(Person.department == only.department)
    if only.is_leader is not None:
        query = query.where(Person.is_leader.is_(only.is_leader))
    if only.search.strip():
        query = query.where(_matches(only.search))
    for condition in _score_conditions(only):
        query = query.where(condition)
    return query


def _score_conditions(only: PeopleFilter) -> Iterator[ColumnElement[bool]]:
    if only.band is not None:
        yield STORED_BAND == only.band  # noqa: SIM300 - an SQL condition
    if only.competency:
        yield func.coalesce(StoredScore.levels[only.competency].as_integer(), 0) < only.below_level
    if only.progress is Progress.NOT_STARTED:
        yield STORED_COVERAGE <= 0
    elif only.progress is Progress.DONE:
        yield STORED_COVERAGE >= 1
    elif only.progress is Progress.IN_PROGRESS:
        yield and_(STORED_COVERAGE > 0, STORED_COVERAGE < 1)
    if only.updated_since is not None:
        yield StoredScore.updated_at >= only.updated_since


def _matches(search: str) -> ColumnElement[bool]:
    return or_(
        Person.name_folded.contains(search_form(search), autoescape=True),
        Person.staff_code.istartswith(search.strip(), autoescape=True),
    )


def _as_person(row: Row[*tuple[Any, ...]]) -> ScoredPerson:
    values: list[Any] = list(row)
    values[-1] = values[-1] or {}  # levels
    return ScoredPerson(*values)
