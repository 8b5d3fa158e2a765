"""Several windows on one draft: the last save wins, nobody's answer is lost, an attempt handed in stays handed in."""

import json
from typing import Any

import pytest
from httpx import Response

from hocvu.records import find_attempt, find_draft, list_attempts
from hocvu.records.draft_windows import MAX_KEPT
from tests.portal.world import DRAFT, EXERCISE, SLUG, SUBMISSION, Browser, World, assert_error_shape, hidden_fields


class Tab:
    """A window on the exercise: it remembers the revisions it has seen, as the page's script does."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.browser, self.name = browser, name
        draft = browser.get(DRAFT).json()
        self.seen, self.attempt = dict(draft["revisions"]), draft["attempt"]

    def put(self, answers: dict[str, Any], **more: Any) -> Response:
        base = {item: self.seen.get(item, 0) for item in answers}
        body = {"answers": answers, "base": base, "page": self.name, "attempt": self.attempt, **more}
        answer = self.browser.api("PUT", DRAFT, body)
        if answer.status_code == 200:
            self.seen |= answer.json()["revisions"]
        return answer


def history_of(world: World, login: str) -> list[dict[str, Any]]:
    with world.services.records.reading() as s:
        draft = find_draft(s, world.people[login], SLUG)
        return list((draft.history if draft else None) or [])


def test_one_window_alone_never_overwrites(world: World) -> None:
    tab = Tab(world.log_in("lan"), "one")
    for answer in ("a", "b", None, "a"):
        assert tab.put({"1-2": answer}).json()["overwrite"] == {}
    assert tab.seen["1-2"] == 4 and history_of(world, "lan") == []


def test_the_last_save_wins_and_the_other_windows_answer_is_kept(world: World) -> None:
    lan = world.log_in("lan")
    one, two = Tab(lan, "one"), Tab(lan, "two")
    one.put({"1-2": "a", "1-4": "3"})
    world.later(minutes=5)
    answer = two.put({"1-2": "b", "1-4": "3"}).json()
    assert answer["overwrite"] == {"1-2": {"answer": "a", "saved_at": "2026-12-01T02:00:00Z"}}
    assert lan.get(DRAFT).json()["answers"] == {"1-2": "b", "1-4": "3"}
    assert [(one["item"], one["answer"]) for one in history_of(world, "lan")] == [("1-2", "a")]
    assert two.put({"1-2": "a"}).json()["overwrite"] == {}


def test_different_questions_do_not_meet(world: World) -> None:
    lan = world.log_in("lan")
    one, two = Tab(lan, "one"), Tab(lan, "two")
    one.put({"1-2": "a"})
    assert two.put({"1-4": "3"}).json()["overwrite"] == {}
    assert one.put({"1-2": "b"}).json()["overwrite"] == {}


def test_a_deleted_answer_is_kept_too(world: World) -> None:
    lan = world.log_in("lan")
    Tab(lan, "zero").put({"1-2": "a"})
    one, two = Tab(lan, "one"), Tab(lan, "two")
    one.put({"1-2": None})
    answer = two.put({"1-2": "b"}).json()
    assert answer["overwrite"]["1-2"]["answer"] is None


def test_a_save_whose_answer_got_lost_may_come_again(world: World) -> None:
    tab = Tab(world.log_in("lan"), "one")
    tab.put({"1-2": "a"})
    tab.seen = {}
    assert tab.put({"1-2": "a"}).json()["overwrite"] == {}
    tab.seen = {}
    assert tab.put({"1-2": "b"}).json()["overwrite"] == {}, "its own answer is no other window's"


def test_the_kept_answers_are_bounded(world: World) -> None:
    lan = world.log_in("lan")
    for number in range(MAX_KEPT + 5):
        lan.api("PUT", DRAFT, {"answers": {"1-4": str(number)}, "base": {}, "page": f"tab-{number}"})
    kept = history_of(world, "lan")
    assert [one["answer"] for one in kept] == [str(number) for number in range(4, MAX_KEPT + 4)]
    for number in range(8):
        lan.api(
            "PUT", DRAFT, {"answers": {"1-7": {"viec": str(number) * 40_000}}, "base": {}, "page": f"long-{number}"}
        )
    assert len(json.dumps(history_of(world, "lan"))) < 120_000


def test_a_window_of_a_handed_in_attempt_is_refused(world: World) -> None:
    lan = world.log_in("lan")
    one, two = Tab(lan, "one"), Tab(lan, "two")
    one.put({"1-2": "a"})
    assert lan.hand_in().status_code == 201
    refused = two.put({"1-2": "b"})
    assert_error_shape(refused, 409, "other_attempt")
    assert "tải lại trang" in refused.json()["error"]["message"]
    assert lan.get(DRAFT).json()["answers"] == {"1-2": "a"}
    assert Tab(lan, "three").put({"1-2": "b"}).status_code == 200


def test_a_page_of_a_handed_in_attempt_shows_what_was_typed_and_saves_nothing(world: World) -> None:
    lan = world.log_in("lan")
    old = hidden_fields(lan.get(EXERCISE).text)
    lan.send(EXERCISE, {"1-2": "a", "viec": "nop"})
    for task in ("luu", "nop", "thu:1-3"):
        answer = lan.client.post(EXERCISE, data={**old, "ma_nop": f"key-{task}", "1-2": "b", "viec": task})
        assert answer.status_code == 422 and "cửa sổ khác" in answer.text and 'value="b" checked' in answer.text
        assert "Chưa lưu" in answer.text and "data-unsaved" in answer.text
    assert lan.get(DRAFT).json()["answers"] == {"1-2": "a"}


def test_a_page_without_scripts_tells_of_the_other_window_before_handing_in(world: World) -> None:
    lan = world.log_in("lan")
    one, two = (hidden_fields(lan.get(EXERCISE).text) for _ in range(2))
    lan.client.post(EXERCISE, data={**one, "1-2": "a", "viec": "luu"})
    answer = lan.client.post(EXERCISE, data={**two, "1-2": "b", "viec": "nop"})
    assert answer.status_code == 409 and "Câu 1.2 vừa được sửa ở cửa sổ khác lúc 09:00" in answer.text
    assert 'value="lay:1-2"' in answer.text and 'value="b" checked' in answer.text
    with world.services.records.reading() as s:
        assert not list_attempts(s, world.people["lan"])
    third = hidden_fields(answer.text)
    assert (
        lan.client.post(EXERCISE, data={**third, "1-2": "b", "viec": "nop"}).headers["location"].startswith("/ket-qua/")
    )


def test_the_other_windows_answer_comes_back_and_can_be_changed_back(world: World) -> None:
    lan = world.log_in("lan")
    one, two = (hidden_fields(lan.get(EXERCISE).text) for _ in range(2))
    lan.client.post(EXERCISE, data={**one, "1-2": "a", "viec": "luu"})
    answer = lan.client.post(EXERCISE, data={**two, "1-2": "b", "viec": "luu"})
    assert answer.status_code == 200 and 'value="lay:1-2"' in answer.text
    for shown, other in (("a", "b"), ("b", "a")):
        page = hidden_fields(answer.text)
        back = lan.client.post(EXERCISE, data={**page, "1-2": other, "viec": "lay:1-2"})
        assert back.headers["location"] == f"{EXERCISE}?khoi-phuc=1-2#cau-1-2"
        answer = lan.get(back.headers["location"])
        assert f'value="{shown}" checked' in answer.text and "Đã khôi phục" in answer.text


def test_there_may_be_nothing_to_bring_back(world: World) -> None:
    lan = world.log_in("lan")
    for task in ("lay:1-2", "lay:9-9", "lay:"):
        assert lan.send(EXERCISE, {"1-2": "a", "viec": task}).headers["location"] == f"{EXERCISE}?da-luu=1"


def test_a_page_sends_its_fields_as_they_are(world: World) -> None:
    lan = world.log_in("lan")
    fields = {"1-2": ["a"], "1-3.kw1": ["rác"], "1-3.cat1": ["RAC"], "1-7.viec": ["họp"]}
    body = {"items": ["1-2", "1-3", "1-4"], "fields": fields, "base": {}, "page": "p", "attempt": 1}
    assert lan.api("PUT", DRAFT, body).json()["revisions"] == {"1-2": 1, "1-3": 1, "1-4": 0}
    assert lan.get(DRAFT).json()["answers"] == {"1-2": "a", "1-3": {"rules": [["rác", "RAC"]]}}
    assert_error_shape(lan.api("PUT", DRAFT, {**body, "items": ["9-9"]}), 422, "unknown_item")


def test_how_sure_one_is_goes_with_draft_and_attempt_and_changes_no_point_and_no_hash(world: World) -> None:
    lan = world.log_in("lan")
    plain = lan.hand_in({"1-2": "a"}).json()
    lan.api("PUT", DRAFT, {"answers": {"1-2": "a"}, "confidence": {"1-2": 5, "1-4": 1}})
    assert lan.get(DRAFT).json()["confidence"] == {"1-2": 5, "1-4": 1}
    lan.api("PUT", DRAFT, {"confidence": {"1-4": None}})
    assert 'id="chac.1-2.5" name="chac.1-2" value="5" checked' in lan.get(EXERCISE).text
    sure = lan.hand_in().json()
    assert sure["points"] == plain["points"]
    with world.services.records.reading() as s:
        assert getattr(find_attempt(s, sure["receipt"]["id"]), "confidence", None) == {"1-2": 5}
        assert getattr(find_attempt(s, plain["receipt"]["id"]), "confidence", None) is None
    assert lan.get(DRAFT).json()["confidence"] == {}, "a new attempt is a new feeling"


def test_how_sure_one_is_comes_from_the_form_too(world: World) -> None:
    lan = world.log_in("lan")
    lan.send(EXERCISE, {"1-2": "a", "chac.1-2": "4", "chac.1-4": "9", "viec": "luu"})
    assert lan.get(DRAFT).json()["confidence"] == {"1-2": 4}


@pytest.mark.parametrize("confidence", [{"1-2": 0}, {"1-2": 6}, {"1-2": "chắc"}, {"1-2": 2.5}])
def test_there_are_five_steps(world: World, confidence: dict[str, Any]) -> None:
    lan = world.log_in("lan")
    assert_error_shape(lan.api("PUT", DRAFT, {"confidence": confidence}), 422, "invalid_request")
    assert_error_shape(lan.api("PUT", DRAFT, {"confidence": {"9-9": 3}}), 422, "unknown_item")


def test_lessons_that_know_no_windows_save_as_before(world: World) -> None:
    lan = world.log_in("lan")
    saved = lan.save({"1-2": "a"})
    assert saved.json() == {"ok": True, "saved_at": "2026-12-01T02:00:00Z"}
    tab = Tab(lan, "one")
    lan.save({"1-2": "b"})
    assert tab.put({"1-2": "a"}).json()["overwrite"]["1-2"]["answer"] == "b", "a page sees what a lesson changed"
    assert lan.api("POST", SUBMISSION, {}, Idempotency_Key="a-fresh-key").status_code == 201
