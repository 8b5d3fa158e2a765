"""Contributions on pages: put forward by one person with evidence, confirmed by another, never by oneself."""

import pytest

from hocvu.records import find_score, list_audit
from tests.ledger.easy_rule import ask_for_nothing
from tests.portal.world import EXERCISE, Browser, World

PAGE = "/dong-gop"
KIND = "Đã hướng dẫn từ 5 đồng nghiệp trở lên"
GOOD = {
    "ma": "CB-lan", "viec": KIND, "minh_chung": "Hướng dẫn tổ một cửa, biên bản 7", "ngay": "2026-11-20",
    "lien_ket": "https://vi.example/bien-ban-7",
}  # fmt: skip


@pytest.fixture
def head(world: World) -> Browser:
    world.settle("truong", "Hoàng Văn Trưởng", world.ward.id, "unit_head", hr_unit_id=world.ward.id)
    return world.log_in("truong")


@pytest.fixture
def hr(world: World) -> Browser:
    return world.log_in("hr_tp")


def decides(browser: Browser, number: int, answer: str, reason: str = "") -> int:
    fields = {"y_kien": answer, "ly_do": reason}
    return browser.send(f"{PAGE}/{number}/quyet-dinh", fields, page=PAGE).status_code


def test_two_people_lead_to_band_4_and_the_learner_follows_it(world: World, head: Browser, hr: Browser) -> None:
    ask_for_nothing(world.root)
    world.restart()
    lan, head, hr = (world.log_in(one) for one in ("lan", "truong", "hr_tp"))
    lan.send(EXERCISE, {"1-2": "a", "viec": "nop"})
    assert head.send(PAGE, GOOD).status_code == 303
    assert "Chờ người thứ hai xác nhận" in lan.get("/nang-luc").text
    assert decides(head, 1, "xac_nhan") == 422, "who proposes does not confirm"
    assert decides(hr, 1, "xac_nhan") == 303 and decides(hr, 1, "xac_nhan") == 422
    page = lan.get("/nang-luc").text
    assert "Mức hoàn thành: Lan tỏa" in page and "biên bản 7 (ngày 20/11/2026)" in page and "CB-hr_tp" in page
    taken = f"{PAGE}/da-xac-nhan/1/thu-hoi"
    assert head.send(taken, {"ly_do": " "}, page=PAGE).status_code == 422
    assert head.send(taken, {"ly_do": "Biên bản bị hủy"}, page=PAGE).status_code == 303
    page = lan.get("/nang-luc").text
    assert "Đã thu hồi" in page and "Biên bản bị hủy" in page and "Mức hoàn thành: Thành thạo" in page
    assert head.send(taken, {"ly_do": "lần nữa"}, page=PAGE).status_code == 404
    with world.services.records.reading() as s:
        found = find_score(s, world.people["lan"], "2027")
        assert found is not None and found.band == 3
        for action in ("contribution.proposed", "contribution.confirmed", "contribution.revoked"):
            assert len(list_audit(s, action=action)) == 1, action


def test_a_refusal_needs_a_reason_that_the_learner_reads(world: World, head: Browser, hr: Browser) -> None:
    head.send(PAGE, GOOD)
    assert decides(hr, 1, "khong") == 422
    assert decides(hr, 1, "khong", "Chưa đủ 5 người") == 303
    assert decides(hr, 1, "xac_nhan") == 422, "decided is decided"
    assert "Chưa đủ 5 người" in world.log_in("lan").get("/nang-luc").text
    hr.send(PAGE, GOOD)
    assert decides(hr, 2, "khong", "Ghi nhầm người") == 303
    assert "Người đề xuất đã rút" in world.log_in("lan").get("/nang-luc").text


def test_a_proposal_that_cannot_be_is_refused_with_what_to_do(hr: Browser) -> None:
    for change, said in (
        ({"ma": "CB-ai"}, "không có trong phạm vi"),
        ({"ma": "CB-hr_tp"}, "Không ai tự đề xuất"),
        ({"viec": "Nói hay"}, "không có trong quy tắc"),
        ({"minh_chung": " "}, "ghi minh chứng"),
        ({"ngay": ""}, "chọn ngày"),
        ({"ngay": "2026-11-01"}, "không nằm trong kỳ"),
        ({"ngay": "2027-01-01"}, "không nằm trong kỳ"),
        ({"lien_ket": "javascript:alert(1)"}, "không mở được"),
        ({"lien_ket": "http://[x"}, "không mở được"),
    ):
        refused = hr.send(PAGE, {**GOOD, **change})
        assert refused.status_code == 422 and said in refused.text, change
    assert "Không có đề xuất nào đang chờ" in hr.get(PAGE).text


def test_nobody_decides_about_themselves_or_about_other_units(world: World, head: Browser, hr: Browser) -> None:
    hr.send(PAGE, {**GOOD, "ma": "CB-hung"})
    assert "CB-hung" not in head.get(PAGE).text and decides(head, 1, "xac_nhan") == 404
    assert head.send(PAGE, {**GOOD, "ma": "CB-hung"}).status_code == 422
    hr.send(PAGE, {**GOOD, "ma": "CB-truong"})
    assert decides(head, 2, "xac_nhan") == 422
    assert decides(world.log_in("hr_phuong"), 2, "xac_nhan") == 303
    for login in ("lan", "giang", "admin"):
        assert world.log_in(login).get(PAGE).status_code == 403


def test_a_period_that_is_frozen_for_good_takes_no_more(world: World, hr: Browser) -> None:
    assert hr.send(PAGE, GOOD).status_code == 303
    for kind, typed, day in (("provisional", "CHỐT TẠM 2027", (11, 16)), ("final", "CHỐT CHÍNH THỨC 2027", (12, 7))):
        world.now = world.now.replace(year=2027, month=day[0], day=day[1])
        hr = world.log_in("hr_tp")
        fields = {"ky": "2027", "loai": kind, "xac_nhan": typed}
        assert hr.send("/chot-so/thuc-hien", fields, page="/chot-so").status_code == 303
    refused = hr.send(PAGE, GOOD)
    assert refused.status_code == 422 and "phụ lục điều chỉnh" in refused.text
    assert decides(world.log_in("hr_phuong"), 1, "xac_nhan") == 422
