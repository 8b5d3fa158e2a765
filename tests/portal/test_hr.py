"""HR officers: their own units, real numbers in the workbook, and who decides."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from hocvu.records import Membership, find_person, list_audit, save_scores
from hocvu.scores import Score
from tests.portal.world import Browser, World


def sheet(browser: Browser, query: str = "", name: str = "Kết quả") -> list[list[object]]:
    answer = browser.get(f"/hr/ket-qua.xlsx{query}")
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    rows: list[list[object]] = (
        CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name(name).to_python()
    )
    return rows


def test_the_officer_of_a_unit_sees_that_unit_only(world: World) -> None:
    officer = world.log_in("hr_phuong")
    page = officer.get("/hr").text
    assert "CB-lan" in page and "CB-hung" not in page and "Sở Thử nghiệm" not in page
    assert {row[1] for row in sheet(officer)[1:]} == {"CB-lan", "CB-hr_phuong"}
    for query in ("?don_vi=S01", "?don_vi=TP", "?don_vi=KHONG-CO"):
        assert officer.get(f"/hr{query}").status_code == 404
        assert officer.get(f"/hr/ket-qua.xlsx{query}").status_code == 404
    assert "CB-hung" not in officer.get("/hr?tim=hung").text


OFFICERS_PAGES = (
    "/hr",
    "/hr/don-vi",
    "/hr/danh-sach",
    "/hr/tai-khoan",
    "/hr/de-cu",
    "/xet-kien-nghi",
    "/hr/ket-qua.xlsx",
)


def test_an_officer_who_moved_away_sees_nobody_any_more(world: World) -> None:
    officer = world.log_in("hr_phuong")
    assert all(officer.get(page).status_code == 200 for page in OFFICERS_PAGES)
    with world.services.records.session() as s:
        moved = find_person(s, world.people["hr_phuong"])
        assert moved is not None
        moved.unit_id = world.office.id
    for page in (*OFFICERS_PAGES, "/hr/qua-trinh?ma=CB-lan"):
        refused = officer.get(page)
        assert refused.status_code == 403 and "CB-lan" not in refused.text, page
        assert "gắn với đơn vị" in refused.text, page


def test_what_came_with_a_post_ends_with_it_and_ones_own_record_stays(world: World) -> None:
    officer = world.log_in("hr_tp")
    with world.services.records.session() as s:
        day = world.now.date()
        s.add(Membership(person_id=world.people["hr_tp"], unit_id=world.office.id, starts_on=None, ends_on=day))
    assert officer.get("/hr").status_code == 200
    world.later(days=1)
    officer = world.log_in("hr_tp")
    refused = officer.get("/hr")
    assert refused.status_code == 403 and "đã rời cơ quan" in refused.text
    assert officer.get("/nang-luc").status_code == 200


def test_the_city_officer_sees_every_unit_and_those_below(world: World) -> None:
    officer = world.log_in("hr_tp")
    assert {"CB-lan", "CB-hung"} <= {row[1] for row in sheet(officer, "?don_vi=TP")[1:]}
    assert {row[1] for row in sheet(officer, "?khoi=Phường")[1:]} == {"CB-lan", "CB-hr_phuong"}


@pytest.mark.parametrize("typed", ["đào", "dao", "LE THI", "CB-hr_p"])
def test_people_are_found_without_diacritics(world: World, typed: str) -> None:
    page = world.log_in("hr_tp").get(f"/hr?tim={typed}").text
    assert "CB-hr_phuong" in page and "CB-hung" not in page


def test_filters_by_state_and_band(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer = world.log_in("hr_tp")
    assert {row[1] for row in sheet(officer, "?tinh_trang=in_progress")[1:]} == {"CB-lan"}
    assert len(sheet(officer, "?tinh_trang=not_started&muc=0")) == 1 + 5
    assert officer.get("/hr?muc=9&tinh_trang=x&trang=1").status_code == 200
    assert "Không có ai khớp" in officer.get("/hr?muc=3").text


def test_the_workbook_has_numbers_dates_and_the_rule(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer = world.log_in("hr_tp")
    chosen = "&cot=ty_le&cot=nl1&cot=diem&cot=cap_nhat"
    head, row = sheet(officer, f"?tim=CB-lan{chosen}")
    values = dict(zip(head, row, strict=True))
    assert values["Tỷ lệ bài đã làm"] == pytest.approx(1 / 3, abs=1e-4) and values["Điểm bài tập"] == 4
    assert str(values["Ngày cập nhật"]).startswith("2026-12-01") and values["NL1"] == "M0"
    rule = dict(row[:2] for row in sheet(officer, "?tim=CB-lan", "Quy tắc và phiên bản"))
    assert rule["Phiên bản quy tắc"] == "2027.1" and "người có thẩm quyền quyết định" in str(rule["Ai quyết định"])
    assert rule["Phạm vi lọc"] == "tìm: CB-lan"


@pytest.mark.parametrize(
    "name", ["=1+1", "+84", "-2", "@SUM(A1)", "\tx", "http://xau.test", "<script>alert(1)</script>"]
)
def test_a_name_is_never_a_formula_or_markup(world: World, name: str) -> None:
    world.settle("la", name, world.ward.id)
    officer = world.log_in("hr_tp")
    assert sheet(officer, "?tim=CB-la")[1][2] == name
    assert "<script>alert" not in officer.get("/hr").text


def test_small_units_show_no_rates_and_ranks_come_from_ten(world: World) -> None:
    page = world.log_in("hr_tp").get("/hr/don-vi").text
    assert ">không hiện</td>" in page
    for n in range(5):
        world.settle(f"nguoi{n}", "Người", world.ward.id)
    ward = world.log_in("hr_phuong").get("/hr/don-vi").text
    assert ">không hiện</td>" not in ward and "Sở Thử nghiệm" not in ward and ">1/1</td>" not in ward
    for n in range(5, 10):
        world.settle(f"nguoi{n}", "Người", world.ward.id)
    assert ">1/1</td>" in world.log_in("hr_phuong").get("/hr/don-vi").text


def test_who_has_left_is_shown_only_when_asked_for(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    world.log_in("hung").hand_in({"1-2": "a"})
    pull, key = world.visitor(), {"Authorization": f"Bearer {world.token('scores:read')}"}
    first = pull.get("/api/v1/scores", **key).json()
    with world.services.records.session() as s:
        day = world.now.date()
        s.add(Membership(person_id=world.people["lan"], unit_id=world.ward.id, starts_on=None, ends_on=day))
    officer = world.log_in("hr_tp")
    assert "CB-lan" in officer.get("/hr").text, "today is still a day of service"
    world.later(days=1)
    officer = world.log_in("hr_tp")

    def found(query: str) -> set[object]:
        page = officer.get(f"/hr{query}").text
        rows = {row[1] for row in sheet(officer, query)[1:]}
        assert f"trên {len(rows)}<" in page and all(f"{code}<" in page for code in rows)
        return rows

    everybody = {f"CB-{login}" for login in world.people}
    assert found("") == everybody - {"CB-lan"} and found("?roi=2") == everybody and found("?roi=1") == {"CB-lan"}
    assert found("?tinh_trang=in_progress") == {"CB-hung"}
    assert f"làm việc đến {day:%d/%m/%Y}" in officer.get("/hr?roi=1").text
    then = pull.get(f"/api/v1/scores?cursor={first['next_cursor']}", **key).json()["scores"]
    assert [(row["staff_code"], row["reason"]) for row in then] == [("CB-lan", "left")]
    with world.services.records.session() as s:
        save_scores(s, "2027", {world.people["lan"]: Score(1.0, {}, 0, 4.0, 4.0, "2027.1")}, world.now)
    again = pull.get("/api/v1/scores", **key).json()["scores"]
    assert [row["staff_code"] for row in again if "withdrawn" not in row] == ["CB-hung"], "scored anew, still gone"


def test_the_page_says_who_decides_and_by_which_rule(world: World) -> None:
    page = world.log_in("hr_phuong").get("/hr").text
    assert "Phần mềm chỉ cung cấp minh chứng; người có thẩm quyền quyết định" in page and "2027.1" in page


def test_the_table_has_pages(world: World) -> None:
    for n in range(60):
        world.settle(f"p{n:02}", "Người", world.ward.id)
    officer = world.log_in("hr_phuong")
    first, second = officer.get("/hr").text, officer.get("/hr?trang=2").text
    assert "Trang 1/2" in first and "Trang 2/2" in second
    assert all((f"CB-p{n:02}" in first) != (f"CB-p{n:02}" in second) for n in range(60))


def test_every_look_at_names_is_logged(world: World) -> None:
    officer = world.log_in("hr_phuong")
    officer.get("/hr?tim=lan")
    sheet(officer)
    with world.services.records.reading() as s:
        actions = {entry.action for entry in list_audit(s, actor=world.people["hr_phuong"])}
    assert actions == {"login", "hr.people", "hr.export"}


@pytest.mark.parametrize("path", ["/hr", "/hr/ket-qua.xlsx", "/hr/ket-qua.csv"])
def test_a_filter_longer_than_its_field_is_refused_and_not_searched(world: World, path: str) -> None:
    officer = world.log_in("hr_tp")
    assert officer.get(f"{path}?tim={'a' * 100}").status_code == 200
    refused = officer.get(f"{path}?tim={'a' * 101}")
    assert refused.status_code == 422
    assert "Traceback" not in refused.text and "string_too_long" not in refused.text


def test_the_finer_filters(world: World) -> None:
    world.log_in("lan").hand_in({"1-2": "a"})
    officer = world.log_in("hr_tp")

    def found(query: str) -> set[object]:
        return {row[1] for row in sheet(officer, query)[1:]}

    assert sheet(officer, "?sap=-quy_doi")[1][1] == "CB-lan" != sheet(officer, "?sap=quy_doi")[1][1]
    everybody = {f"CB-{login}" for login in world.people}
    assert found("?loai=công chức") == everybody and found("?loai=viên chức") == set()
    assert found("?lanh_dao=1") == set() and found("?lanh_dao=0") == everybody
    assert found("?nang_luc=NL1&duoi=1") == everybody and found("?kien_nghi=1") == set()
    world.log_in("hung").send("/kien-nghi", {"loai": "technical", "noi_dung": "Hỏi."})
    assert found("?kien_nghi=1") == found("?kien_nghi=mo") == {"CB-hung"} and found("?kien_nghi=xong") == set()
    assert found("?tu_ngay=2026-12-01") == set() and found("?tu_ngay=khong") == everybody
    assert found("?vi_tri=1") == set() and found("?ky=2026") == everybody


def test_an_officer_keeps_filters_of_their_own(world: World) -> None:
    officer, other = world.log_in("hr_tp"), world.log_in("hr_phuong")
    kept = officer.send("/hr/bo-loc", {"ten": "Phường <chưa học>", "loc": "khoi=Phường&tinh_trang=not_started"}, "/hr")
    assert kept.status_code == 303
    page = officer.get("/hr").text
    assert "Phường &lt;chưa học&gt;" in page and "khoi=Phường&amp;tinh_trang=not_started" in page
    assert "chưa học" not in other.get("/hr").text
    assert other.send("/hr/bo-loc/1/xoa", {}, "/hr").status_code == 404
    assert officer.send("/hr/bo-loc/1/xoa", {}, "/hr").status_code == 303
    assert "chưa học" not in officer.get("/hr").text
    assert officer.send("/hr/bo-loc", {"ten": "", "loc": ""}, "/hr").status_code == 422
