"""Results and evidence: best of, never lowered, never doubled."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hocvu.errors import HocvuError
from hocvu.records import ItemResult, evidence_of_people, find_attempt, list_evidence, results_of
from hocvu.results import Feedback, Result, Status

PERIOD = "2027"


def test_results_come_back_as_they_were_saved(office: Any) -> None:
    feedback = (Feedback("a", "Đúng rồi.", True), Feedback("b", "Xem lại.", None))
    saved = Result("1-1", 2.5, 4.0, Status.GRADED, "Phải", feedback, "Gần đúng")
    attempt = office.gets("Ada", saved)
    with office.records.reading() as s:
        assert results_of(s, attempt.id) == (saved,)


def test_the_best_attempt_is_the_evidence(office: Any, result: Any) -> None:
    office.gets("Ada", result("1-1", 1.0), result("1-2", 4.0), attempt_no=1)
    second = office.gets("Ada", result("1-1", 3.0), result("1-2", 0.0), attempt_no=2)
    assert office.evidence("Ada") == {"1-1": 0.75, "1-2": 1.0}
    with office.records.reading() as s:
        first_item = list_evidence(s, office.id("Ada"), PERIOD)[0]
    assert (first_item.attempt_id, first_item.points, first_item.achieved_at) == (second.id, 3.0, second.submitted_at)


def test_an_equal_later_attempt_leaves_the_earlier_one_as_evidence(office: Any, result: Any) -> None:
    first = office.gets("Ada", result("1-1", 3.0), attempt_no=1)
    office.gets("Ada", result("1-1", 3.0), attempt_no=2)
    with office.records.reading() as s:
        assert [row.attempt_id for row in list_evidence(s, office.id("Ada"), PERIOD)] == [first.id]


@pytest.mark.parametrize("status", [Status.BLANK, Status.UNREADABLE, Status.NEEDS_REVIEW, Status.NOT_CHECKED])
def test_what_was_not_graded_is_not_evidence(office: Any, result: Any, status: Status) -> None:
    office.gets("Ada", result("1-1", 0.0, status=status))
    assert office.evidence("Ada") == {}


@pytest.mark.parametrize("status", [Status.GRADED, Status.NEEDS_REVIEW])
def test_an_item_without_points_counts_as_done(office: Any, result: Any, status: Status) -> None:
    office.gets("Ada", result("1-7", 0.0, max_points=0.0, status=status))
    assert office.evidence("Ada") == {"1-7": 1.0}


def test_grading_the_same_attempt_again_changes_nothing(office: Any, result: Any) -> None:
    attempt = office.gets("Ada", result("1-1", 3.0), result("1-2", 1.0))
    graded_at = attempt_row(office, attempt.id).graded_at
    office.later(days=1)
    office.is_graded(attempt, result("1-1", 3.0), result("1-2", 1.0))
    with office.records.reading() as s:
        assert s.scalar(select(func.count()).select_from(ItemResult)) == 2
    assert attempt_row(office, attempt.id).graded_at == graded_at
    assert office.evidence("Ada") == {"1-1": 0.75, "1-2": 0.25}


def test_a_new_engine_rewrites_results_but_never_lowers_evidence(office: Any, result: Any) -> None:
    attempt = office.gets("Ada", result("1-1", 3.0), result("1-2", 1.0))
    office.later(days=1)
    office.is_graded(attempt, result("1-1", 1.0), result("1-2", 4.0), engine="2")
    assert office.evidence("Ada") == {"1-1": 0.75, "1-2": 1.0}
    with office.records.reading() as s:
        assert [row.points for row in results_of(s, attempt.id)] == [1.0, 4.0]
    row = attempt_row(office, attempt.id)
    assert (row.engine_version, row.graded_at) == ("2", office.now)


def test_an_item_that_nobody_registered_is_not_graded_into_the_record(office: Any, result: Any) -> None:
    attempt, _ = office.submits("Ada", {"9-9": "a"})
    with pytest.raises(HocvuError, match="register_items"):
        office.is_graded(attempt, result("1-1", 4.0), result("9-9", 4.0))
    assert office.evidence("Ada") == {}
    assert attempt_row(office, attempt.id).graded_at is None


def test_evidence_of_many_people_is_read_at_once(office: Any, result: Any) -> None:
    office.gets("Ada", result("1-1", 2.0))
    with office.records.reading() as s:
        found = evidence_of_people(s, PERIOD, [office.id("Ada"), office.id("Bình")])
    assert found == {office.id("Ada"): {"1-1": 0.5}, office.id("Bình"): {}}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([0.0, 1.0, 2.5, 4.0]), min_size=1, max_size=5), st.integers(0, 10**6))
def test_evidence_is_the_best_of_all_attempts_in_any_order(
    office: Any, result: Any, points: list[float], number: int
) -> None:
    name = f"Người {number} {len(office.people)}"
    office.hire(name, f"X{len(office.people)}")
    best = 0.0
    for attempt_no, earned in enumerate(points, 1):
        office.gets(name, result("1-1", earned), attempt_no=attempt_no)
        best = max(best, earned / 4)
        assert office.evidence(name) == {"1-1": best}


def attempt_row(office: Any, attempt_id: str) -> Any:
    with office.records.reading() as s:
        return find_attempt(s, attempt_id)
