"""What only module 5 has: bench and items agree on six components, nothing about a person may stay, its figures."""

import pytest

from hocvu.labs.request_bench import BENCH
from hocvu.labs.requests import BRIEFING, REPLY, draft
from hocvu.questions.judge import judge
from hocvu.questions.prompt import Prompt
from hocvu.questions.spans import Spans
from hocvu.questions.values import Context
from tests.course.misled import FLATTERY
from tests.course.modules import cells_of_lesson, item_of

SLUG = "05-ra-yeu-cau"
OPENING = BENCH.defaults["yeu_cau"]


def text() -> str:
    said = "\n".join("".join(cell["source"]) for cell in cells_of_lesson(SLUG))  # type: ignore[arg-type]
    return " ".join(said.split())


def measured(request: str) -> tuple[int, int, int]:
    """Return how many components a request has, how many places of its draft are spoiled, and the draft's words."""
    pieces = draft(BRIEFING, request)
    has = sum(rule.is_kept(request) for rule in BRIEFING.components.values())
    return has, sum(bool(piece.why) for piece in pieces), sum(len(piece.text.split()) for piece in pieces)


@pytest.mark.parametrize(("item_id", "task"), [("5-3", BRIEFING), ("5-6", REPLY)])
def test_items_grade_by_the_very_rules_that_the_bench_shows(item_id: str, task: object) -> None:
    question = item_of(SLUG, item_id).question
    assert isinstance(question, Prompt) and task in (BRIEFING, REPLY)
    wanted = (BRIEFING if item_id == "5-3" else REPLY).components
    assert question.rules == tuple(wanted.values()) and len(question.rules) == 6


def test_the_figures_of_the_lesson_are_measured() -> None:
    assert measured(OPENING) == (0, 6, 150)
    assert "có 0/6 thành phần: nháp dài 150 chữ, hỏng 6 chỗ" in text()
    assert measured(BRIEFING.model) == (6, 0, 83)
    assert "đủ 6/6 cho nháp 83 chữ, không hỏng chỗ nào" in text()


def test_flattery_and_threats_mend_nothing() -> None:
    assert measured(f"{OPENING} {FLATTERY}") == measured(OPENING)
    assert "yêu cầu vẫn 0/6 và nháp vẫn hỏng 6 chỗ" in text()


def test_without_the_mark_one_place_is_made_up() -> None:
    request = " ".join(hint for part, hint in BRIEFING.hints.items() if part != "danh_dau")
    assert measured(request)[:2] == (5, 1)
    assert "từ ngày 20" in next(piece.text for piece in draft(BRIEFING, request) if piece.why)
    assert "nháp chỉ hỏng 1 chỗ: “đèn tắt từ ngày 20”" in text()


def test_a_request_with_a_telephone_number_loses_the_constraint_only() -> None:
    item = item_of(SLUG, "5-3")
    result = judge(item.question, item.key, f"{BRIEFING.model} Gọi 0900000123.", item.max_points, Context())
    assert result.points == 10
    assert [line.label for line in result.feedback if not line.right] == [BRIEFING.components["do_dai"].name]


def test_item_4_gives_all_points_only_when_nothing_about_a_person_stays() -> None:
    item = item_of(SLUG, "5-4")
    assert isinstance(item.question, Spans)
    wanted = list(item.question.samples(item.key, Context()).reference)  # type: ignore[call-overload]
    everything = [list(piece) for piece in item.question.pieces]

    def points(raw: object) -> float:
        return judge(item.question, item.key, raw, 8, Context()).points

    assert points(wanted) == 8 and len(wanted) == 5
    assert all(points([one for one in wanted if one != left]) < 8 for left in wanted)
    assert all(points([*wanted, extra]) < 8 for extra in everything if extra not in wanted and extra[0] > 0)
    assert points(everything) < 5.5
