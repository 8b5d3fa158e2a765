"""The request bench of module 5: each part that is missing spoils the draft at its own place, and only there."""

import pytest

from hocvu.labs.request_bench import BENCH
from hocvu.labs.requests import TASKS, Task, draft, kept_parts
from hocvu.questions.prompt import Rule

EVERY_TASK = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())


def without(rule: Rule, request: str) -> str:
    """Return the request with every word that would keep the rule taken out."""
    for phrase in sorted(rule.any_of, key=len, reverse=True):
        place = request.lower().find(phrase.lower())
        while place >= 0:
            request = request[:place] + request[place + len(phrase) :]
            place = request.lower().find(phrase.lower())
    return request


@EVERY_TASK
def test_the_model_request_has_every_part_and_its_draft_is_sound(task: Task) -> None:
    assert all(kept_parts(task, task.model).values())
    assert not [piece for piece in draft(task, task.model) if piece.why]


@EVERY_TASK
def test_an_empty_wish_spoils_every_place(task: Task) -> None:
    spoiled = [piece for piece in draft(task, "giúp tôi với nhé") if piece.why]
    assert len(spoiled) == len({piece.needs for piece in task.pieces})


@EVERY_TASK
def test_each_missing_part_spoils_its_own_place_only(task: Task) -> None:
    for part in {piece.needs for piece in task.pieces}:
        request = without(task.rules[part], task.model)
        lost = {one for one, has in kept_parts(task, request).items() if not has}
        assert part in lost
        wrong = {piece.needs for piece in task.pieces if piece.spoiled and piece.needs in lost}
        whys = [piece.why for piece in draft(task, request) if piece.why]
        assert len(whys) == len(wrong)


@EVERY_TASK
def test_personal_data_is_noticed(task: Task) -> None:
    assert not kept_parts(task, task.model + " Gọi 0900000123.")["an_toan"]
    assert not kept_parts(task, task.model + " CCCD 000123456789.")["an_toan"]


def test_the_briefing_of_a_good_request_keeps_to_120_words() -> None:
    task = TASKS["giao_ban"]
    assert sum(len(piece.text.split()) for piece in draft(task, task.model)) <= 120


def test_markup_in_a_request_stays_text() -> None:
    drawn = BENCH.outcome({"viec": "giao_ban", "yeu_cau": "<script>alert(1)</script>"}, 1)
    assert "<script" not in drawn


def test_the_bench_says_that_the_assistant_is_no_ai() -> None:
    assert "không phải AI thật" in BENCH.outcome(BENCH.defaults, 1)


@EVERY_TASK
def test_each_hint_adds_the_component_it_is_for(task: Task) -> None:
    assert set(task.hints) == set(task.components) and len(task.components) == 6
    for part, hint in task.hints.items():
        assert task.components[part].is_kept(hint), hint


def test_the_bench_offers_a_sentence_for_what_is_missing_and_warns_of_personal_data() -> None:
    shown = BENCH.outcome({"viec": "tra_loi", "yeu_cau": "Gọi cho tôi theo số 0900000123"}, 1)
    assert shown.count("Thêm một câu như") == 6
    assert "Anh/chị xóa đi" in shown
    assert "Anh/chị xóa đi" not in BENCH.outcome(BENCH.defaults, 1)


def test_a_length_beside_a_telephone_number_is_not_asked_for_again() -> None:
    shown = BENCH.outcome({"viec": "giao_ban", "yeu_cau": "Không quá 120 chữ. Gọi 0900000123"}, 1)
    assert "Xóa dữ liệu cá nhân." in shown and shown.count("Thêm một câu như") == 5
