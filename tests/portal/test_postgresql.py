"""The whole portal on PostgreSQL: everybody's year in one story, and every page of every role."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hocvu.year.verify import verify_bundle
from tests.portal.test_access import PAGES
from tests.portal.test_activation import NEW, codes, enters
from tests.portal.test_api_oauth import connect
from tests.portal.test_roster import HEADER, uploads, writes
from tests.portal.test_year import FINAL_DAY, freezes
from tests.portal.world import Browser, World
from tests.postgresql import PostgreSQL

ROLES = {
    "lan": "learner",
    "hr_tp": "hr",
    "giang": "instructor",
    "admin": "admin",
    "truong": "unit_head",
    "dua": "board",
}
ROWS = HEADER + "MP-1,Đặng Thị Ánh,công chức,P01,01/12/2026,,,\nMP-2,Lý Văn Bé,NLĐ,S01,01/12/2026,,,\n"


@pytest.fixture
def world(tmp_path: Path, root: Path, postgresql: PostgreSQL) -> Iterator[World]:
    with World(tmp_path, root, postgresql.new_database()) as world:
        (world.root / "node_modules").symlink_to(root / "node_modules")  # the fonts
        yield world


def test_a_year_of_the_portal(world: World) -> None:
    hr = world.log_in("hr_tp")
    assert writes(hr, uploads(hr, ROWS).headers["location"]).status_code == 303
    anh = comes_in(world, hr, "MP-1", "P01")
    result = learns(anh)
    appeal = is_heard(world, anh, result)
    is_pulled(world)
    is_looked_up(hr)
    opens_every_page(world)
    is_frozen(world)
    assert "Đã trả lời" in world_log_in(world, "MP-1", NEW).get(appeal).text


def world_log_in(world: World, login: str, password: str) -> Browser:
    browser = world.visitor()
    assert browser.log_in(login, password).status_code == 303
    return browser


def comes_in(world: World, hr: Browser, staff_code: str, unit: str) -> Browser:
    visitor = world.visitor()
    assert enters(visitor, staff_code, codes(hr, unit)[staff_code]).status_code == 303
    return visitor


def learns(anh: Browser) -> str:
    """A draft, an attempt, the same again: one receipt, and points on the page."""
    assert anh.save({"1-2": "b"}).status_code == 200
    first = anh.hand_in({"1-2": "a", "1-3": {"rules": [["rác", "RAC"]]}}, key="cung-mot-khoa")
    again = anh.hand_in({"1-2": "a", "1-3": {"rules": [["rác", "RAC"]]}}, key="cung-mot-khoa")
    assert first.status_code == again.status_code == 201, first.text
    assert first.json()["receipt"]["id"] == again.json()["receipt"]["id"]
    result = f"/ket-qua/{first.json()['receipt']['id']}"
    assert "4/4" in anh.get(result).text
    return result


def is_heard(world: World, anh: Browser, result: str) -> str:
    attempt = result.rpartition("/")[2]
    fields = {"loai": "item", "noi_dung": "Cả hai bên đều đúng.", "bai": attempt, "cau": "1-2"}
    place: str = anh.send("/kien-nghi", fields).headers["location"]
    review = f"/xet-kien-nghi/{place.rpartition('/')[2]}"
    opinion = {"cach": "kept", "tra_loi": "Đáp án đúng với bài học."}
    giang, hr = world.log_in("giang"), world.log_in("hr_tp")
    assert giang.send(f"{review}/y-kien", opinion, page=review).status_code == 303
    assert hr.send(f"{review}/ket-luan", {"viec": "dong_y"}, page=review).status_code == 303
    return place


def is_pulled(world: World) -> None:
    """An HR system with its own id and secret, unit by unit; evidence and units too."""
    system = connect(world, "scores:read", "scores:read.names", "evidence:read", "units:read", unit="P01")
    token = system.token()
    (row,) = system.read(token, "/api/v1/scores?fields=names").json()["scores"]
    assert (row["staff_code"], row["name"], row["seq"]) == ("MP-1", "Đặng Thị Ánh", 1)
    cursor = system.read(token).json()["next_cursor"]
    world.log_in("lan").hand_in({"1-2": "a"})
    assert [row["staff_code"] for row in system.read(token, f"/api/v1/scores?cursor={cursor}").json()["scores"]] == [
        "CB-lan"
    ]
    assert system.read(token, "/api/v1/people/MP-1/evidence").json()["evidence"]
    assert system.read(token, "/api/v1/units").status_code == 200


def is_looked_up(hr: Browser) -> None:
    """Names without diacritics, wildcards as letters, every order; the workbook is whole."""
    assert "MP-1" in hr.get("/hr?tim=dang+thi").text and "MP-1" in hr.get("/hr?tim=mp-1").text
    for wild in ("%25", "_", "\\"):
        assert "MP-1" not in hr.get(f"/hr?tim={wild}").text
    for order in ("ho_ten", "-nl1", "ty_le", "-ngay_dat", "phong"):
        assert hr.get(f"/hr?sap={order}&nang_luc=NL1&duoi=3").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(hr.get("/hr/ket-qua.xlsx").content)).get_sheet_by_index(0)
    assert len(book.to_python()) == 1 + 8
    assert hr.get("/hr/ket-qua.pdf").content.startswith(b"%PDF-")


def opens_every_page(world: World) -> None:
    world.settle("truong", "Hoàng Trưởng", world.ward.id, "unit_head", hr_unit_id=world.ward.id)
    world.settle("dua", "Bùi Đua", world.office.id, "board")
    for login, role in ROLES.items():
        browser = world.log_in(login)
        for path in [path for path, needed in PAGES.items() if needed == role]:
            assert browser.get(path).status_code == 200, path


def is_frozen(world: World) -> None:
    """First for the time being, then for good; the bundle is right by the published key."""
    world.now = datetime(2027, 11, 16, 1, tzinfo=UTC)
    assert freezes(world.log_in("hr_tp"), "provisional", "CHỐT TẠM 2027") == 303
    world.now = FINAL_DAY
    hr = world.log_in("hr_tp")
    assert freezes(hr, "final", "CHỐT CHÍNH THỨC 2027") == 303, hr.get("/chot-so").text
    bundle = world.root.parent / "goi.zip"
    bundle.write_bytes(hr.get("/chot-so/2027-final/goi.zip").content)
    (key,) = world.visitor().get("/xac-minh/khoa.json").json()["keys"]
    assert verify_bundle(bundle, key).is_right
