"""HR freezes the year on pages: look, confirm, download, correct; the public checks without logging in."""

import json
import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from hocvu.records import list_audit
from hocvu.signing import check_signature
from hocvu.year.verify import verify_bundle
from tests.portal.world import EXERCISE, Browser, World

AFTER_THE_PERIOD = datetime(2027, 11, 16, 1, 0, tzinfo=UTC)
FINAL_DAY = datetime(2027, 12, 7, 2, 0, tzinfo=UTC)


def freezes(browser: Browser, kind: str, typed: str) -> int:
    look = browser.send("/chot-so/xem-truoc", {"ky": "2027", "loai": kind}, page="/chot-so")
    assert look.status_code == 200, look.text
    fields = {"ky": "2027", "loai": kind, "xac_nhan": typed}
    return browser.send("/chot-so/thuc-hien", fields, page="/chot-so").status_code


@pytest.fixture
def hr(world: World) -> Browser:
    """HR of the whole city, on the day after the period; Lan has handed in."""
    world.log_in("lan").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    world.now = AFTER_THE_PERIOD
    return world.log_in("hr_tp")


def test_two_steps_and_the_typed_words_freeze_the_year(world: World, hr: Browser) -> None:
    look = hr.send("/chot-so/xem-truoc", {"ky": "2027", "loai": "provisional"}, page="/chot-so").text
    assert "CHỐT TẠM 2027" in look and "Kết quả từng người" in look and "Danh hiệu, khen thưởng" in look
    assert freezes(hr, "provisional", "chốt") == 422
    assert freezes(hr, "provisional", "CHỐT TẠM 2027") == 303
    page = hr.get("/chot-so").text
    assert "Tải gói có chữ ký" in page and "CB-hr_tp" in page
    assert freezes(hr, "provisional", "CHỐT TẠM 2027") == 422  # once is enough
    with world.services.records.reading() as s:
        assert len(list_audit(s, action="year.freeze")) == 1


def test_before_the_end_of_the_period_the_page_says_why_not(world: World) -> None:
    look = world.log_in("hr_tp").send("/chot-so/xem-truoc", {"ky": "2027", "loai": "final"}, page="/chot-so").text
    assert "còn nhận bài đến 24:00 ngày 15/11/2027" in look and "Gõ câu xác nhận" not in look


def test_hr_of_a_unit_may_look_but_not_freeze_download_or_correct(world: World, hr: Browser) -> None:
    assert freezes(hr, "provisional", "CHỐT TẠM 2027") == 303
    unit = world.log_in("hr_phuong")
    page = unit.get("/chot-so").text
    assert "Chỉ cán bộ tổ chức của toàn thành phố" in page and "goi.zip" not in page
    for path in ("/chot-so/xem-truoc", "/chot-so/thuc-hien", "/chot-so/phu-luc"):
        fields = {"ky": "2027", "loai": "provisional", "xac_nhan": "CHỐT TẠM 2027", "ma": "CB-lan", "dong_y": "1"}
        assert unit.send(path, fields, page="/chot-so").status_code == 403, path
    assert unit.get("/chot-so/2027-provisional/goi.zip").status_code == 403


def test_freezing_needs_a_form_of_this_session(world: World, hr: Browser) -> None:
    fields = {"ky": "2027", "loai": "provisional", "xac_nhan": "CHỐT TẠM 2027"}
    assert hr.client.post("/chot-so/thuc-hien", data=fields).status_code == 403


def test_the_downloaded_bundle_is_right_by_the_published_key(world: World, hr: Browser, tmp_path: Path) -> None:
    freezes(hr, "provisional", "CHỐT TẠM 2027")
    answer = hr.get("/chot-so/2027-provisional/goi.zip")
    assert answer.headers["content-type"] == "application/zip"
    (key,) = world.visitor().get("/xac-minh/khoa.json").json()["keys"]
    assert set(key) == {"crv", "x", "kty", "kid", "alg", "use"}
    path = tmp_path / "goi.zip"
    path.write_bytes(answer.content)
    assert verify_bundle(path, key).is_right
    with zipfile.ZipFile(BytesIO(answer.content)) as bundle:
        assert check_signature(bundle.read("manifest.jws").decode(), key, "hocvu-snapshot+jws")
    with world.services.records.reading() as s:
        assert len(list_audit(s, action="year.bundle")) == 1


def test_anybody_looks_a_hash_up(world: World, hr: Browser) -> None:
    freezes(hr, "provisional", "CHỐT TẠM 2027")
    page = world.visitor().get("/xac-minh").text
    (sha256,) = set(re.findall(r"[0-9a-f]{64}", page))
    assert "<strong>Đúng.</strong>" in world.visitor().get(f"/xac-minh?sha256={sha256.upper()}").text
    other = "0" * 64
    assert "Không có bản chốt nào mang mã này" in world.visitor().get(f"/xac-minh?sha256={other}").text
    assert "CB-lan" not in page and "Nguyễn" not in page


def test_each_person_sees_their_own_frozen_result(world: World, hr: Browser) -> None:
    freezes(hr, "provisional", "CHỐT TẠM 2027")
    page = world.log_in("lan").get("/kien-nghi").text
    assert "Chốt tạm kỳ 2027: kết quả của tôi" in page and "4/16" in page
    assert "0/16" in world.log_in("hung").get("/kien-nghi").text


def test_an_annex_is_made_once_confirmed_and_shows_on_the_public_page(world: World, hr: Browser) -> None:
    freezes(hr, "provisional", "CHỐT TẠM 2027")
    world.now = FINAL_DAY
    hr = world.log_in("hr_tp")
    assert freezes(hr, "final", "CHỐT CHÍNH THỨC 2027") == 303
    fields = {"ky": "2027", "ma": "CB-lan", "muc_NL1": "1", "ly_do": "Chấm lại câu 1.2"}
    refused = hr.send("/chot-so/phu-luc", fields, page="/chot-so")
    assert refused.status_code == 422 and "đánh dấu ô xác nhận" in refused.text
    assert hr.send("/chot-so/phu-luc", {**fields, "dong_y": "1"}, page="/chot-so?ky=2027").status_code == 303
    assert "CB-lan" in hr.get("/chot-so?ky=2027").text
    assert "SHA-256 của phụ lục cuối" in world.visitor().get("/xac-minh").text
    down = {**fields, "muc_NL1": "0", "dong_y": "1"}
    assert "quyết định đã ký" in hr.send("/chot-so/phu-luc", down, page="/chot-so?ky=2027").text
    odd = {**down, "qd_ngay": "hôm qua"}
    assert "không đọc được" in hr.send("/chot-so/phu-luc", odd, page="/chot-so?ky=2027").text


def test_handing_in_after_the_final_freeze_leaves_the_snapshot(world: World, hr: Browser) -> None:
    freezes(hr, "provisional", "CHỐT TẠM 2027")
    world.now = FINAL_DAY
    hr = world.log_in("hr_tp")
    freezes(hr, "final", "CHỐT CHÍNH THỨC 2027")
    before = hr.get("/chot-so/2027-final/goi.zip").content
    world.log_in("hung").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    assert hr.get("/chot-so/2027-final/goi.zip").content == before
    with zipfile.ZipFile(BytesIO(before)) as bundle:
        rows = [json.loads(line) for line in bundle.read("results.jsonl").splitlines()]
    assert {row["staff_code"]: row["points"] for row in rows}["CB-hung"] == 0


def test_the_calendar_says_what_is_only_expected_and_where_it_comes_from(world: World) -> None:
    page = world.log_in("hr_phuong").get("/chot-so").text
    assert "chậm nhất 06/12/2027" in page and "dự kiến" in page and "Nghị quyết 28/2026/QH16" in page
