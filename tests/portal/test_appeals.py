"""A petition on pages: from the result row to the answer, seen by those who may and nobody else."""

import pytest

from hocvu.records import list_items
from tests.portal.world import EXERCISE, Browser, World


def sent(browser: Browser, **fields: str) -> str:
    """The address of one's new petition."""
    answer = browser.send("/kien-nghi", {"loai": "technical", "noi_dung": "Trang không lưu bài.", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
def about_an_item(world: World) -> str:
    """The id of Lan's petition about item 1.2, sent from its result row."""
    lan = world.log_in("lan")
    result = lan.send(EXERCISE, {"1-2": "b", "viec": "nop"}).headers["location"]
    attempt = result.rpartition("/")[2].partition("?")[0]
    row = f"/kien-nghi?bai={attempt}&amp;cau=1-2"
    assert row in lan.get(result).text
    form = lan.get(row.replace("&amp;", "&")).text
    assert "câu 1.2" in form and "Đề hoặc đáp án sai" in form
    return sent(lan, loai="item", noi_dung="Cả hai bên đều đúng.", bai=attempt, cau="1-2").rpartition("/")[2]


def test_a_petition_from_a_result_row_gets_a_receipt(world: World, about_an_item: str) -> None:
    page = world.log_in("lan").get(f"/kien-nghi/{about_an_item}").text
    assert "KN-2027-00001" in page and "Đã nhận" in page and "15/12/2026" in page and "#cau-1-2" in page
    assert "KN-2027-00001" in world.log_in("lan").get("/kien-nghi").text


def test_somebody_elses_petition_or_attempt_does_not_exist(world: World, about_an_item: str) -> None:
    hung = world.log_in("hung")
    assert hung.get(f"/kien-nghi/{about_an_item}").status_code == 404
    attempt = world.log_in("lan").get(f"/kien-nghi/{about_an_item}").text.split('href="/ket-qua/')[1].split("#")[0]
    refused = hung.send("/kien-nghi", {"loai": "item", "noi_dung": "x", "bai": attempt, "cau": "1-2"})
    assert refused.status_code == 422 and "không tìm thấy lượt nộp" in refused.text


def test_an_empty_petition_is_asked_again(world: World) -> None:
    refused = world.log_in("lan").send("/kien-nghi", {"loai": "technical", "noi_dung": "  "})
    assert refused.status_code == 422 and "viết nội dung" in refused.text


def test_what_is_typed_is_never_run(world: World) -> None:
    place = sent(world.log_in("lan"), noi_dung="<script>alert(1)</script>")
    assert "<script>alert" not in world.log_in("lan").get(place).text
    assert "<script>alert" not in world.log_in("hr_tp").get(f"/xet-kien-nghi/{place.rpartition('/')[2]}").text


def test_two_reviewers_answer_and_the_item_is_withdrawn_in_public(world: World, about_an_item: str) -> None:
    place = f"/xet-kien-nghi/{about_an_item}"
    giang, hr = world.log_in("giang"), world.log_in("hr_tp")
    opinion = {"cach": "faulty_item", "tra_loi": "Đề không nêu hướng nhìn."}
    assert giang.send(f"{place}/y-kien", opinion, page=place).status_code == 303
    assert "Cần một người khác" in giang.get(place).text
    assert giang.send(f"{place}/ket-luan", {"viec": "dong_y"}, page=place).status_code == 422
    learner_sees = world.log_in("lan").get(f"/kien-nghi/{about_an_item}").text
    assert "Đang xem" in learner_sees and "hướng nhìn" not in learner_sees
    assert hr.send(f"{place}/ket-luan", {"viec": "dong_y"}, page=place).status_code == 303
    page = world.log_in("lan").get(f"/kien-nghi/{about_an_item}").text
    assert "Đã trả lời" in page and "Đề không nêu hướng nhìn." in page
    public = world.visitor().get("/cau-da-rut").text
    assert "Rút câu 1.2" in public and "Đề không nêu hướng nhìn." in public and "CB-giang" not in public
    world.restart()
    with world.services.records.reading() as s:
        assert "1-2" in {item.item_id for item in list_items(s, "2027") if item.is_withdrawn}


def test_a_wrong_key_leads_to_re_grading(world: World, about_an_item: str) -> None:
    place = f"/xet-kien-nghi/{about_an_item}"
    opinion = {"cach": "regrade", "tra_loi": "Đáp án ghi nhầm."}
    world.log_in("giang").send(f"{place}/y-kien", opinion, page=place)
    hr = world.log_in("hr_tp")
    hr.send(f"{place}/ket-luan", {"viec": "dong_y"}, page=place)
    assert "Cần chấm lại" in hr.get(place).text and "/giang-vien/cham-lai" not in hr.get(place).text
    giang, link = world.log_in("giang"), "/giang-vien/cham-lai?bai=01-thu&amp;cau=1-2"
    assert link in giang.get(place).text
    assert "1.2" in giang.get(link.replace("&amp;", "&")).text


def test_instructors_see_no_names_and_only_what_is_about_items(world: World, about_an_item: str) -> None:
    other = sent(world.log_in("lan")).rpartition("/")[2]
    giang = world.log_in("giang")
    listed = giang.get("/xet-kien-nghi").text
    assert "KN-2027-00001" in listed and "KN-2027-00002" not in listed and "CB-lan" not in listed
    assert "CB-lan" not in giang.get(f"/xet-kien-nghi/{about_an_item}").text
    assert giang.get(f"/xet-kien-nghi/{other}").status_code == 404


def test_hr_of_a_unit_sees_its_own_people_only(world: World) -> None:
    lan, hung = (sent(world.log_in(name)).rpartition("/")[2] for name in ("lan", "hung"))
    unit = world.log_in("hr_phuong")
    listed = unit.get("/xet-kien-nghi").text
    assert "CB-lan" in listed and "CB-hung" not in listed
    assert unit.get(f"/xet-kien-nghi/{lan}").status_code == 200
    assert unit.get(f"/xet-kien-nghi/{hung}").status_code == 404


def test_learners_and_administrators_do_not_review(world: World, about_an_item: str) -> None:
    for login in ("lan", "admin"):
        browser = world.log_in(login)
        assert browser.get("/xet-kien-nghi").status_code == 403
        assert browser.get(f"/xet-kien-nghi/{about_an_item}").status_code == 403


def test_the_second_reviewer_sends_it_back(world: World) -> None:
    place = f"/xet-kien-nghi/{sent(world.log_in('lan')).rpartition('/')[2]}"
    world.log_in("hr_phuong").send(f"{place}/y-kien", {"cach": "kept", "tra_loi": "Không thấy lỗi."}, page=place)
    city = world.log_in("hr_tp")
    assert city.send(f"{place}/ket-luan", {"viec": "tra_lai"}, page=place).status_code == 422
    back = {"viec": "tra_lai", "ly_do": "Chưa xem nhật ký máy chủ."}
    assert city.send(f"{place}/ket-luan", back, page=place).status_code == 303
    assert "Người xem xét thứ nhất" in city.get(place).text


def test_the_hr_table_says_who_has_a_petition(world: World) -> None:
    assert 'data-label="Kiến nghị">không' in world.log_in("hr_phuong").get("/hr").text
    sent(world.log_in("lan"))
    assert 'data-label="Kiến nghị">đang xử lý' in world.log_in("hr_phuong").get("/hr").text


def test_what_is_overdue_stands_out_and_can_be_filtered(world: World) -> None:
    sent(world.log_in("lan"), loai="personal_data")
    world.later(days=20)
    page = world.log_in("hr_tp").get("/xet-kien-nghi?trang_thai=overdue").text
    assert 'class="overdue"' in page and "KN-2027-00001" in page
    assert "KN-2027-00001" not in world.log_in("hr_tp").get("/xet-kien-nghi?trang_thai=answered").text
