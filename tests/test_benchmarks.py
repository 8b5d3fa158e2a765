"""What the benchmarks measure is real: their learners earn what they should, their city is a store like any other."""

import random
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.city import NOW, build_city
from benchmarks.city_evidence import write_evidence
from benchmarks.code_course import POOLS, make_answers, make_source
from benchmarks.parts import Bars
from benchmarks.parts_picture import draw, table
from hocvu.codegrading import PRELOAD
from hocvu.course import read_course
from hocvu.ledger.rescore import rescore_period
from hocvu.records import Person, find_score, list_items, open_records, person_evidence
from hocvu.scoring import score_person
from hocvu.settings import Settings
from tests.codegrading.notebooks import handed_in
from tests.codegrading.story import Classroom, test_points

MAX_POINTS = 19.0
PEOPLE = 300


@pytest.fixture(scope="module")
def room() -> Iterator[Classroom]:
    with Classroom(PRELOAD) as room:
        yield room


def points(room: Classroom, answers: dict[str, str]) -> float:
    graded = room.grade(make_source(), handed_in(make_source(), answers))
    assert not graded.reason, graded.reason
    return sum(earned or 0.0 for earned in test_points(graded).values())


def test_right_answers_earn_everything_and_each_other_answer_less(room: Classroom) -> None:
    right = {grade_id: str(pool[0]) for grade_id, pool in POOLS.items()}
    assert points(room, right) == MAX_POINTS
    for grade_id, (_, _, wrong, _) in POOLS.items():
        assert points(room, right | {grade_id: str(wrong)}) < MAX_POINTS, grade_id


def test_a_class_has_good_middling_and_weak_work(room: Classroom) -> None:
    earned = [points(room, make_answers(random.Random(number))) for number in range(6)]
    assert max(earned) == MAX_POINTS and min(earned) < 8 and len(set(earned)) > 3


def test_a_city_written_in_bulk_scores_as_person_by_person(root: Path, tmp_path: Path) -> None:
    settings, course = Settings(root=root, var=tmp_path), read_course(root)
    build_city(settings, PEOPLE)
    records = open_records(settings.database)
    with records.reading() as s:
        ids = list(s.scalars(select(Person.id).where(Person.login.is_(None))))
    assert write_evidence(records, tmp_path / "hocvu.db", course, ids, NOW) > 50 * PEOPLE
    period = course.period.code
    done = rescore_period(records, period, course.rule, "test", lambda: NOW, lambda *_: None)
    assert done.changed == PEOPLE
    with records.reading() as s:
        for person_id in ids[:50]:
            stored, evidence = find_score(s, person_id, period), person_evidence(s, person_id, period)
            score = score_person(evidence, list_items(s, period), course.rule)
            assert stored is not None and (stored.levels, stored.points) == (dict(score.levels), score.points)
    records.close()


def test_the_picture_and_the_table_say_the_same() -> None:
    panels = [Bars("Đọc & chấm", {"reading": 0.5, "grading <fast>": 1.25}), Bars("Code", {"cells": 123.4})]
    picture, rows = draw(panels, "Measured today"), table(panels)
    texts = [node.text for node in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    for words in ("0.50 ms", "1.25 ms", "123 ms", "reading", "grading <fast>"):
        assert words in texts and words in rows
    assert "71%" in rows and "29%" in rows
