"""A file to clean rows: its kind found by its first bytes, its header by its titles, every cell looked at once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hocvu.roster.columns import HEADER_WITHIN, Header, find_header
from hocvu.roster.csv_file import csv_rows, read_text
from hocvu.roster.errors import UnreadableFile
from hocvu.roster.identity import DigitWatch, refuse_titles
from hocvu.roster.issues import Issues
from hocvu.roster.rows import RosterRow, RowReader
from hocvu.roster.values import clean
from hocvu.roster.xlsx_file import Cell, Sheet, is_workbook, sheet_rows

LARGEST_BYTES = 40_000_000
MOST_ROWS = 250_000
MENDED = {
    "nfd": ("dấu tiếng Việt ghi rời (Unicode tổ hợp)", "Hệ thống đã ghép lại; không cần làm gì."),
    "lines": ("có xuống dòng trong ô", "Hệ thống đã nối thành một dòng; không cần làm gì."),
    "invisible": ("có ký tự không nhìn thấy", "Hệ thống đã bỏ; không cần làm gì."),
    "nbsp": ("có dấu cách cứng (dán từ web hoặc Word)", "Hệ thống đã đổi thành dấu cách thường; không cần làm gì."),
}


@dataclass(frozen=True)
class FileAbout:
    """What the file is. sheet: its name in a workbook; encoding: of a CSV."""

    sha256: str
    size_bytes: int
    header: Header
    sheet: str = ""
    encoding: str = ""


@dataclass
class OpenRoster:
    """A file being read: its head is known, rows() gives the rest once."""

    about: FileAbout
    titles: tuple[str, ...]
    formulas: frozenset[tuple[int, int]]
    body: Iterator[tuple[int, Sequence[Cell]]]

    def rows(self, issues: Issues, reader: RowReader) -> Iterator[RosterRow]:
        """Yield the rows; what is wrong with them is in `issues`. Raises IdentityNumbers, UnreadableFile."""
        watch = DigitWatch(self.titles, self.about.header.places["ma_cbccvc"])
        places = self.about.header.places
        count = 0
        for row, cells in self.body:
            texts = ["" if cell is None or isinstance(cell, (bool, date)) else str(cell) for cell in cells]
            watch.look(row, texts)
            values = _values(row, cells, places, issues)
            if not values:
                continue
            count += 1
            if count > MOST_ROWS:
                raise UnreadableFile(f"Tệp có hơn {MOST_ROWS} dòng. Anh/chị chia theo đơn vị thành nhiều tệp.")
            self._tell_formulas(row, values, issues)
            yield reader.read(row, values)
        watch.finish()
        if not count:
            raise UnreadableFile(
                f"Dưới dòng tiêu đề (dòng {self.about.header.row}) không có dòng nào. Anh/chị kiểm tra tệp."
            )

    def _tell_formulas(self, row: int, values: Mapping[str, object], issues: Issues) -> None:
        if not self.formulas:
            return
        for name, place in self.about.header.places.items():
            if (row, place) in self.formulas:
                what = "là công thức" if name in values else "là công thức không có giá trị"
                mend = "Hệ thống lấy giá trị đã tính; kiểm tra lại, tốt nhất dán dạng giá trị rồi nạp lại."
                issues.note(row, name, values.get(name, ""), what, mend)


def open_roster(data: bytes) -> OpenRoster:
    """Return the file with its header found. Raises UnreadableFile, IdentityNumbers."""
    if not data.strip():
        raise UnreadableFile("Tệp trống. Anh/chị chọn lại tệp.")
    if len(data) > LARGEST_BYTES:
        raise UnreadableFile(f"Tệp lớn hơn {LARGEST_BYTES // 1_000_000} MB. Anh/chị chia theo đơn vị thành nhiều tệp.")
    return _open_workbook(data) if is_workbook(data) else _open_csv(data)


def _open_csv(data: bytes) -> OpenRoster:
    text, encoding = read_text(data)
    rows = enumerate(csv_rows(text), 1)
    header, titles = _header(rows)
    if header is None:
        raise _no_header("tệp")
    return OpenRoster(_about(data, header, encoding=encoding), titles, frozenset(), rows)


def _open_workbook(data: bytes) -> OpenRoster:
    """The first visible sheet with a header among its first rows."""
    names: list[str] = []
    sheet, row = Sheet("", frozenset()), 0
    lines = sheet_rows(data)
    for line in lines:
        if isinstance(line, Sheet):
            sheet, row = line, 0
            names.append(sheet.name)
            continue
        row += 1
        header = find_header(line, row) if row <= HEADER_WITHIN else None
        if header:
            titles = _titles(line)
            _check(header, titles)
            return OpenRoster(_about(data, header, sheet=sheet.name), titles, sheet.formulas, _rows_after(lines, row))
    raise _no_header(f"các trang tính: {', '.join(name[:40] for name in names[:10]) or 'không có trang nào hiện'}")


def _rows_after(lines: Iterator[Sheet | list[Cell]], row: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, line in enumerate(lines, row + 1):
        if isinstance(line, Sheet):
            return
        yield number, line


def _header(rows: Iterable[tuple[int, Sequence[object]]]) -> tuple[Header | None, tuple[str, ...]]:
    for row, cells in rows:
        header = find_header(cells, row)
        if header:
            titles = _titles(cells)
            _check(header, titles)
            return header, titles
        if row >= HEADER_WITHIN:
            break
    return None, ()


def _titles(cells: Sequence[object]) -> tuple[str, ...]:
    return tuple(clean(str(cell))[0][:40] if cell is not None else "" for cell in cells)


def _check(header: Header, titles: Sequence[str]) -> None:
    refuse_titles(titles)
    if header.twice:
        raise UnreadableFile(f"Dòng {header.row}: cột {', '.join(header.twice)} có hai lần. Anh/chị giữ lại một cột.")
    if header.missing:
        seen = ", ".join(title for title in titles if title)
        raise UnreadableFile(
            f"Dòng {header.row}: thiếu cột bắt buộc {', '.join(header.missing)}. Các cột đọc được: {seen}. Anh/chị "
            "thêm cột rồi nạp lại; tệp mẫu có đủ các cột."
        )


def _no_header(where: str) -> UnreadableFile:
    return UnreadableFile(
        f"Không thấy dòng tiêu đề trong {HEADER_WITHIN} dòng đầu của {where}. Dòng tiêu đề cần có ma_cbccvc, ho_ten, "
        "loai, ma_don_vi. Anh/chị so với tệp mẫu rồi nạp lại."
    )


def _about(data: bytes, header: Header, *, sheet: str = "", encoding: str = "") -> FileAbout:
    return FileAbout(hashlib.sha256(data).hexdigest(), len(data), header, sheet, encoding)


def _values(row: int, cells: Sequence[Cell], places: Mapping[str, int], issues: Issues) -> dict[str, object]:
    """Return the clean, non-empty cells of the known columns; what was mended in them is told."""
    values: dict[str, object] = {}
    for name, place in places.items():
        cell = cells[place] if place < len(cells) else None
        if isinstance(cell, str):
            text, mended = clean(cell)
            for kind in mended:
                issues.note(row, name, text, *MENDED[kind], kind)
            if text:
                values[name] = text
        elif cell is not None:
            values[name] = cell
    return values
