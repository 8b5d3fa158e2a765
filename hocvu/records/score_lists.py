"""Lists of people with their scores: for other systems by seq, for the HR table by staff code or page."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from hocvu.records.roster import has_left
from hocvu.records.tables import Person, StoredScore, Unit
from hocvu.records.tables_year import Appeal
from hocvu.vietnamese import search_form


class Progress(StrEnum):
    """How far a person is: nothing attempted, something, all published graded items attempted."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True)
class RoleFloor:
    """People of these positions need these levels. leaders: None = whether they lead does not matter."""

    positions: tuple[str, ...]
    leaders: bool | None
    floors: tuple[tuple[str, int], ...]  # competency, level


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
    has_appeal: bool = False
    appeal_waits: bool | None = None  # with has_appeal: one still waits for its answer, or none does
    meets_role: bool | None = None
    roles: tuple[RoleFloor, ...] = ()  # with meets_role: what positions ask for
    band_from: datetime | None = None  # when the band was reached, both ends included
    band_to: datetime | None = None
    search: str = ""  # part of a name (diacritics do not matter) or the start of a staff code
    updated_since: datetime | None = None
    here_on: date | None = None  # who had not left before that day
    gone_on: date | None = None  # who had left before that day


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
    band_since: datetime | None
    levels: dict[str, int]

    @property
    def progress(self) -> Progress:
        if self.coverage <= 0:
            return Progress.NOT_STARTED
        return Progress.DONE if self.coverage >= 1 else Progress.IN_PROGRESS


PERSON_COLUMNS = ("id", "staff_code", "name", "kind", "position", "department", "is_leader", "unit_id")
STORED_COVERAGE = func.coalesce(StoredScore.coverage, 0.0)  # without a score row everything is zero
STORED_BAND = func.coalesce(StoredScore.band, 0)

ORDERS: dict[str, Any] = {
    "staff_code": Person.staff_code,
    "name": Person.name_folded,
    "kind": Person.kind,
    "position": Person.position,
    "unit": Unit.code,
    "department": Person.department,
    "band": STORED_BAND,
    "coverage": STORED_COVERAGE,
    "points": func.coalesce(StoredScore.points, 0.0),
    "max_points": func.coalesce(StoredScore.max_points, 0.0),
    "conversion": STORED_BAND + STORED_COVERAGE / 2,  # by band, without one by coverage: as the rule converts
    "rule_version": func.coalesce(StoredScore.rule_version, ""),
    "band_since": StoredScore.band_since,
    "updated_at": StoredScore.updated_at,
}


@dataclass(frozen=True)
class Order:
    """By what a list is sorted: a key of ORDERS or a competency's code; ties by staff code."""

    key: str = "staff_code"
    descending: bool = False

    def columns(self) -> tuple[Any, ...]:
        by = ORDERS[self.key] if self.key in ORDERS else _level(self.key)
        first = by.desc() if self.descending else by.asc()
        return (first,) if self.key == "staff_code" else (first, Person.staff_code)


def _level(competency: str) -> ColumnElement[int]:
    return func.coalesce(StoredScore.levels[competency].as_integer(), 0)


def list_people_scores(
    s: Session,
    *,
    period_id: str,
    only: PeopleFilter = PeopleFilter(),
    order: Order = Order(),
    limit: int = 50,
    offset: int = 0,
) -> list[ScoredPerson]:
    """People with or without a score, one page of them."""
    query = _filtered(_people_query(period_id), only, period_id).order_by(*order.columns())
    return [_as_person(row) for row in s.execute(query.limit(limit).offset(offset))]


def iter_people_scores(
    s: Session,
    *,
    period_id: str,
    only: PeopleFilter = PeopleFilter(),
    order: Order = Order(),
    batch: int = 2000,
) -> Iterator[list[ScoredPerson]]:
    """All people of the filter in batches, from one reading of the table: an export needs little memory."""
    query = _filtered(_people_query(period_id), only, period_id).order_by(*order.columns())
    for rows in s.execute(query.execution_options(yield_per=batch)).partitions():
        yield [_as_person(row) for row in rows]


def count_bands(s: Session, *, period_id: str, only: PeopleFilter = PeopleFilter()) -> dict[int, int]:
    """How many people are in each band; people without a score are in 0. Their sum is how many people there are."""
    if replace(only, here_on=None) == PeopleFilter():
        return _count_all_bands(s, period_id, only.here_on)
    query = select(STORED_BAND, func.count()).select_from(Person).outerjoin(StoredScore, _own_score(period_id))
    if only.bloc:
        query = query.join(Unit, Unit.id == Person.unit_id)
    query = _filtered(query, only, period_id)
    return {number: count for number, count in s.execute(query.group_by(STORED_BAND))}


def _count_all_bands(s: Session, period_id: str, here_on: date | None) -> dict[int, int]:
    """The same for everybody, without joining everybody to their score; who had left is counted by itself."""
    query = select(StoredScore.band, func.count()).where(StoredScore.period_id == period_id)
    bands = {number: count for number, count in s.execute(query.group_by(StoredScore.band))}
    people = s.scalar(select(func.count()).select_from(Person)) or 0
    without = people - sum(bands.values())
    bands = {**bands, 0: bands.get(0, 0) + without} if without else bands
    gone = count_bands(s, period_id=period_id, only=PeopleFilter(gone_on=here_on)) if here_on else {}
    left = {number: count - gone.get(number, 0) for number, count in bands.items()}
    return {number: count for number, count in left.items() if count}


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
            StoredScore.band_since,
            StoredScore.levels,
        )
        .select_from(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(StoredScore, _own_score(period_id))
    )


def _own_score(period_id: str) -> ColumnElement[bool]:
    return and_(StoredScore.person_id == Person.id, StoredScore.period_id == period_id)


def _filtered(query: Select[*tuple[Any, ...]], only: PeopleFilter, period_id: str) -> Select[*tuple[Any, ...]]:
    for condition in (*_person_conditions(only, period_id), *_score_conditions(only)):
        query = query.where(condition)
    return query


def _person_conditions(only: PeopleFilter, period_id: str) -> Iterator[ColumnElement[bool]]:
    if only.unit_ids is not None:
        yield Person.unit_id.in_(only.unit_ids)
    if only.bloc:
        yield Unit.bloc == only.bloc
    if only.kind:
        yield Person.kind == only.kind
    if only.department:
        yield Person.department == only.department
    if only.is_leader is not None:
        yield Person.is_leader.is_(only.is_leader)
    if only.has_appeal:
        sent = select(Appeal.id).where(Appeal.person_id == Person.id, Appeal.period_id == period_id)
        yield sent.exists()
        if only.appeal_waits is not None:
            waits = sent.where(Appeal.answered_at.is_(None)).exists()
            yield waits if only.appeal_waits else ~waits
    if only.here_on is not None:
        yield ~has_left(only.here_on)
    if only.gone_on is not None:
        yield has_left(only.gone_on)
    if only.search.strip():
        yield _matches(only.search)


def _score_conditions(only: PeopleFilter) -> Iterator[ColumnElement[bool]]:
    if only.band is not None:
        yield STORED_BAND == only.band  # noqa: SIM300 - an SQL condition
    if only.competency:
        yield _level(only.competency) < only.below_level
    if only.progress is Progress.NOT_STARTED:
        yield STORED_COVERAGE <= 0
    elif only.progress is Progress.DONE:
        yield STORED_COVERAGE >= 1
    elif only.progress is Progress.IN_PROGRESS:
        yield and_(STORED_COVERAGE > 0, STORED_COVERAGE < 1)
    if only.updated_since is not None:
        yield StoredScore.updated_at >= only.updated_since
    if only.band_from is not None:
        yield StoredScore.band_since >= only.band_from
    if only.band_to is not None:
        yield StoredScore.band_since < only.band_to
    if only.meets_role is not None:
        yield or_(false(), *(_role_condition(role, only.meets_role) for role in only.roles))


def _role_condition(role: RoleFloor, meets: bool) -> ColumnElement[bool]:
    """People of the role who have its levels, or who lack one of them."""
    enough = and_(true(), *(_level(code) >= level for code, level in role.floors))
    people = [] if role.leaders is None else [Person.is_leader.is_(role.leaders)]
    if role.positions:
        people.append(Person.position.in_(role.positions))
    return and_(true(), *people, enough if meets else ~enough)


def _matches(search: str) -> ColumnElement[bool]:
    return or_(
        Person.name_folded.contains(search_form(search), autoescape=True),
        Person.staff_code.istartswith(search.strip(), autoescape=True),
    )


def _as_person(row: Row[*tuple[Any, ...]]) -> ScoredPerson:
    values: list[Any] = list(row)
    values[-1] = values[-1] or {}  # levels
    return ScoredPerson(*values)
