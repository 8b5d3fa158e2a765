"""The words of the roster's stories: a town with two wards and a calendar, files typed by hand, officers."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter

from hocvu.records import Person, Records, add_unit, ensure_period, find_by_staff_code
from hocvu.records.roster import StaffState, changes_of, staff_states, stays_of
from hocvu.roster.check import Options
from hocvu.roster.imports import Checked, Officer, apply_import, check_import

PERIOD = "2027"
ROW = {"ma_cbccvc": "CB01", "ho_ten": "Nguyễn Thị Lan", "loai": "công chức", "ma_don_vi": "P01"}


def person(code: str, name: str = "Nguyễn Thị Lan", **more: str) -> dict[str, str]:
    """A row of a file; the rest of the columns by name."""
    return {**ROW, "ma_cbccvc": code, "ho_ten": name, **more}


def csv_file(*rows: dict[str, str], separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    titles = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, titles, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(*sheets: Sequence[Sequence[object]], formulas: bool = False) -> bytes:
    """Sheets of rows of cells; dates become date cells, texts that begin with = formulas if asked."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": formulas}
    with xlsxwriter.Workbook(file, options) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell, day if isinstance(cell, date) else None)
    return file.getvalue()


class Town:
    """Wards P01 and P02 (with a team P01-A below P01); the period ends on 15/11/2027."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.today = date(2027, 3, 1)
        with records.session() as s:
            self.ward = add_unit(s, "P01", "Phường Hoa Mai", "Phường").id
            self.team = add_unit(s, "P01-A", "Tổ Một", "Phường", parent_id=self.ward).id
            self.other = add_unit(s, "P02", "Phường Hoa Đào", "Phường").id
            ensure_period(s, PERIOD, date(2026, 11, 16), date(2027, 11, 15))
        self.city_hr = Officer("hr-tp")
        self.ward_hr = Officer("hr-p01", self.ward)
        self.other_hr = Officer("hr-p02", self.other)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(3), UTC)

    def checks(self, data: bytes, officer: Officer | None = None, **options: object) -> Checked:
        wanted = Options(PERIOD, **options)  # type: ignore[arg-type]
        return check_import(self.records, data, wanted, officer or self.city_hr, self.now, self.today)

    def applies(self, checked: Checked, officer: Officer | None = None, left_on: date | None = None) -> dict[str, int]:
        return apply_import(
            self.records, checked.id, officer or self.city_hr, self.now, self.today, missing_left_on=left_on
        )

    def imports(self, *rows: dict[str, str], officer: Officer | None = None, **options: object) -> dict[str, int]:
        """Check and apply a file without errors; the counts."""
        checked = self.checks(csv_file(*rows), officer, **options)
        assert not [issue for issue in checked.issues if issue.is_error], checked.issues
        return self.applies(checked, officer)

    def person(self, code: str) -> Person:
        with self.records.reading() as s:
            found = find_by_staff_code(s, code)
        assert found is not None, code
        return found

    def state(self, code: str) -> StaffState:
        with self.records.reading() as s:
            return staff_states(s, [code], PERIOD)[code]

    def stays(self, code: str) -> list[tuple[str, date | None, date | None]]:
        """(unit code, from, to), oldest first."""
        with self.records.reading() as s:
            return [(unit.code, stay.starts_on, stay.ends_on) for stay, unit in stays_of(s, self.person(code).id)]

    def changes(self, code: str) -> list[tuple[str, str]]:
        """(kind, reason), oldest first."""
        with self.records.reading() as s:
            return [(one.kind, one.reason) for one in reversed(changes_of(s, self.person(code).id))]


def errors(checked: Checked) -> list[tuple[int, str, str]]:
    """(row, column, what) of the errors."""
    return [(issue.row, issue.column, issue.what) for issue in checked.issues if issue.is_error]


def notes(checked: Checked) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.column, issue.what) for issue in checked.issues if not issue.is_error]
