"""The emulation board: published units and nominated persons, and nothing about anybody else."""

from datetime import UTC, datetime

import pytest

from hocvu.records import add_unit, list_audit, list_units
from hocvu.records.years import list_snapshots
from hocvu.scoring import UnitCounts
from hocvu.year.unit_counts import frozen_rows, live_rows, live_units
from tests.portal.test_unit_head import crowd
from tests.portal.world import EXERCISE, Browser, World

GOOD = {"ma": "CB-lan", "ly_do": "Hướng dẫn cả tổ <b>dùng</b> AI.", "van_ban": "TTr 12", "ngay": "2026-11-30"}


@pytest.fixture
def board(world: World) -> Browser:
    world.settle("dua", "Bùi Thị Đua", world.office.id, "board")
    return world.log_in("dua")


@pytest.fixture
def hr(world: World) -> Browser:
    return world.log_in("hr_tp")


def test_hr_nominates_and_only_then_the_board_reads_the_record(world: World, hr: Browser, board: Browser) -> None:
    world.log_in("lan").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    before = board.get("/thi-dua").text
    assert "Chưa có ai được đề cử" in before and "CB-" not in before
    assert board.get("/thi-dua/de-cu/1").status_code == 404
    assert hr.send("/hr/de-cu", GOOD).status_code == 303
    listed = board.get("/thi-dua").text
    assert "Nguyễn Thị Lan" in listed and "&lt;b&gt;dùng" in listed and "CB-hung" not in listed
    record = board.get("/thi-dua/de-cu/1").text
    assert "4/4" in record and "Mức hoàn thành" in record and "Danh hiệu, khen thưởng" in record
    assert "/ket-qua/" not in record, "evidence, never answers"
    with world.services.records.reading() as s:
        assert [len(list_audit(s, action=one)) for one in ("nomination.add", "board.person", "board.view")] == [1, 1, 2]


def test_a_withdrawn_nomination_leaves_the_board_and_stays_on_record(hr: Browser, board: Browser) -> None:
    hr.send("/hr/de-cu", GOOD)
    assert hr.send("/hr/de-cu/1/rut", {"ly_do": ""}, page="/hr/de-cu").status_code == 422
    assert hr.send("/hr/de-cu/1/rut", {"ly_do": "Ghi nhầm"}, page="/hr/de-cu").status_code == 303
    assert "Ghi nhầm" in hr.get("/hr/de-cu").text
    assert "Lan" not in board.get("/thi-dua").text.replace("Lan tỏa", "")
    assert board.get("/thi-dua/de-cu/1").status_code == 404
    assert hr.send("/hr/de-cu/1/rut", {"ly_do": "x"}, page="/hr/de-cu").status_code == 404
    assert hr.send("/hr/de-cu", GOOD).status_code == 303, "and may be nominated again"


def test_a_nomination_that_cannot_be_is_refused_and_kept_to_mend(hr: Browser) -> None:
    for change, said in (
        ({"ly_do": " "}, "lý do đề cử"),
        ({"van_ban": ""}, "Máy không tự đề cử"),
        ({"ngay": "2027-01-01"}, "không sau hôm nay"),
        ({"ngay": "hôm qua"}, "chọn ngày"),
        ({"ma": "CB-ai"}, "không có trong danh sách"),
        ({"ma": "CB-hr_tp"}, "không tự ghi"),
    ):
        refused = hr.send("/hr/de-cu", {**GOOD, **change})
        assert refused.status_code == 422 and said in refused.text and "CB-" in refused.text, change


def test_hr_of_a_unit_nominates_its_own_people_only(world: World, hr: Browser) -> None:
    unit = world.log_in("hr_phuong")
    assert unit.send("/hr/de-cu", {**GOOD, "ma": "CB-hung"}).status_code == 422
    hr.send("/hr/de-cu", {**GOOD, "ma": "CB-hung"})
    assert "CB-hung" not in unit.get("/hr/de-cu").text
    assert unit.send("/hr/de-cu/1/rut", {"ly_do": "x"}, page="/hr/de-cu").status_code == 404
    assert unit.send("/hr/de-cu", GOOD).status_code == 303
    assert hr.send("/hr/de-cu", GOOD).status_code == 422, "nobody is nominated twice"


def test_small_units_are_in_no_row_of_their_own(world: World, board: Browser) -> None:
    crowd(world, 14, world.ward.id, bands=6)
    page = board.get("/thi-dua").text
    assert "Phường Hoa Mai" in page and "Sở Thử nghiệm" not in page and "hạng 1" not in page
    assert "1 đơn vị (5 người) của khối Sở – ngành" in page and "Số liệu tạm tính" in page
    with world.services.records.session() as s:
        small = [add_unit(s, f"S{n}", f"Sở {n}", "Sở – ngành") for n in (2, 3)]
    for unit, bands in zip(small, (1, 3), strict=True):
        crowd(world, 4, unit.id, unit.code, bands=bands)
    page = board.get("/thi-dua").text
    assert "3 đơn vị nhỏ, gộp chung" in page and "Sở 2" not in page


def test_the_board_reads_the_frozen_table_once_there_is_one(world: World, board: Browser) -> None:
    for n in range(9):
        world.settle(f"n{n}", f"Người n{n}", world.ward.id)
    world.log_in("lan").hand_in({"1-2": "a", "1-4": "5"})
    world.now = datetime(2027, 11, 16, 1, 0, tzinfo=UTC)
    hr, board = world.log_in("hr_tp"), world.log_in("dua")
    hr.send("/hr/de-cu", GOOD)
    fields = {"ky": "2027", "loai": "provisional", "xac_nhan": "CHỐT TẠM 2027"}
    assert hr.send("/chot-so/thuc-hien", fields, page="/chot-so").status_code == 303
    with world.services.records.reading() as s:
        (snapshot,) = list_snapshots(s)
        rule, units = world.services.course.rule, list_units(s)
        now = {row.code: row for row in live_rows(units, live_units(s, "2027", rule))}
        assert now["P01"].counts == UnitCounts(people=11, participating=1, advanced=0, rising=0)
        assert {row.code: row for row in frozen_rows(s, snapshot, rule)} == now, "nothing has happened in between"
    page = board.get("/thi-dua").text
    assert "Theo bản chốt tạm" in page and "Phường Hoa Mai" in page and "Số liệu tạm tính" not in page
    assert "Theo bản chốt tạm" in board.get("/thi-dua/de-cu/1").text


def test_the_board_opens_nobody_elses_pages(world: World, board: Browser) -> None:
    for path in (
        "/hr",
        "/hr/ket-qua.xlsx",
        "/hr/don-vi",
        "/don-vi",
        "/dong-gop",
        "/hr/de-cu",
        "/rut-cau",
        "/giang-vien",
    ):
        assert board.get(path).status_code == 403, path
    for login in ("lan", "hr_tp", "giang", "admin"):
        assert world.log_in(login).get("/thi-dua").status_code == 403
