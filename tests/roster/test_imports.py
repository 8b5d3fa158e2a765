"""Stories of rosters: dry run, mend, import, once more; people who move, leave, come back, are exempt."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from hocvu.records import AuditEntry, PeopleFilter, Person, RosterImport, find_unit_by_code, list_people_scores
from hocvu.records.exemptions import list_exemptions
from hocvu.records.roster import find_import, late_changes, list_imports
from hocvu.roster.errors import IdentityNumbers, ImportRefused
from tests.roster.town import PERIOD, Town, csv_file, errors, notes, person

LAN = person("CB01", "Nguyễn Thị Lan", tu_ngay="01/02/2020", phong_ban="Văn phòng")
HUNG = person("CB02", "Trần Văn Hùng", ma_don_vi="P02", email_cong_vu="hung@p02.gov.vn")


def test_a_messy_roster_is_mended_and_imported_and_then_changes_nothing(town: Town) -> None:
    messy = csv_file(
        {**LAN, "tu_ngay": "31/02/2020"}, {**HUNG, "loai": "cộng tác viên"}, person("CB02", "Lê 2", ma_don_vi="P0 1"),
        person("", "Võ Mai"), person("CB05", "PHẠM MINH", ma_don_vi="P03", mien_hoan="miễn"),
    )  # fmt: skip
    checked = town.checks(messy)
    assert errors(checked) == [
        (2, "tu_ngay", "ngày này không có trên lịch"),
        (3, "loai", "không phải loại cán bộ nào"),
        (4, "ho_ten", "họ tên có chữ số"),
        (4, "ma_cbccvc", "mã đã có ở dòng 3"),
        (4, "ma_don_vi", "không có đơn vị mang mã này"),
        (5, "ma_cbccvc", "thiếu"),
        (6, "ly_do", "miễn hoặc hoãn mà không có lý do"),
        (6, "ma_don_vi", "không có đơn vị mang mã này"),
    ]
    assert [note[1] for note in notes(checked)] == ["ho_ten"]
    with pytest.raises(ImportRefused, match="còn lỗi"):
        town.applies(checked)

    mended = csv_file(LAN, HUNG, person("0005", "PHẠM MINH", mien_hoan="miễn", ly_do="QĐ 12/QĐ-UBND ngày 02/01/2027"))
    assert town.applies(town.checks(mended))["new"] == 3
    assert town.person("0005").name == "Phạm Minh"
    again = town.checks(mended)
    assert again.writes == 0 and again.counts["unchanged"] == 3


def test_new_people_are_found_without_diacritics_and_can_be_nobody_but_learners(town: Town) -> None:
    town.imports(LAN, HUNG)
    with town.records.reading() as s:
        found = list_people_scores(s, period_id=PERIOD, only=PeopleFilter(search="tran van hung"))
    assert [one.staff_code for one in found] == ["CB02"]
    hung = town.person("CB02")
    assert (hung.roles, hung.login, hung.hr_unit_id) == (["learner"], None, None)


def test_changes_are_shown_field_by_field_and_an_empty_cell_says_nothing(town: Town) -> None:
    town.imports(LAN, HUNG)
    counts = town.imports({**LAN, "phong_ban": "", "chuc_vu": "Trưởng phòng"}, {**HUNG, "email_cong_vu": "-"})
    assert counts["changed"] == 2
    assert town.person("CB01").department == "Văn phòng" and town.person("CB02").email == ""
    assert town.state("CB01").job_title == "Trưởng phòng"


def test_a_person_who_moves_leaves_a_stay_behind(town: Town) -> None:
    town.imports(LAN, HUNG)
    assert town.imports({**LAN, "ma_don_vi": "P02", "tu_ngay": "15/02/2027"})["moved"] == 1
    assert town.stays("CB01") == [
        ("P01", date(2020, 2, 1), date(2027, 2, 14)),
        ("P02", date(2027, 2, 15), None),
    ]
    assert town.person("CB01").unit_id == town.other
    back = town.checks(csv_file({**LAN, "tu_ngay": "10/02/2027"}))
    assert errors(back) == [(2, "", "ngày chuyển không sau ngày vào đơn vị đang có (15/02/2027)")]


def test_a_person_from_before_the_records_keeps_an_open_beginning(town: Town) -> None:
    town.imports(person("CB07"))
    town.imports(person("CB07", ma_don_vi="P02"))
    assert town.stays("CB07") == [("P01", None, date(2027, 2, 28)), ("P02", date(2027, 3, 1), None)]


def test_who_left_stays_in_the_records_and_may_come_back(town: Town) -> None:
    town.imports(LAN)
    gone = {**LAN, "den_ngay": "28/02/2027", "trang_thai": "nghỉ việc"}
    assert town.imports(gone)["left"] == 1
    assert town.checks(csv_file(gone)).writes == 0
    town.today = date(2027, 5, 1)
    assert town.imports({**LAN, "tu_ngay": "01/05/2027", "trang_thai": "đang làm"})["returned"] == 1
    assert town.stays("CB01") == [("P01", date(2020, 2, 1), date(2027, 2, 28)), ("P01", date(2027, 5, 1), None)]
    assert [kind for kind, _ in town.changes("CB01")] == ["new", "changed", "left", "changed", "returned"]


def test_missing_people_are_only_listed_unless_somebody_decides(town: Town) -> None:
    town.imports(LAN, HUNG, person("CB03", "Võ Mai"))
    short = csv_file(LAN)
    listed = town.checks(short, complete=True, reason="Rà soát tháng 3")
    assert listed.counts["missing"] == 1 and listed.writes == 0  # Hùng's ward is not in the file
    assert town.applies(listed, left_on=date(2027, 2, 28))["marked_left"] == 1
    assert town.stays("CB03") == [("P01", None, date(2027, 2, 28))]
    assert town.changes("CB03")[-1] == ("left", "Rà soát tháng 3")
    assert "missing" not in town.checks(short).counts
    with town.records.reading() as s:
        assert s.scalar(select(func.count(Person.id))) == 3


def test_long_leave_does_not_move_the_day_of_joining(town: Town) -> None:
    town.imports(LAN)
    leave = {**LAN, "trang_thai": "nghỉ thai sản", "tu_ngay": "01/01/2027", "den_ngay": "30/06/2027"}
    assert town.imports(leave)["leave"] == 1
    assert town.checks(csv_file(leave)).writes == 0
    assert town.stays("CB01") == [("P01", date(2020, 2, 1), None)]
    state = town.state("CB01")
    assert (state.leave_kind, state.leave_from, state.leave_to) == ("maternity", date(2027, 1, 1), date(2027, 6, 30))


def test_exemptions_are_kept_with_reasons_and_withdrawn_not_deleted(town: Town) -> None:
    town.imports({**LAN, "mien_hoan": "hoãn", "ly_do": "QĐ 5"})
    town.imports({**LAN, "mien_hoan": "miễn", "ly_do": "QĐ 9"})
    with town.records.reading() as s:
        assert [(one.kind, one.reason) for one, _, _ in list_exemptions(s, PERIOD)] == [("exempt", "QĐ 9")]
    assert town.checks(csv_file(LAN)).writes == 0  # an empty cell says nothing
    town.imports({**LAN, "mien_hoan": "không"})
    with town.records.reading() as s:
        assert list_exemptions(s, PERIOD) == []


def test_officers_of_two_units_cannot_reach_into_each_others(town: Town) -> None:
    town.imports(LAN, HUNG)
    foreign = csv_file(
        person("CB08", "Võ Mai", ma_don_vi="P02"), {**HUNG, "ma_don_vi": "P01"}, person("CB09", "An Bình")
    )
    checked = town.checks(foreign, town.ward_hr)
    assert errors(checked) == [
        (2, "ma_don_vi", "đơn vị ngoài phạm vi của anh/chị"),
        (3, "ma_cbccvc", "mã này đang thuộc đơn vị ngoài phạm vi của anh/chị"),
    ]
    assert not any("Hùng" in issue.what + issue.mend + issue.value for issue in checked.issues)
    pushed = town.checks(csv_file({**LAN, "ma_don_vi": "P02"}), town.ward_hr)
    assert errors(pushed) == [(2, "ma_don_vi", "đơn vị ngoài phạm vi của anh/chị")]
    assert town.imports(person("CB10", "Bùi Tổ", ma_don_vi="P01-A"), officer=town.ward_hr)["new"] == 1


def test_unknown_units_are_made_only_when_asked_below_the_officers_own(town: Town) -> None:
    row = person("CB11", "Bùi Mới", ma_don_vi="P01-B", ten_don_vi="Tổ Hai")
    checked = town.checks(csv_file(row), town.ward_hr)
    assert "Có phải P01-A?" in checked.issues[0].mend and "Tạo đơn vị chưa có" in checked.issues[0].mend
    assert town.imports(row, officer=town.ward_hr, create_units=True)["new_units"] == 1
    with town.records.reading() as s:
        made = find_unit_by_code(s, "P01-B")
        assert made is not None and (made.name, made.parent_id, made.bloc) == ("Tổ Hai", town.ward, "Phường")
    with pytest.raises(ImportRefused, match="chọn khối"):
        town.checks(csv_file(row), create_units=True)


def test_changes_near_the_freeze_need_a_reason_and_are_listed(town: Town) -> None:
    town.today = date(2027, 9, 16)  # 60 days before 15/11
    town.imports(LAN, HUNG)
    town.today = date(2027, 9, 17)
    moved = {**LAN, "ma_don_vi": "P02", "tu_ngay": "17/09/2027"}
    assert errors(town.checks(csv_file(moved))) == [(2, "ly_do", "thay đổi danh sách gần ngày chốt mà không có lý do")]
    town.imports({**LAN, "chuc_vu": "Phó phòng"})  # a job title decides nothing about who counts where
    town.imports({**moved, "ly_do": "QĐ điều động 77"})
    town.imports(person("CB12", "Võ Mới", tu_ngay="01/09/2027"), reason="Tuyển dụng đợt 2")
    with town.records.reading() as s:
        late = late_changes(s, date(2027, 11, 15))
    assert [(code, change.kind, change.reason) for change, code, _, _ in late] == [
        ("CB01", "moved", "QĐ điều động 77"),
        ("CB12", "new", "Tuyển dụng đợt 2"),
    ]


def test_what_was_shown_is_what_is_done(town: Town) -> None:
    """Somebody else imported in between: nothing is written, not even half."""
    first = town.checks(csv_file(LAN, HUNG))
    town.imports(LAN)
    with pytest.raises(ImportRefused, match="đã khác lúc xem trước"):
        town.applies(first)
    with town.records.reading() as s:
        assert s.scalar(select(func.count(Person.id))) == 1
    second = town.checks(csv_file(LAN, HUNG))
    town.applies(second)
    with pytest.raises(ImportRefused, match="không ghi hai lần"):
        town.applies(second)


def test_the_log_names_hash_and_who_and_rows_are_forgotten_after_a_day(town: Town) -> None:
    applied = town.checks(csv_file(LAN), town.ward_hr)
    town.applies(applied, town.ward_hr)
    waiting = town.checks(csv_file(LAN, HUNG))
    town.today += timedelta(days=2)
    town.checks(csv_file(LAN))
    with town.records.reading() as s:
        logged = find_import(s, applied.id)
        assert logged is not None and (logged.state, logged.applied_by, logged.body) == ("applied", "hr-p01", None)
        assert logged.file_sha256 == applied.about.sha256
        assert len(list_imports(s)) == 3 and len(list_imports(s, unit_ids=[town.ward])) == 1
    with pytest.raises(ImportRefused, match="quá một ngày"):
        town.applies(waiting)


def test_of_a_file_with_identity_numbers_nothing_is_kept(town: Town) -> None:
    with pytest.raises(IdentityNumbers):
        town.checks(csv_file({**LAN, "Số CCCD": "079123456789"}))
    with town.records.reading() as s:
        assert s.scalar(select(func.count(RosterImport.id))) == 0
        assert s.scalar(select(func.count(AuditEntry.id))) == 0
