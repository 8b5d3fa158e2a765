"""Results: everybody sees their own, and only their own; a fault of grading is never a zero."""

import uuid

import pytest

from hocvu.questions.choice import ChooseOne
from hocvu.records import find_score, person_evidence, ungraded_attempts
from tests.portal.world import EXERCISE, SUBMISSION, World


def break_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(ChooseOne, "grade", explode)


def test_somebody_elses_result_looks_like_one_that_does_not_exist(world: World) -> None:
    lan, hung = world.log_in("lan"), world.log_in("hung")
    own = lan.send(EXERCISE, {"1-2": "a", "viec": "nop"}).headers["location"]
    assert lan.get(own).status_code == 200
    foreign, missing = hung.get(own), hung.get(f"/ket-qua/{uuid.uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    strip = slice(foreign.text.index("<main"), foreign.text.index("</main>"))
    assert foreign.text[strip] == missing.text[strip]


def test_feedback_says_right_and_wrong_in_words(world: World) -> None:
    lan = world.log_in("lan")
    page = lan.get(lan.send(EXERCISE, {"1-2": "b", "viec": "nop"}).headers["location"]).text
    assert "Chưa đúng:" in page and "Trái là sai." in page and "Chưa trả lời." in page
    assert "Còn thiếu gì" in page and "Làm lại với dữ liệu mới" in page


def test_the_best_answer_counts_and_every_attempt_is_kept(world: World) -> None:
    lan = world.log_in("lan")
    for option in ("a", "b"):
        lan.send(EXERCISE, {"1-2": option, "viec": "nop"})
        world.later(minutes=1)
    page = lan.get("/ket-qua").text
    assert "4/16" in page and "0/16" in page
    assert "4/16 điểm" in lan.get("/").text
    assert "4/4" in lan.get("/nang-luc").text


def test_a_fault_of_grading_leaves_the_attempt_waiting_never_a_zero(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = world.log_in("lan")
    with monkeypatch.context() as broken:
        break_grading(broken)
        answer = lan.hand_in({"1-2": "a"})
        assert answer.status_code == 201 and answer.json()["points"] is None
        result = answer.json()["result_url"].removeprefix("http://portal.test")
        page = lan.get(result).text
        assert "đang chờ chấm lại" in page and answer.json()["receipt"]["id"] in page and "0/16" not in page
        with world.services.records.reading() as s:
            assert find_score(s, world.people["lan"], "2027") is None
            assert person_evidence(s, world.people["lan"], "2027") == {}
            assert len(ungraded_attempts(s)) == 1
    world.restart()
    assert "4/16 điểm" in world.log_in("lan").get(result).text


def test_a_process_killed_before_grading_finishes_the_work_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = world.log_in("lan")
    with monkeypatch.context() as killed:
        killed.setattr("hocvu.portal.submission.grade_attempt", lambda *_: False)
        receipt = lan.hand_in({"1-2": "a"}, key="key-number-1").json()["receipt"]
    world.restart()
    lan = world.log_in("lan")
    again = lan.api("POST", SUBMISSION, {}, Idempotency_Key="key-number-1").json()
    assert again["receipt"] == receipt and again["points"] == 4.0
    with world.services.records.reading() as s:
        assert not ungraded_attempts(s)
