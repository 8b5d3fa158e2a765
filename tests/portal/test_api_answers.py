"""The learner's API: drafts and submissions, from the page's script and from the lessons."""

import json

import pytest

from hocvu.portal.api_models import DraftAnswer, Saved, Submitted
from hocvu.records import list_attempts
from tests.portal.world import DRAFT, LESSONS, SUBMISSION, Browser, World, assert_error_shape


def test_a_draft_merges_answers_and_null_takes_one_away(world: World) -> None:
    lan = world.log_in("lan")
    empty = lan.get(DRAFT).json()
    assert (empty["answers"], empty["saved_at"], empty["attempt"]) == ({}, None, 1)
    saved = lan.save({"1-2": "a", "1-4": "khoảng"})
    assert saved.json() == {"ok": True, "saved_at": "2026-12-01T02:00:00Z"}
    Saved.model_validate(saved.json())
    lan.save({"1-4": None, "1-7": {"viec": "họp"}})
    draft = lan.get(DRAFT).json()
    assert draft["answers"] == {"1-2": "a", "1-7": {"viec": "họp"}}
    assert draft["seed"] == empty["seed"] < 2**48
    DraftAnswer.model_validate(draft)


def test_handing_in_the_draft_gives_a_receipt_and_points(world: World) -> None:
    lan = world.log_in("lan")
    lan.save({"1-2": "a"})
    answer = lan.hand_in()
    assert answer.status_code == 201
    body = answer.json()
    Submitted.model_validate(body)
    assert (body["points"], body["max_points"]) == (4.0, 16.0)
    assert body["result_url"] == f"http://portal.test/ket-qua/{body['receipt']['id']}"
    assert len(body["receipt"]["sha256"]) == 64


def test_the_same_key_gives_the_same_receipt_and_one_attempt(world: World) -> None:
    lan = world.log_in("lan")
    first = lan.hand_in({"1-2": "a"}, key="key-number-1").json()
    again = [lan.hand_in(answers, key="key-number-1").json() for answers in ({"1-2": "a"}, {"1-2": "b"}, None, {})]
    assert [one["receipt"] for one in again] == [first["receipt"]] * 4
    with world.services.records.reading() as s:
        assert len(list_attempts(s, world.people["lan"])) == 1


def test_a_key_belongs_to_one_person(world: World) -> None:
    receipts = [
        world.log_in(who).hand_in({"1-2": "a"}, key="key-number-1").json()["receipt"] for who in ("lan", "hung")
    ]
    assert receipts[0]["id"] != receipts[1]["id"]


def test_wrong_types_are_asked_again_and_nothing_is_handed_in(world: World) -> None:
    lan = world.log_in("lan")
    answer = lan.hand_in({"1-2": ["a"], "1-4": {"số": 1}, "1-7": {"viec": "họp giao ban"}})
    assert_error_shape(answer, 422, "unreadable")
    assert set(answer.json()["error"]["items"]) == {"1-2", "1-4"}
    with world.services.records.reading() as s:
        assert not list_attempts(s, world.people["lan"])


def test_an_unknown_item_is_refused_by_both(world: World) -> None:
    lan = world.log_in("lan")
    assert_error_shape(lan.save({"9-9": "a"}), 422, "unknown_item")
    assert_error_shape(lan.hand_in({"1-2": "a", "9-9": "a"}), 422, "unknown_item")


def test_extra_fields_change_nothing(world: World) -> None:
    lan, hung = world.log_in("lan"), world.log_in("hung")
    body = {"answers": {"1-2": "b"}, "person_id": world.people["hung"], "points": 16, "attempt_no": 9, "seed": 1}
    answer = lan.api("POST", SUBMISSION, body, Idempotency_Key="mass-assignment")
    assert answer.json()["points"] == 0
    assert "chưa nộp bài nào" in hung.get("/ket-qua").text


def test_fifty_megabytes_are_refused_before_they_are_read(world: World) -> None:
    lan = world.log_in("lan")
    headers = {"X-CSRF-Token": lan.csrf(), "Content-Type": "application/json"}
    announced = {**headers, "Content-Length": "50000000"}
    assert_error_shape(lan.client.put(DRAFT, content=b"{}", headers=announced), 413, "too_large")
    assert_error_shape(lan.client.put(DRAFT, content=b" " * 50_000_000, headers=headers), 413, "too_large")
    page = lan.client.post("/bai-tap/01-thu", data={"1-2": "a" * 2_000_000})
    assert page.status_code == 413 and "lớn quá mức" in page.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"answers": 1e5', b"1" * 5000])
def test_malformed_json_is_400(world: World, body: bytes) -> None:
    lan = world.log_in("lan")
    headers = {"X-CSRF-Token": lan.csrf(), "Content-Type": "application/json"}
    answer = lan.client.put(DRAFT, content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["ok"] is False
    if body != b"1" * 5000:
        assert answer.status_code == 400


@pytest.mark.parametrize("body", [{"answers": []}, {"answers": None}, [], "x", {}])
def test_json_of_another_shape_is_422(world: World, body: object) -> None:
    assert_error_shape(world.log_in("lan").api("PUT", DRAFT, body), 422, "invalid_request")


def test_broken_characters_and_numbers_never_break_the_store(world: World) -> None:
    lan = world.log_in("lan")
    headers = {"X-CSRF-Token": lan.csrf(), "Content-Type": "application/json"}
    for text in (r'"a\ud800\u0000b\udfff"', r'"\udc00"'):
        body = f'{{"answers": {{"1-7": {{"viec": {text}}}}}}}'.encode()
        assert lan.client.put(DRAFT, content=body, headers=headers).status_code == 200
    assert lan.get(DRAFT).json()["answers"]["1-7"] == {"viec": ""}
    for number in ("NaN", "Infinity", "1e999", "9" * 400):
        body = f'{{"answers": {{"1-4": {number}}}}}'.encode()
        assert_error_shape(lan.client.put(DRAFT, content=body, headers=headers), 422, "bad_answers")
    deep = json.dumps({"answers": {"1-2": [[[[[[[[1]]]]]]]]}}).encode()
    assert_error_shape(lan.client.put(DRAFT, content=deep, headers=headers), 422, "bad_answers")


def test_every_odd_answer_can_be_kept_and_shown_again(world: World) -> None:
    lan = world.log_in("lan")
    for odd in (1, 1.5, True, "x" * 5000, "<script>", [], ["a", 1, None], {}, {"viec": ["x"]}, {"rules": [[1]]}):
        assert lan.save({"1-2": odd, "1-3": odd, "1-4": odd, "1-7": odd}).status_code == 200
        page = lan.get("/bai-tap/01-thu")
        assert page.status_code == 200 and "<script>" not in page.text.replace("<script src", ""), odd


def test_every_refusal_has_the_one_shape(world: World) -> None:
    lan, nobody = world.log_in("lan"), world.visitor()
    for browser in (nobody, world.visitor(LESSONS)):
        for method, path in (("GET", DRAFT), ("GET", "/api/v1/csrf"), ("PUT", DRAFT), ("POST", SUBMISSION)):
            body = None if method == "GET" else {"answers": {}}
            answer = browser.client.request(method, path, json=body, headers={"Idempotency-Key": "a" * 36})
            assert_error_shape(answer, 401, "not_logged_in")
    for method, path in (("PUT", DRAFT), ("POST", SUBMISSION)):
        refused = lan.client.request(method, path, json={"answers": {}}, headers={"Idempotency-Key": "a" * 36})
        assert_error_shape(refused, 403, "csrf")
    assert_error_shape(lan.get("/api/v1/drafts/khong-co"), 404, "not_found")
    assert_error_shape(lan.get("/api/v1/khong-co"), 404, "not_found")
    assert_error_shape(lan.api("DELETE", DRAFT), 405, "method_not_allowed")
    assert_error_shape(lan.api("POST", SUBMISSION, {}), 422, "invalid_request")  # no Idempotency-Key
    assert_error_shape(lan.api("POST", SUBMISSION, {}, Idempotency_Key="a" * 36), 422, "nothing_answered")


def test_a_foreign_page_cannot_save_with_the_learners_cookie(world: World) -> None:
    lan = world.log_in("lan")
    token = lan.csrf()
    for origin in ("http://xau.test", "null", "http://portal.test.xau.test"):
        answer = lan.client.put(DRAFT, json={"answers": {}}, headers={"X-CSRF-Token": token, "Origin": origin})
        assert_error_shape(answer, 403, "csrf")
        assert "access-control-allow-origin" not in answer.headers
    own = {"X-CSRF-Token": token, "Origin": "http://portal.test"}
    assert lan.client.put(DRAFT, json={"answers": {"1-2": "a"}}, headers=own).status_code == 200


def test_one_persons_token_is_of_no_use_to_another(world: World) -> None:
    lan, hung = world.log_in("lan"), world.log_in("hung")
    answer = hung.client.put(DRAFT, json={"answers": {}}, headers={"X-CSRF-Token": lan.csrf()})
    assert_error_shape(answer, 403, "csrf")


def draft_seed(browser: Browser) -> int:
    seed: int = browser.get(DRAFT).json()["seed"]
    return seed


def test_people_get_their_own_data(world: World) -> None:
    assert draft_seed(world.log_in("lan")) != draft_seed(world.log_in("hung"))
