"""An exercise without points (the start-up): right and wrong are told, nothing is counted anywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hocvu.portal.progress import person_score
from tests.portal.world import HIDDEN, World
from tests.story import Course

START_UP = "02-sau"
CHOICE = 'q = choose_one("2-1", "Chọn đáp án đúng.", competency="NL1", level=1, a="Sai", b="Đúng")\nq' + HIDDEN.format(
    'q.key("b", feedback={"a": "Vì sao chưa phải.", "b": "Vì sao phải."})'
)
WORDS = 'q = blanks("2-2", "Viết vài chữ.", competency="NL1", level=1, mong="Mong")\nq' + HIDDEN.format("q.key(None)")
PAGE = f"/bai-tap/{START_UP}"


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    """The usual small city, with a second module whose items carry no points."""
    with World(tmp_path, root) as world:
        course = world.root / "course/course.toml"
        text = course.read_text(encoding="utf-8")
        course.write_text(text.replace('"Chưa mở."', '"Làm quen."\npublished = true'), encoding="utf-8")
        with Course(world.root, START_UP) as start_up:
            start_up.markdown("# Làm quen").question("2-1", CHOICE, 0.0).question("2-2", WORDS, 0.0)
            assert start_up.source.is_file()
        world.restart()
        yield world


def result_of(world: World, **fields: str) -> str:
    lan = world.log_in("lan")
    sent = lan.send(PAGE, {**{name.replace("_", "-"): text for name, text in fields.items()}, "viec": "nop"})
    assert sent.status_code == 303, sent.text
    return lan.get(sent.headers["location"]).text


def test_a_wrong_answer_is_told_with_its_reason_and_without_points(world: World) -> None:
    page = result_of(world, **{"2-1": "a"})
    assert "không tính điểm" in page and "chưa đúng hết" in page and "Vì sao chưa phải." in page
    assert "0/0" not in page and "Năng lực đến lúc này" not in page


def test_a_right_answer_is_told_too(world: World) -> None:
    page = result_of(world, **{"2-1": "b"})
    assert "✔ đúng" in page and "Vì sao phải." in page


def test_nothing_of_it_enters_coverage_levels_or_points(world: World) -> None:
    def score() -> object:
        with world.services.records.reading() as s:
            return person_score(s, world.services, world.people["lan"])

    before = score()
    result_of(world, **{"2-1": "b", "2-2.mong": "một việc nhỏ"})
    assert score() == before


def test_the_course_page_and_the_list_of_attempts_show_no_points(world: World) -> None:
    result_of(world, **{"2-1": "a"})
    lan = world.log_in("lan")
    assert "không tính điểm" in lan.get("/").text and "không tính điểm" in lan.get("/ket-qua").text
