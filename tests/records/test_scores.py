"""Scores and their lists: seqs that only grow, and the HR table's filters."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hocvu.records import (
    FeedScore,
    Order,
    PeopleFilter,
    Progress,
    RoleFloor,
    add_unit,
    count_bands,
    find_attempt,
    find_score,
    find_scored_person,
    iter_people_scores,
    last_seq,
    list_people_scores,
    person_evidence,
    read_feed,
    save_results,
    save_score,
    save_scores,
    unit_and_children,
)
from hocvu.scores import Score

PERIOD = "2027"
LATER = datetime(2026, 11, 25, tzinfo=UTC)  # after the first day of the stories, before the second
HALF = Score(0.5, {"NL1": 1, "NL2": 0}, 0, 20.0, 44.0, "2027.1")
DONE = Score(1.0, {"NL1": 2, "NL2": 1}, 2, 44.0, 44.0, "2027.1")


def scores(office: Any, name: str, score: Score) -> bool:
    with office.records.session() as s:
        return save_score(s, office.id(name), PERIOD, score, office.now)


def names(office: Any, **options: Any) -> list[str]:
    with office.records.reading() as s:
        return [person.name for person in list_people_scores(s, period_id=PERIOD, only=PeopleFilter(**options))]


def listed(office: Any, **options: Any) -> list[tuple[str, int | None]]:
    with office.records.reading() as s:
        return [(one.name, one.seq) for one in read_feed(s, period_id=PERIOD, **options) if isinstance(one, FeedScore)]


def test_a_score_gets_a_new_seq_only_when_its_content_changes(office: Any) -> None:
    assert scores(office, "Ada", HALF)
    office.later(days=1)
    assert not scores(office, "Ada", replace(HALF, messages=("chỉ là lời giải thích",)))
    with office.records.reading() as s:
        first = find_score(s, office.id("Ada"), PERIOD)
        assert (first.seq, last_seq(s)) == (1, 1)
    assert scores(office, "Ada", DONE)
    with office.records.reading() as s:
        second = find_score(s, office.id("Ada"), PERIOD)
    assert (second.seq, second.updated_at, second.levels) == (2, office.now, {"NL1": 2, "NL2": 1})


def test_a_reader_goes_on_from_the_last_seq_and_meets_changed_people_again(office: Any) -> None:
    scores(office, "Ada", HALF)
    scores(office, "Bình", HALF)
    assert listed(office, limit=1) == [("Ada", 1)]
    assert listed(office, after_seq=1) == [("Bình", 2)]
    scores(office, "Ada", DONE)
    assert listed(office, after_seq=2) == [("Ada", 3)]
    assert listed(office) == [("Bình", 2), ("Ada", 3)]


def test_seqs_of_many_graders_at_once_are_unique_and_without_gaps(office: Any) -> None:
    for number in range(12):
        office.hire(f"Người {number}", f"N{number:02d}")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: scores(office, f"Người {number}", HALF), range(12)))
    assert [seq for _, seq in listed(office)] == list(range(1, 13))


def test_a_score_saved_with_its_results_misses_no_evidence_of_another_grading(office: Any, result: Any) -> None:
    def grade(item_id: str) -> None:
        attempt, _ = office.submits("Ada", {item_id: "a"}, key=item_id)
        with office.records.session() as s:
            save_results(s, find_attempt(s, attempt.id), [result(item_id, 4.0)], "1", office.now)
            points = 4 * sum(person_evidence(s, office.id("Ada"), PERIOD).values())
            save_score(s, office.id("Ada"), PERIOD, replace(HALF, points=points), office.now)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(grade, ["1-1", "1-2"]))
    with office.records.reading() as s:
        assert find_score(s, office.id("Ada"), PERIOD).points == 8.0


def test_saving_many_counts_only_changes(office: Any) -> None:
    scores(office, "Ada", HALF)
    with office.records.session() as s:
        changed = save_scores(s, PERIOD, {office.id("Ada"): HALF, office.id("Bình"): HALF}, office.now)
    assert changed == 1
    assert listed(office) == [("Ada", 1), ("Bình", 2)]


def test_scores_of_another_period_are_not_listed(office: Any) -> None:
    scores(office, "Ada", HALF)
    with office.records.reading() as s:
        assert read_feed(s, period_id="2028") == []
        assert find_scored_person(s, period_id="2028", staff_code="CB1").seq is None
        assert find_scored_person(s, period_id=PERIOD, staff_code="CB1").coverage == 0.5
        assert find_scored_person(s, period_id=PERIOD, staff_code="XX") is None


def test_people_without_a_score_are_in_the_table_too(office: Any) -> None:
    scores(office, "Ada", HALF)
    assert names(office) == ["Ada", "Bình"]
    with office.records.reading() as s:
        binh = list_people_scores(s, period_id=PERIOD, only=PeopleFilter(search="binh"))[0]
    assert (binh.seq, binh.coverage, binh.band, binh.levels) == (None, 0.0, 0, {})
    assert binh.unit_name == "Phường Bình Minh"
    assert binh.progress is Progress.NOT_STARTED


@pytest.fixture
def filled(office: Any) -> Any:
    """Ada is half way, Bình is done, Đào (công chức of a sub-unit, leader) has not started."""
    with office.records.session() as s:
        below = add_unit(s, "P01-1", "Tổ một cửa", "Phường", parent_id=office.unit_id)
        other = add_unit(s, "S01", "Sở Mẫu", "Sở")
    office.hire("Nguyễn Thị Đào", "CB3", unit_id=below.id, is_leader=True, department="Một cửa")
    office.hire("Trần Ất", "CB4", unit_id=other.id, kind="viên chức")
    scores(office, "Ada", HALF)
    office.later(days=1)
    scores(office, "Bình", DONE)
    return office


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ({"progress": Progress.NOT_STARTED}, ["Nguyễn Thị Đào", "Trần Ất"]),
        ({"progress": Progress.IN_PROGRESS}, ["Ada"]),
        ({"progress": Progress.DONE}, ["Bình"]),
        ({"band": 2}, ["Bình"]),
        ({"band": 0}, ["Ada", "Nguyễn Thị Đào", "Trần Ất"]),
        ({"competency": "NL1", "below_level": 2}, ["Ada", "Nguyễn Thị Đào", "Trần Ất"]),
        ({"competency": "NL2", "below_level": 1}, ["Ada", "Nguyễn Thị Đào", "Trần Ất"]),
        ({"bloc": "Sở"}, ["Trần Ất"]),
        ({"kind": "viên chức"}, ["Trần Ất"]),
        ({"is_leader": True}, ["Nguyễn Thị Đào"]),
        ({"department": "Một cửa"}, ["Nguyễn Thị Đào"]),
        ({"band_from": LATER}, ["Bình"]),
        ({"band_to": LATER}, []),
        ({"has_appeal": True}, []),
        ({"meets_role": True, "roles": (RoleFloor(("",), None, (("NL1", 1),)),)}, ["Ada", "Bình"]),
        ({"meets_role": False, "roles": (RoleFloor((), True, (("NL1", 1),)),)}, ["Nguyễn Thị Đào"]),
        ({"meets_role": False}, []),
        ({"search": "thi dao"}, ["Nguyễn Thị Đào"]),
        ({"search": "THỊ  ĐÀO"}, ["Nguyễn Thị Đào"]),
        ({"search": "cb4"}, ["Trần Ất"]),
        ({"search": "%"}, []),
        ({"unit_ids": []}, []),
    ],
)
def test_the_table_can_be_narrowed(filled: Any, only: dict[str, Any], expected: list[str]) -> None:
    assert names(filled, **only) == expected
    with filled.records.reading() as s:
        assert sum(count_bands(s, period_id=PERIOD, only=PeopleFilter(**only)).values()) == len(expected)


def test_a_unit_means_the_unit_and_what_is_below_it(filled: Any) -> None:
    with filled.records.reading() as s:
        ids = unit_and_children(s, filled.unit_id)
    assert names(filled, unit_ids=ids) == ["Ada", "Bình", "Nguyễn Thị Đào"]


def test_score_lists_can_be_narrowed_too(filled: Any) -> None:
    assert listed(filled, updated_since=filled.now) == [("Bình", 2)]
    assert listed(filled, unit_ids={filled.unit_id}) == [("Ada", 1), ("Bình", 2)]
    assert listed(filled, unit_ids=[]) == []


def test_the_day_of_a_band_is_the_day_it_rose(office: Any) -> None:
    scores(office, "Ada", HALF)
    with office.records.reading() as s:
        assert find_score(s, office.id("Ada"), PERIOD).band_since is None
    office.later(days=1)
    reached = office.now
    scores(office, "Ada", DONE)
    office.later(days=1)
    scores(office, "Ada", replace(DONE, points=43.0))
    with office.records.reading() as s:
        assert find_score(s, office.id("Ada"), PERIOD).band_since == reached


def test_pages_and_batches_give_everybody_once(filled: Any) -> None:
    everybody = ["Ada", "Bình", "Nguyễn Thị Đào", "Trần Ất"]
    with filled.records.reading() as s:
        pages = [list_people_scores(s, period_id=PERIOD, limit=3, offset=offset) for offset in (0, 3)]
        assert [person.name for page in pages for person in page] == everybody
        assert [
            person.name for people in iter_people_scores(s, period_id=PERIOD, batch=3) for person in people
        ] == everybody
        by_band = list_people_scores(s, period_id=PERIOD, order=Order("band", descending=True))
    assert by_band[0].name == "Bình"


def test_bands_are_counted_with_those_who_have_none(filled: Any) -> None:
    with filled.records.reading() as s:
        assert count_bands(s, period_id=PERIOD) == {0: 3, 2: 1}
