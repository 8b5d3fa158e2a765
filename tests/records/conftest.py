"""The words that tests of the store tell their stories in: an office with two people and one assignment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hocvu.records import (
    Attempt,
    ItemRow,
    Person,
    Records,
    add_person,
    add_unit,
    ensure_period,
    find_attempt,
    open_draft,
    open_records,
    person_evidence,
    register_items,
    save_draft,
    save_results,
    store_attempt,
)
from hocvu.results import Result, Status

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PERIOD = "2027"
SLUG = "01-thu"
VERSION = "0123456789ab"


def graded(item_id: str, points: float, max_points: float = 4.0, status: Status = Status.GRADED) -> Result:
    return Result(item_id, points, max_points, status, shown="Trả lời")


@dataclass
class Office:
    """A unit with Ada and Bình, and an assignment of the items 1-1, 1-2 (4 points each) and 1-7 (completion)."""

    records: Records
    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    unit_id: int = 0

    def __post_init__(self) -> None:
        with self.records.session() as s:
            self.unit_id = add_unit(s, "P01", "Phường Bình Minh", "Phường").id
            ensure_period(s, PERIOD, date(2026, 11, 16), date(2027, 11, 15))
            register_items(s, ITEMS, now=self.now, period_id=PERIOD)
        self.hire("Ada", "CB1")
        self.hire("Bình", "CB2")

    def hire(self, name: str, staff_code: str, **about: Any) -> Person:
        with self.records.session() as s:
            person = add_person(s, staff_code=staff_code, name=name, **{"unit_id": self.unit_id, **about})
        self.people[name] = person
        return person

    def id(self, name: str) -> str:
        return self.people[name].id

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def answers(self, name: str, answers: Mapping[str, Any], **options: Any) -> Any:
        """The draft after the person has opened it and answered."""
        with self.records.session() as s:
            open_draft(s, self.id(name), SLUG, make_seed=lambda attempt_no: attempt_no * 7, now=self.now, **options)
            return save_draft(s, self.id(name), SLUG, answers, self.now)

    def submits(
        self, name: str, answers: Mapping[str, Any], key: str = "", attempt_no: int = 1, seed: int = 7
    ) -> tuple[Attempt, bool]:
        with self.records.session() as s:
            return store_attempt(
                s,
                self.id(name),
                PERIOD,
                SLUG,
                VERSION,
                answers,
                seed,
                attempt_no,
                key or f"key-{attempt_no}-{sorted(answers.items())}",
                self.now,
            )

    def gets(self, name: str, *results: Result, attempt_no: int = 1, engine: str = "1") -> Attempt:
        """The person's attempt after it was stored and graded with these results."""
        attempt, _ = self.submits(name, {"no": attempt_no}, attempt_no=attempt_no, seed=attempt_no * 7)
        self.is_graded(attempt, *results, engine=engine)
        return attempt

    def is_graded(self, attempt: Attempt, *results: Result, engine: str = "1") -> None:
        with self.records.session() as s:
            stored = find_attempt(s, attempt.id)
            assert stored is not None
            save_results(s, stored, results, engine, self.now)

    def evidence(self, name: str) -> dict[str, float]:
        with self.records.reading() as s:
            return person_evidence(s, self.id(name), PERIOD)


ITEMS = [
    ItemRow(SLUG, VERSION, "1-1", "1", "MC1", "NL1", 1, 4.0, "Một"),
    ItemRow(SLUG, VERSION, "1-2", "1", "MC1", "NL1", 1, 4.0, "Hai"),
    ItemRow(SLUG, VERSION, "1-7", "1", "TXT", "NL2", 1, 0.0, "Bảy"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    return str(request.getfixturevalue("postgresql").new_database())


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    records = open_records(url)
    yield records
    records.close()


@pytest.fixture
def office(records: Records) -> Office:
    return Office(records)


@pytest.fixture
def result() -> Any:
    """graded(item_id, points): importlib mode has no imports between test files, so words come as fixtures."""
    return graded
