"""Re-grading on the page: seen first, done with a reason, kept in the history, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.world import OWN_NUMBER, RULES, SLUG, TEXT, World
from tests.story import RIGHT_OR_LEFT, Course

PAGE = f"/giang-vien/cham-lai?bai={SLUG}"
ACTION = f"/giang-vien/cham-lai/{SLUG}"
WHY = "Đáp án câu 1.2 sai, theo <b>phản ánh</b>"


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    """Two people have handed in, then the key of item 1-2 is corrected from a to b."""
    with World(tmp_path, root) as world:
        for login, answer in (("lan", "a"), ("hung", "b")):
            assert world.log_in(login).hand_in({"1-2": answer}).status_code == 201
        with Course(world.root, SLUG) as course:
            course.markdown("# Bài tập thử").question("1-2", RIGHT_OR_LEFT.replace('q.key("a"', 'q.key("b"'))
            course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
            assert course.source.is_file()
        world.restart()
        yield world


def test_an_instructor_sees_who_would_change_without_names(world: World) -> None:
    page = world.log_in("giang").get(PAGE).text
    assert "CB-hung" in page and "0/4 → 4/4 điểm" in page and "Trần Văn Hùng" not in page
    assert "CB-lan" in page and "giảm – không ghi" in page and "Chấm lại 1 kết quả" in page
    assert "0/16" in world.log_in("hung").get("/ket-qua").text


def test_applied_with_a_reason_seen_by_the_learner_and_taken_back(world: World) -> None:
    giang = world.log_in("giang")
    assert giang.send(ACTION, {"ly_do": " "}, page=PAGE).status_code == 422
    done = giang.send(ACTION, {"ly_do": WHY}, page=PAGE)
    assert done.status_code == 303
    page = giang.get(done.headers["location"]).text
    assert "Đã chấm lại xong, đợt số 1" in page and "&lt;b&gt;phản ánh" in page and "CB-giang" in page
    hung = world.log_in("hung")
    list_page = hung.get("/ket-qua").text
    assert "4/16" in list_page
    result = hung.get(list_page.split('href="/ket-qua/')[1].split('"')[0].join(["/ket-qua/", ""])).text
    assert "đã được chấm lại" in result and "Trước đó: 0/4 điểm" in result and "&lt;b&gt;phản ánh" in result
    back = giang.send(f"{ACTION}/hoan-tac", {"dot": "1", "ly_do": "nhầm"}, page=PAGE)
    assert back.status_code == 303
    assert "Đã hoàn tác đợt số 1" in giang.get(back.headers["location"]).text
    assert "0/16" in hung.get("/ket-qua").text
    log = world.log_in("admin").get("/quan-tri").text
    assert "chấm lại xong" in log and "hoàn tác chấm lại xong" in log


def test_lower_results_need_a_decision(world: World) -> None:
    giang, page = world.log_in("giang"), f"{PAGE}&giam=1"
    assert "Số và ngày của quyết định" in giang.get(page).text
    assert giang.send(ACTION, {"ly_do": WHY}, page=page).status_code == 422
    assert giang.send(ACTION, {"ly_do": WHY, "quyet_dinh": "12/QĐ-SKHCN"}, page=page).status_code == 303
    assert "0/16" in world.log_in("lan").get("/ket-qua").text and "12/QĐ-SKHCN" in giang.get(PAGE).text


def test_a_page_older_than_the_exercise_changes_nothing(world: World) -> None:
    giang = world.log_in("giang")
    assert giang.send(ACTION, {"ly_do": WHY, "ban": "000000000000"}, page=PAGE).status_code == 422
    assert "0/16" in world.log_in("hung").get("/ket-qua").text


def test_only_instructors_with_their_own_form(world: World) -> None:
    giang, lan = world.log_in("giang"), world.log_in("lan")
    assert lan.send(ACTION, {"ly_do": WHY, "ban": "x"}, page="/").status_code == 403
    assert giang.client.post(ACTION, data={"ly_do": WHY}).status_code == 403
    assert giang.client.post(f"{ACTION}/hoan-tac", data={"dot": "1", "ly_do": WHY}).status_code == 403
    assert giang.get("/giang-vien/cham-lai?bai=khong-co").status_code == 404
