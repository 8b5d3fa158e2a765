"""HR imports people on pages: upload, findings, mend, confirm; exemptions of a person; who may and who may not."""

import json
import zlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from httpx import Response
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from hocvu.portal.page_roster import UPLOAD
from hocvu.portal.unit_rates import unit_rates
from hocvu.records import find_by_staff_code, list_audit
from hocvu.year.content import build_content
from tests.portal.world import Browser, World, hidden_fields

HEADER = "ma_cbccvc,ho_ten,loai,ma_don_vi,tu_ngay,trang_thai,mien_hoan,ly_do\n"
GOOD = HEADER + "MP-1,Đặng Thị Ánh,công chức,P01,01/02/2020,,,\nMP-2,LÝ VĂN BÉ,NLĐ,P01,,,miễn,QĐ 12\n"
OF_OTHERS = "MP-9,Đỗ An,công chức,S01,,,,\nCB-hung,Trần Hùng,công chức,P01,,,,\n"
BAD = HEADER + "MP-1,Đặng Thị Ánh,công chức,P99,31/02/2020,,,\n,=cmd|' /C calc'!A0,abc,P01,,,,\n"


def uploads(browser: Browser, text: str | bytes, **fields: str) -> Response:
    hidden = hidden_fields(browser.get("/hr/danh-sach").text)
    data = text.encode() if isinstance(text, str) else text
    answer: Response = browser.client.post(
        UPLOAD, data={**hidden, **fields}, files={"tep": ("ds.csv", data, "text/csv")}
    )
    return answer


def writes(browser: Browser, address: str, **fields: str) -> Response:
    return browser.send(f"{address}/ghi", fields, page=address)


@pytest.fixture
def hr(world: World) -> Browser:
    return world.log_in("hr_tp")


def test_a_bad_file_is_mended_from_its_list_and_then_written_once(world: World, hr: Browser) -> None:
    address = uploads(hr, BAD).headers["location"]
    page = hr.get(address).text
    assert "Còn 6 lỗi" in page
    assert "không có đơn vị mang mã này" in page and "ngày này không có trên lịch" in page and "Ghi 2 dòng" not in page
    only = hr.get(f"{address}?cot=tu_ngay&muc=loi").text
    assert "trên lịch" in only and "không có đơn vị" not in only
    (rows,) = [CalamineWorkbook.from_filelike(BytesIO(hr.get(f"{address}/loi.xlsx").content)).get_sheet_by_index(0)]
    assert rows.to_python()[0] == ["Dòng", "Cột", "Giá trị", "Vấn đề", "Cách sửa", "Mức"]
    listed = hr.get(f"{address}/loi.csv").content
    assert listed.startswith(b"\xef\xbb\xbf") and b"'=cmd" in listed
    assert writes(hr, address).status_code == 422

    address = uploads(hr, GOOD).headers["location"]
    page = hr.get(address).text
    assert "Ghi 2 dòng" in page and "thêm mới" in page and "Lý Văn Bé" in page
    assert writes(hr, address).status_code == 303
    assert "Đã ghi" in hr.get(address).text and writes(hr, address).status_code == 422
    assert "MP-2" in hr.get("/hr?tim=ly+van+be").text
    again = hr.get(uploads(hr, GOOD).headers["location"]).text
    assert "Không có gì thay đổi" in again and "/ghi" not in again
    with world.services.records.reading() as s:
        assert len(list_audit(s, action="roster.apply")) == 1 and len(list_audit(s, action="roster.check")) == 3


def test_a_file_with_identity_numbers_is_refused_and_nothing_of_it_is_kept(world: World, hr: Browser) -> None:
    refused = uploads(hr, GOOD.replace("ly_do\n", "ly_do,CCCD\n"))
    assert refused.status_code == 422 and "Không nạp" in refused.text and "chưa lưu gì" in refused.text
    refused = uploads(hr, GOOD.replace("QĐ 12", "079123456789"))
    assert refused.status_code == 422 and "079123456789" not in refused.text
    with world.services.records.reading() as s:
        assert [entry.detail for entry in list_audit(s, action="roster.refused")] == [{"error": "roster_identity"}] * 2


def test_hr_of_a_unit_imports_only_into_its_own_tree(world: World, hr: Browser) -> None:
    unit = world.log_in("hr_phuong")
    page = unit.get(uploads(unit, HEADER + OF_OTHERS).headers["location"]).text
    assert "đơn vị ngoài phạm vi" in page and "ngoài phạm vi của anh/chị" in page and "Còn 2 lỗi" in page
    city = uploads(hr, GOOD).headers["location"]
    assert unit.get(city).status_code == 404 and unit.get(f"{city}/loi.csv").status_code == 404
    assert writes(unit, "/hr/danh-sach/khong-co").status_code == 404
    assert unit.get("/hr/qua-trinh?ma=CB-hung").status_code == 404
    assert unit.get("/hr/qua-trinh?ma=CB-lan").status_code == 200


def test_uploading_needs_a_form_of_this_session_and_a_bounded_file(world: World, hr: Browser) -> None:
    files = {"tep": ("ds.csv", GOOD.encode(), "text/csv")}
    assert hr.client.post(UPLOAD, files=files).status_code == 403
    assert world.log_in("lan").client.post(UPLOAD, files=files).status_code == 403
    assert "trống" in uploads(hr, b"").text
    large = {"Content-Length": "50000000"}
    assert hr.client.post(UPLOAD, data={"a": "b"}, headers=large).status_code == 413
    large = {"Content-Length": "2000000"}
    assert hr.client.post("/hr/qua-trinh/mien-hoan", data={"a": "b"}, headers=large).status_code == 413


def test_a_file_larger_than_a_submission_comes_through(hr: Browser) -> None:
    rows = "".join(f"MP-{n},Đặng Thị Ánh,công chức,P01,01/02/2020,đang làm,,{'lý do ' * 8}\n" for n in range(12_000))
    assert len(rows.encode()) > 1_000_000
    assert uploads(hr, HEADER + rows).status_code == 303


def test_an_exemption_is_recorded_with_its_decision_and_withdrawn_with_a_reason(world: World, hr: Browser) -> None:
    page = "/hr/qua-trinh?ma=CB-lan"
    fields = {"ma": "CB-lan", "loai": "exempt", "ly_do": "Chữa bệnh dài ngày", "quyet_dinh": ""}
    assert hr.send("/hr/qua-trinh/mien-hoan", fields, page=page).status_code == 422
    fields["quyet_dinh"] = "12/QĐ ngày 02/01/2027, CT Mai"
    assert hr.send("/hr/qua-trinh/mien-hoan", fields, page=page).status_code == 303
    assert "12/QĐ" in hr.get(page).text and "Chữa bệnh dài ngày" in hr.get("/hr/danh-sach").text
    with world.services.records.reading() as s:
        rule = world.services.course.rule
        assert {one.code: one.people for one in unit_rates(s, "2027", None, rule)}["P01"] == 1  # Đào; not Lan
    back = hr.send("/hr/qua-trinh/thu-hoi", {"ma": "CB-lan", "so": "1", "ly_do": "Đã đi làm lại"}, page="/hr/danh-sach")
    assert back.status_code == 303 and "đã thu hồi" in hr.get(page).text


def test_who_is_not_counted_and_late_changes_go_into_the_frozen_year(world: World, hr: Browser) -> None:
    world.now = datetime(2027, 11, 5, 2, 0, tzinfo=UTC)
    hr = world.log_in("hr_tp")
    rows = "MP-1,Đặng Thị Ánh,công chức,P01,01/11/2027,,,\nCB-lan,Nguyễn Thị Lan,công chức,S01,04/11/2027,,,\n"
    assert "không có lý do" in hr.get(uploads(hr, HEADER + rows).headers["location"]).text
    writes(hr, uploads(hr, HEADER + rows, ly_do="Sắp xếp đơn vị").headers["location"])
    late = hr.get("/hr/danh-sach").text
    assert "Sắp xếp đơn vị" in late and "chuyển đơn vị" in late
    world.now = datetime(2027, 11, 16, 1, 0, tzinfo=UTC)
    hr = world.log_in("hr_tp")
    moved_after = HEADER + "CB-lan,Nguyễn Thị Lan,công chức,P01,16/11/2027,,,Trở về\n"
    writes(hr, uploads(hr, moved_after).headers["location"])
    with world.services.records.reading() as s:
        lan = find_by_staff_code(s, "CB-lan")
        assert lan is not None and lan.unit_id == world.ward.id
        frozen = build(world, s)
    assert frozen["not_counted"] == [{"staff_code": "MP-1", "reason": "mới về đơn vị dưới 60 ngày"}]
    assert [(row["staff_code"], row["kind"], row["reason"]) for row in frozen["late_changes"]] == [
        ("CB-lan", "moved", "Sắp xếp đơn vị"),
        ("MP-1", "new", "Sắp xếp đơn vị"),
    ]
    assert {row["staff_code"]: row["unit_code"] for row in frozen["roster"]}["CB-lan"] == "S01"  # freeze day decides
    units = {row["unit_code"]: (row["people"], row["eligible"]) for row in frozen["units"]}
    assert units["P01"] == (2, 1) and units["S01"][0] == units["S01"][1] == 5


def build(world: World, s: Session) -> dict[str, list[dict[str, Any]]]:
    """The parts that a freeze would hold, as rows."""
    content = build_content(s, "2027", world.services.course.rule, datetime(2027, 11, 15, 17, tzinfo=UTC), None)
    return {
        part.name: [json.loads(line) for chunk in part.chunks for line in zlib.decompress(chunk.body).splitlines()]
        for part in content.parts
    }
