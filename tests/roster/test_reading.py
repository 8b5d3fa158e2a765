"""Files as offices have them, and as nobody should: every one ends in rows or in a sentence."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.roster.errors import IdentityNumbers, RosterError, UnreadableFile
from hocvu.roster.issues import Issue, Issues
from hocvu.roster.reading import open_roster
from hocvu.roster.rows import RosterRow, RowReader
from tests.roster.town import csv_file, person, xlsx_file

TODAY = date(2027, 3, 1)
HEADER = ["ma_cbccvc", "ho_ten", "loai", "ma_don_vi"]
LAN = ["CB01", "Nguyễn Thị Lan", "công chức", "P01"]


def read(data: bytes) -> tuple[list[RosterRow], list[Issue]]:
    issues = Issues()
    opened = open_roster(data)
    return list(opened.rows(issues, RowReader(issues, TODAY))), list(issues)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_csv_is_read_whatever_excel_saved_it_as(separator: str, encoding: str) -> None:
    ((row,), issues) = read(csv_file(person("001"), separator=separator, encoding=encoding))
    assert (row.staff_code, row.name, row.kind, row.unit_code) == ("001", "Nguyễn Thị Lan", "công chức", "P01")
    assert issues == []


def test_windows_1258_is_read_and_composed() -> None:
    data = "ma_cbccvc,ho_ten,loai,ma_don_vi\n1,Trâ\u0300n Thi\u0323 Ha\u0323nh,công chư\u0301c,P01\n".encode("cp1258")
    ((row,), _) = read(data)
    assert row.name == "Trần Thị Hạnh"


def test_an_old_font_encoding_is_recognised_and_refused() -> None:
    tcvn3 = "ma_cbccvc,ho_ten,loai,ma_don_vi\n1,NguyÔn ThÞ Lan,c«ng chøc,P01\n".encode("latin-1")
    with pytest.raises(UnreadableFile, match="TCVN3"):
        read(tcvn3)


@pytest.mark.parametrize(
    "title", ["Mã CBCCVC*", "MA_CBCCVC", "mã cbccvc", " Mã-CBCCVC ", unicodedata.normalize("NFD", "Mã CBCCVC")]
)
def test_titles_are_found_with_or_without_diacritics(title: str) -> None:
    head = ["Họ và tên", "LOẠI", title, "Mã đơn vị"]
    rows, _ = read(xlsx_file([head, ["Lan Anh", "VC", "CB01", "P01"]]))
    assert [row.staff_code for row in rows] == ["CB01"]


def test_a_list_may_begin_with_the_name_of_the_agency_and_hide_other_sheets() -> None:
    data = xlsx_file([["Ghi chú"]], [["ỦY BAN NHÂN DÂN"], [], ["DANH SÁCH"], HEADER, LAN, [], LAN[:0], LAN])
    opened = open_roster(data)
    issues = Issues()
    rows = list(opened.rows(issues, RowReader(issues, TODAY)))
    assert opened.about.header.row == 4 and [row.row for row in rows] == [5, 8]
    assert issues.kept[0].what == "mã đã có ở dòng 5"


def test_numbers_dates_and_formulas_of_a_workbook() -> None:
    head = [*HEADER, "tu_ngay", "la_lanh_dao", "phong_ban"]
    data = xlsx_file(
        [head, [12345, *LAN[1:], date(2020, 2, 1), 1, "Văn phòng"], ["CB02", *LAN[1:], 43862, 0, date(2027, 1, 2)],
         ["CB03", *LAN[1:], "1/2/2020", "=1+0", "=CONCAT(A1)"]],
        formulas=True,
    )  # fmt: skip
    rows, issues = read(data)
    assert [row.staff_code for row in rows] == ["12345", "CB02", "CB03"]
    assert {row.starts_on for row in rows} == {date(2020, 2, 1)}
    told = {(issue.row, issue.column): issue.what for issue in issues}
    assert "bỏ số 0" in told[2, "ma_cbccvc"] and "Excel đã tự đổi" in told[3, "phong_ban"]
    assert "công thức" in told[4, "la_lanh_dao"] and "công thức" in told[4, "phong_ban"]


def test_invisible_and_decomposed_letters_are_mended_and_told() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị") + "\u00a0Lan\u200b"
    ((row,), issues) = read(csv_file(person("CB01", name)))
    assert row.name == "Nguyễn Thị Lan"
    assert len(issues) == 3 and not any(issue.is_error for issue in issues)


@pytest.mark.parametrize("title", ["Số CCCD", "cmnd", "CĂN CƯỚC CÔNG DÂN", "Số định danh cá nhân", "so_cmt/socmt"])
def test_a_column_of_identity_numbers_is_refused_by_its_title(title: str) -> None:
    with pytest.raises(IdentityNumbers, match="chưa lưu gì"):
        read(csv_file(person("CB01", **{title: ""})))


@pytest.mark.parametrize("value", ["079123456789", "079 123 456 789", "079.123.456.789", "CC: 079123456789 cấp 2021"])
def test_a_twelve_digit_number_anywhere_refuses_the_file_and_is_not_repeated(value: str) -> None:
    with pytest.raises(IdentityNumbers, match="dòng 3, cột «ghi_chu»") as refusal:
        read(csv_file(person("CB01"), person("CB02", ghi_chu=value)))
    assert "079" not in str(refusal.value)
    with pytest.raises(IdentityNumbers):
        read(csv_file(person("079123456789")))


def test_identity_numbers_that_lost_their_zero_are_noticed_in_a_workbook() -> None:
    rows = [[f"CB{n}", *LAN[1:], 79123456000 + n] for n in range(5)]
    with pytest.raises(IdentityNumbers, match="mất số 0"):
        read(xlsx_file([[*HEADER, "Ghi chú"], *rows]))


def test_a_unit_code_called_identity_code_is_no_person() -> None:
    rows, _ = read(csv_file(person("CB01", **{"Mã định danh đơn vị": "H29.01"})))
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kiểu cũ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"PK\x03\x04 broken", "hỏng"),
        (b"a,b,c\n1,2,3\n", "tiêu đề"),
        (b"ma_cbccvc,ho_ten\n1,Lan Anh\n", "thiếu cột bắt buộc loai, ma_don_vi"),
        (b"ma_cbccvc,ma_cbccvc,ho_ten,loai,ma_don_vi\n", "hai lần"),
        (b'ma_cbccvc,ho_ten,loai,ma_don_vi\n1,"Lan\n', "ngoặc kép"),
        (b"ma_cbccvc,ho_ten,loai,ma_don_vi\n\n", "không có dòng nào"),
    ],
)
def test_files_that_cannot_be_used_say_why(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(data)


def test_a_cell_a_million_rows_away_ends_the_child_and_not_us() -> None:
    """A sheet 16,384 columns by a million rows: 17 billion cells, if somebody believed it."""
    data = xlsx_file([HEADER, LAN])
    far = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(far, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            new.writestr(name, text)
    with pytest.raises(UnreadableFile, match="rộng quá mức"):
        read(far.getvalue())


WORKBOOK = xlsx_file([HEADER, LAN])  # made once: a workbook holds the moment it was made
TEXTS = st.text(max_size=60).map(lambda text: text.encode("utf-8", "ignore"))
HEADED = st.lists(st.text(alphabet='ab,;"\n\t=079 ễ\u0301\u200b', max_size=40), max_size=6).map(
    lambda lines: "\n".join(["ma_cbccvc,ho_ten,loai,ma_don_vi,tu_ngay", *lines]).encode()
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), TEXTS, HEADED))
def test_any_bytes_are_rows_or_a_roster_error(data: bytes) -> None:
    try:
        rows, issues = read(data)
    except RosterError as error:
        assert error.message
    else:
        assert all(row.is_right or issues for row in rows)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_rows_or_a_roster_error(data: st.DataObject) -> None:
    whole = bytearray(WORKBOOK)
    for place in data.draw(st.lists(st.integers(4, len(whole) - 1), max_size=20)):
        whole[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(5, len(whole)))
    try:
        read(bytes(whole[:cut]))
    except RosterError as error:
        assert error.message
