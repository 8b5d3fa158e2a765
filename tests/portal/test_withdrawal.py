"""Withdrawing a faulty item on a page: who would change, a proposal, a second person's signature, a public note."""

import pytest

from hocvu.records import list_audit, list_items
from tests.portal.world import EXERCISE, Browser, World

PAGE = "/rut-cau"
WHY = {"cau": "1-2", "viec": "withdraw", "ly_do": "Hai đáp án <đúng>."}


@pytest.fixture
def giang(world: World) -> Browser:
    world.log_in("lan").send(EXERCISE, {"1-2": "b", "viec": "nop"})
    world.log_in("hung").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    return world.log_in("giang")


def decides(browser: Browser, number: int, answer: str, reason: str = "") -> int:
    return browser.send(f"{PAGE}/{number}/quyet-dinh", {"y_kien": answer, "ly_do": reason}, page=PAGE).status_code


def counting(world: World) -> set[str]:
    with world.services.records.reading() as s:
        return {item.item_id for item in list_items(s, "2027") if not item.is_withdrawn}


def test_an_instructor_proposes_hr_signs_and_everybody_reads_why(world: World, giang: Browser) -> None:
    look = giang.get(f"{PAGE}?cau=1-2").text
    assert "2 người đã làm câu này; 1 người được cộng trọn điểm" in look and "0 người xuống" in look
    assert giang.send(PAGE, WHY, page=f"{PAGE}?cau=1-2").status_code == 303
    assert "1-2" in counting(world), "nothing changes before the second signature"
    assert decides(giang, 1, "ky") == 422
    hr = world.log_in("hr_tp")
    assert "Hai đáp án &lt;đúng&gt;" in hr.get(PAGE).text
    assert decides(hr, 1, "ky") == 303 and decides(hr, 1, "ky") == 422
    assert "1-2" not in counting(world)
    public = world.visitor().get("/cau-da-rut").text
    assert "Rút câu 1.2" in public and "Hai đáp án &lt;đúng&gt;." in public and "CB-giang" not in public
    with world.services.records.reading() as s:
        assert len(list_audit(s, action="item.withdraw")) == len(list_audit(s, action="item.proposed")) == 1


def test_a_withdrawn_item_is_restored_the_same_way(world: World, giang: Browser) -> None:
    hr = world.log_in("hr_tp")
    giang.send(PAGE, WHY, page=f"{PAGE}?cau=1-2")
    decides(hr, 1, "ky")
    assert "Nếu đưa lại câu 1.2" in hr.get(f"{PAGE}?cau=1-2").text
    assert hr.send(PAGE, {**WHY, "viec": "restore"}, page=f"{PAGE}?cau=1-2").status_code == 303
    assert decides(giang, 2, "ky") == 303 and "1-2" in counting(world)
    assert "Đưa lại câu 1.2" in world.visitor().get("/cau-da-rut").text


def test_two_instructors_are_not_enough(world: World, giang: Browser) -> None:
    world.settle("giang2", "Đỗ Soạn", world.office.id, "instructor")
    giang.send(PAGE, WHY, page=f"{PAGE}?cau=1-2")
    assert decides(world.log_in("giang2"), 1, "ky") == 422 and "1-2" in counting(world)
    assert decides(world.log_in("giang2"), 1, "khong") == 422, "a refusal says why"
    assert decides(world.log_in("giang2"), 1, "khong", "Đề không sai") == 303
    assert "Đề không sai" in giang.get(PAGE).text


def test_one_right_proposal_at_a_time_and_only_by_those_who_may(world: World, giang: Browser) -> None:
    for change, said in (
        ({"ly_do": " "}, "ghi lý do"),
        ({"cau": "9-9"}, "không nằm trong"),
        ({"viec": "restore"}, "chưa có quyết định rút"),
    ):
        refused = giang.send(PAGE, {**WHY, **change}, page=f"{PAGE}?cau=1-2")
        assert refused.status_code == 422 and said in refused.text, change
    giang.send(PAGE, WHY, page=f"{PAGE}?cau=1-2")
    again = giang.send(PAGE, WHY, page=f"{PAGE}?cau=1-2")
    assert again.status_code == 422 and "đang chờ người thứ hai" in again.text
    for login in ("lan", "admin", "hr_phuong"):
        assert world.log_in(login).get(PAGE).status_code == 403
    assert giang.client.post(f"{PAGE}/1/quyet-dinh", data={"y_kien": "ky"}).status_code == 403
