"""One row of the file to one row of the roster; whatever is wrong with it becomes a finding with its mend."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from hocvu.roster.issues import Issues
from hocvu.roster.values import (
    CLEAR,
    GONE,
    ON_LEAVE,
    BadValue,
    check_name,
    is_oddly_spelt,
    read_date,
    read_email,
    read_exemption,
    read_kind,
    read_status,
    read_yes_no,
    spell_name,
)

Value = TypeVar("Value")
LONGEST = {"ma_cbccvc": 64, "ma_don_vi": 32, "email_cong_vu": 254}
LONGEST_TEXT = 300
YOUNGEST, OLDEST = 15, 100  # years: beyond, a day of birth is a slip
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/\-]{0,62}[A-Za-z0-9])?")
_kind, _status = lru_cache(1000)(read_kind), lru_cache(1000)(read_status)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What a row says. None: nothing; "": to be emptied. exemption: "", "exempt", "deferred", "none".

    is_right False: something in it could not be read; it is only compared, so that all its errors are told at once.
    """

    row: int
    staff_code: str
    name: str
    kind: str
    unit_code: str
    unit_name: str | None
    department: str | None
    position: str | None
    job_title: str | None
    is_leader: bool | None
    email: str | None
    starts_on: date | None
    ends_on: date | None
    status: str
    exemption: str
    reason: str
    is_right: bool = True


class RowReader:
    """Reads rows one after the other; remembers what must be unique."""

    def __init__(self, issues: Issues, today: date) -> None:
        self._issues = issues
        self._today = today
        self._codes: dict[str, int] = {}
        self._births: dict[tuple[str, date], int] = {}

    @property
    def codes(self) -> frozenset[str]:
        """The staff codes so far, in lower case."""
        return frozenset(self._codes)

    def read(self, row: int, cells: Mapping[str, object]) -> RosterRow:
        """Return the row. cells: column name → clean, non-empty value."""
        before = self._issues.errors
        self._refuse_formulas(row, cells)
        name = self._name(row, cells)
        birth = self._date(row, cells, "ngay_sinh")
        self._check_birth(row, name, birth)
        found = RosterRow(
            row=row,
            staff_code=self._code(row, cells),
            name=name,
            kind=self._given(row, cells, "loai", _kind) or "",
            unit_code=self._required(row, cells, "ma_don_vi"),
            unit_name=self._text(row, cells, "ten_don_vi"),
            department=self._text(row, cells, "phong_ban"),
            position=self._text(row, cells, "vi_tri_viec_lam"),
            job_title=self._text(row, cells, "chuc_vu"),
            is_leader=self._read(row, cells, "la_lanh_dao", read_yes_no),
            email=self._email(row, cells),
            starts_on=self._date(row, cells, "tu_ngay"),
            ends_on=self._date(row, cells, "den_ngay"),
            status=self._read(row, cells, "trang_thai", _status) or "",
            exemption=self._read(row, cells, "mien_hoan", read_exemption) or "",
            reason=self._text(row, cells, "ly_do") or "",
        )
        self._check_days(found)
        if found.exemption in ("exempt", "deferred") and not found.reason:
            self._issues.error(
                row, "ly_do", "", "miễn hoặc hoãn mà không có lý do", "Ghi lý do và số, ngày quyết định ở cột ly_do."
            )
        return found if self._issues.errors == before else replace(found, is_right=False)

    def _refuse_formulas(self, row: int, cells: Mapping[str, object]) -> None:
        for column, value in cells.items():
            if isinstance(value, str) and value[0] in "=+@" and len(value) > 1:
                self._issues.error(row, column, value, "là công thức", "Chép ô rồi dán dạng giá trị (Paste Values).")

    def _code(self, row: int, cells: Mapping[str, object]) -> str:
        code = self._required(row, cells, "ma_cbccvc")
        if not code:
            return ""
        if isinstance(cells["ma_cbccvc"], (int, float)):
            self._issues.note(
                row, "ma_cbccvc", code, "ô là kiểu số: Excel có thể đã bỏ số 0 ở đầu mã",
                "So với mã gốc; nếu thiếu số 0 thì định dạng cột là «Văn bản» rồi nhập lại.",
            )  # fmt: skip
        if not _CODE.fullmatch(code):
            self._issues.error(
                row, "ma_cbccvc", code, "mã có ký tự không dùng được",
                "Mã gồm chữ cái không dấu, chữ số và . _ / - ; tối đa 64 ký tự.",
            )  # fmt: skip
        first = self._codes.setdefault(code.casefold(), row)
        if first != row:
            self._issues.error(
                row, "ma_cbccvc", code, f"mã đã có ở dòng {first}", "Mỗi người một dòng; giữ dòng đúng, xóa dòng thừa."
            )
        return code

    def _name(self, row: int, cells: Mapping[str, object]) -> str:
        name = self._required(row, cells, "ho_ten")
        if not name:
            return ""
        try:
            check_name(name)
        except BadValue as wrong:
            self._issues.error(row, "ho_ten", name, wrong.what, wrong.mend)
            return name
        spelt = spell_name(name)
        if spelt != name:
            self._issues.note(
                row, "ho_ten", name, f"viết hoa hoặc viết thường toàn bộ, sẽ ghi là «{spelt}»",
                "Nếu không đúng, sửa trong tệp.", "all-caps",
            )  # fmt: skip
        elif is_oddly_spelt(name):
            self._issues.note(row, "ho_ten", name, "viết hoa khác thường, giữ nguyên", "Kiểm tra lại họ tên.")
        if " " not in name:
            self._issues.note(row, "ho_ten", name, "họ tên chỉ có một chữ", "Kiểm tra có thiếu họ hoặc tên không.")
        return spelt

    def _email(self, row: int, cells: Mapping[str, object]) -> str | None:
        return "" if cells.get("email_cong_vu") == CLEAR else self._read(row, cells, "email_cong_vu", _as_email)

    def _date(self, row: int, cells: Mapping[str, object], column: str) -> date | None:
        return None if cells.get(column) == CLEAR else self._read(row, cells, column, read_date)

    def _check_birth(self, row: int, name: str, birth: date | None) -> None:
        if birth is None:
            return
        age = (self._today - birth).days // 365
        if not YOUNGEST <= age <= OLDEST:
            self._issues.error(
                row, "ngay_sinh", f"{birth:%d/%m/%Y}", "ngày sinh không hợp lý", "Kiểm tra lại năm sinh, hoặc để trống."
            )
        first = self._births.setdefault((name.casefold(), birth), row)
        if first != row:
            self._issues.note(
                row, "ngay_sinh", f"{birth:%d/%m/%Y}", f"cùng họ tên và ngày sinh với dòng {first}",
                "Nếu là một người có hai mã, giữ một dòng.", "same-birth",
            )  # fmt: skip

    def _check_days(self, found: RosterRow) -> None:
        start, end = found.starts_on, found.ends_on
        if start and end and end < start:
            self._issues.error(
                found.row,
                "den_ngay",
                f"{end:%d/%m/%Y}",
                f"đến ngày trước từ ngày ({start:%d/%m/%Y})",
                "Sửa một trong hai.",
            )
        if start and start > self._today and found.status not in ON_LEAVE:
            self._issues.error(
                found.row, "tu_ngay", f"{start:%d/%m/%Y}", "ngày ở tương lai", "Nạp lại dòng này khi đến ngày ấy."
            )
        if found.status in ON_LEAVE and start is None:
            self._issues.error(
                found.row, "tu_ngay", "", "nghỉ hoặc đi học mà không có ngày bắt đầu",
                "Ghi ngày bắt đầu nghỉ ở tu_ngay (và ngày hết nghỉ ở den_ngay nếu đã biết).",
            )  # fmt: skip
        if found.status in GONE and (end is None or end > self._today + timedelta(days=366)):
            self._issues.error(
                found.row, "den_ngay", "", "chuyển đi hoặc nghỉ việc mà không có ngày cuối",
                "Ghi ngày làm việc cuối cùng ở den_ngay.",
            )  # fmt: skip

    def _required(self, row: int, cells: Mapping[str, object], column: str) -> str:
        text = self._text(row, cells, column)
        if not text:
            self._issues.error(row, column, "", "thiếu", f"Điền {column}; cột này bắt buộc.")
        return text or ""

    def _given(self, row: int, cells: Mapping[str, object], column: str, read: Callable[[str], str]) -> str | None:
        if column not in cells:
            self._issues.error(row, column, "", "thiếu", f"Điền {column}; cột này bắt buộc.")
        return self._read(row, cells, column, lambda value: read(str(value)))

    def _text(self, row: int, cells: Mapping[str, object], column: str) -> str | None:
        value = cells.get(column)
        if value is None:
            return None
        if isinstance(value, date):
            self._issues.error(
                row, column, f"{value:%d/%m/%Y}", "ô là ngày tháng: Excel đã tự đổi",
                "Định dạng ô là «Văn bản» rồi gõ lại.",
            )  # fmt: skip
            return None
        text = str(value)
        if len(text) > LONGEST.get(column, LONGEST_TEXT):
            longest = LONGEST.get(column, LONGEST_TEXT)
            self._issues.error(row, column, text, f"dài {len(text)} ký tự", f"Rút còn tối đa {longest} ký tự.")
        return "" if text == CLEAR else text

    def _read(
        self, row: int, cells: Mapping[str, object], column: str, read: Callable[[object], Value]
    ) -> Value | None:
        value = cells.get(column)
        if value is None:
            return None
        try:
            return read(value)
        except BadValue as wrong:
            self._issues.error(row, column, value, wrong.what, wrong.mend)
            return None


def _as_email(value: object) -> str:
    return read_email(str(value))
