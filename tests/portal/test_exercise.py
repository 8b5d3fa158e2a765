"""The exercise as a form, without JavaScript: nothing that was typed gets lost."""

import html
import re

from httpx import Response

from hocvu.records import find_draft, list_attempts, save_draft
from tests.portal.world import EXERCISE, PASSWORD, SLUG, Browser, World, hidden_fields


def attempts_of(world: World, login: str) -> int:
    with world.services.records.reading() as s:
        return len(list_attempts(s, world.people[login]))


def log_in_with(browser: Browser, answer: Response, login: str) -> Response:
    """Fill in the log-in form that came as an answer."""
    return browser.client.post("/dang-nhap", data={**hidden_fields(answer.text), "ten": login, "mat_khau": PASSWORD})


def test_answer_save_come_back_and_hand_in(world: World) -> None:
    lan = world.log_in("lan")
    assert lan.send(EXERCISE, {"1-2": "a", "viec": "luu"}).headers["location"] == f"{EXERCISE}?da-luu=1"
    page = lan.get(EXERCISE).text
    assert 'value="a" checked' in page and "Đã trả lời" in page and ">Bài tập thử</h1>" in page
    answer = lan.send(EXERCISE, {"1-2": "a", "1-7.viec": "ghi biên bản họp", "viec": "nop"})
    result = lan.get(answer.headers["location"]).text
    assert "4/16 điểm" in result and "Phải là đúng." in result and "hoàn thành" in result
    assert "09:00, 01/12/2026" in result and re.search(r"<code>[0-9a-f]{64}</code>", result)
    assert "4/16 điểm" in lan.get("/").text


def test_an_unreadable_answer_is_asked_again_and_the_rest_is_kept(world: World) -> None:
    lan = world.log_in("lan")
    answer = lan.send(EXERCISE, {"1-2": "b", "1-4": "khoảng mấy chục", "viec": "nop"})
    assert answer.status_code == 422
    assert 'href="#cau-1-4"' in answer.text and 'id="cau-1-4"' in answer.text and "has-error" in answer.text
    assert 'value="khoảng mấy chục"' in answer.text and 'value="b" checked' in answer.text
    assert attempts_of(world, "lan") == 0
    assert 'value="khoảng mấy chục"' in lan.get(EXERCISE).text


def test_an_empty_exercise_is_not_handed_in(world: World) -> None:
    lan = world.log_in("lan")
    answer = lan.send(EXERCISE, {"viec": "nop"})
    assert answer.status_code == 422 and "chưa trả lời câu nào" in answer.text
    assert attempts_of(world, "lan") == 0


def test_pressing_twice_gives_one_receipt(world: World) -> None:
    lan = world.log_in("lan")
    fields = {**hidden_fields(lan.get(EXERCISE).text), "1-2": "a", "viec": "nop"}
    first, second = lan.client.post(EXERCISE, data=fields), lan.client.post(EXERCISE, data=fields)
    assert first.headers["location"] == second.headers["location"]
    assert attempts_of(world, "lan") == 1


def test_a_page_from_before_the_submission_starts_the_next_attempt(world: World) -> None:
    lan = world.log_in("lan")
    old_page = hidden_fields(lan.get(EXERCISE).text)
    lan.send(EXERCISE, {"1-2": "a", "viec": "nop"})
    answer = lan.client.post(EXERCISE, data={**old_page, "ma_nop": "another-key", "1-2": "b", "viec": "nop"})
    assert answer.status_code == 422 and "cửa sổ khác" in answer.text and 'value="b" checked' in answer.text
    assert attempts_of(world, "lan") == 1


def test_the_next_attempt_has_new_data_and_keeps_what_does_not_depend_on_it(world: World) -> None:
    lan = world.log_in("lan")
    before = lan.get(f"/api/v1/drafts/{SLUG}").json()
    lan.send(EXERCISE, {"1-2": "a", "1-4": "3", "viec": "nop"})
    after = lan.get(f"/api/v1/drafts/{SLUG}").json()
    assert after["attempt"] == 2 and after["seed"] != before["seed"]
    assert after["answers"] == {"1-2": "a"}


def test_a_session_that_ends_keeps_the_answers_for_their_owner(world: World) -> None:
    lan = world.log_in("lan")
    page = hidden_fields(lan.get(EXERCISE).text)
    world.later(hours=13)
    answer = lan.client.post(EXERCISE, data={**page, "1-2": "b", "1-7.viec": "trực <một cửa>", "viec": "nop"})
    assert answer.status_code == 401 and "Phiên làm việc đã hết" in answer.text
    back = log_in_with(lan, answer, "lan")
    assert back.headers["location"] == EXERCISE
    shown = lan.get(EXERCISE).text
    assert 'value="b" checked' in shown and html.escape("trực <một cửa>") in shown
    assert attempts_of(world, "lan") == 0


def test_kept_answers_never_reach_somebody_else(world: World) -> None:
    lan = world.log_in("lan")
    page = hidden_fields(lan.get(EXERCISE).text)
    world.later(hours=13)
    answer = lan.client.post(EXERCISE, data={**page, "1-2": "b", "viec": "luu"})
    assert log_in_with(lan, answer, "hung").status_code == 303
    with world.services.records.reading() as s:
        assert find_draft(s, world.people["hung"], SLUG) is None


def test_a_page_that_is_not_ours_cannot_park_answers(world: World) -> None:
    stranger = world.visitor()
    answer = stranger.client.post(EXERCISE, data={"trang": "giả", "1-2": "b", "viec": "luu"})
    assert answer.status_code == 401 and 'name="giu"' not in answer.text


def test_a_page_of_an_older_session_comes_back_with_its_answers(world: World) -> None:
    lan = world.log_in("lan")
    page = hidden_fields(lan.get(EXERCISE).text)
    lan.client.cookies.delete("hocvu")
    lan.log_in("lan")
    answer = lan.client.post(EXERCISE, data={**page, "1-2": "b", "viec": "nop"})
    assert answer.status_code == 403 and 'value="b" checked' in answer.text
    again = lan.client.post(EXERCISE, data={**hidden_fields(answer.text), "1-2": "b", "viec": "nop"})
    assert again.headers["location"].startswith("/ket-qua/")


def test_a_forged_form_of_a_stranger_shows_nothing(world: World) -> None:
    lan = world.log_in("lan")
    answer = lan.client.post(EXERCISE, data={"csrf": "x", "trang": "x", "1-2": "b", "viec": "nop"})
    assert answer.status_code == 403 and "1-2" not in answer.text and attempts_of(world, "lan") == 0


def test_kept_answers_survive_a_log_in_form_that_was_too_old(world: World) -> None:
    lan = world.log_in("lan")
    page = hidden_fields(lan.get(EXERCISE).text)
    world.later(hours=13)
    answer = lan.client.post(EXERCISE, data={**page, "1-2": "b", "viec": "luu"})
    lan.client.cookies.delete("hocvu_form")
    refused = log_in_with(lan, answer, "lan")
    assert refused.status_code == 403
    assert log_in_with(lan, refused, "lan").status_code == 303
    assert 'value="b" checked' in lan.get(EXERCISE).text


def test_an_answer_to_a_removed_item_does_not_block_the_draft(world: World) -> None:
    lan = world.log_in("lan")
    lan.save({"1-2": "a"})
    with world.services.records.session() as s:
        save_draft(s, world.people["lan"], SLUG, {"9-9": "cũ"}, world.now)
    assert "9-9" not in lan.get(f"/api/v1/drafts/{SLUG}").json()["answers"]
    assert lan.hand_in().status_code == 201


def test_rules_are_tried_on_the_bench_and_brought_back(world: World) -> None:
    lan = world.log_in("lan")
    assert "Thử trên 60 phản ánh của anh/chị" in lan.get(EXERCISE).text
    rules = {"1-3.kw1": "rác", "1-3.cat1": "RAC"}
    bench = lan.send(EXERCISE, {**rules, "viec": "thu:1-3"}).headers["location"]
    assert bench == f"{EXERCISE}/thu/1-3"
    assert 'value="rác"' in lan.get(bench).text and "60 phản ánh" in lan.get(bench).text
    better = {**rules, "1-3.kw2": "ngập", "1-3.cat2": "NGAP"}
    assert "viết không dấu" in lan.send(bench, {**better, "khong_dau": "1", "viec": "chay"}).text
    kept = lan.send(bench, {**better, "viec": "dung"}).headers["location"]
    assert kept == f"{EXERCISE}?da-luu=1#cau-1-3"
    assert lan.get(f"/api/v1/drafts/{SLUG}").json()["answers"]["1-3"] == {"rules": [["rác", "RAC"], ["ngập", "NGAP"]]}


def test_a_bench_says_what_is_wrong_with_a_rule(world: World) -> None:
    lan = world.log_in("lan")
    answer = lan.send(f"{EXERCISE}/thu/1-3", {"1-3.kw1": "rác", "1-3.cat1": "", "viec": "chay"})
    assert answer.status_code == 422 and "Chưa chạy được bộ luật này" in answer.text and 'value="rác"' in answer.text


def test_what_is_not_open_does_not_exist(world: World) -> None:
    lan = world.log_in("lan")
    for path in ("/bai-tap/02-sau", "/bai-tap/khong-co", "/bai-hoc/02-sau", f"{EXERCISE}/thu/1-2"):
        assert lan.get(path).status_code == 404, path
