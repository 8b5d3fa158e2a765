"""The columns of a roster, by their Vietnamese titles in any order, with or without diacritics and asterisks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hocvu.vietnamese import search_form


@dataclass(frozen=True)
class Column:
    """One column. name: as the file may say it; aliases: other titles that people use."""

    name: str
    title: str
    required: bool = False
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("ma_cbccvc", "Mã CBCCVC", True, ("macb", "mavienchuc", "macongchuc")),
    Column("ho_ten", "Họ và tên", True, ("hovaten",)),
    Column("ngay_sinh", "Ngày sinh"),
    Column("loai", "Loại", True, ("loaicanbo",)),
    Column("ma_don_vi", "Mã đơn vị", True),
    Column("ten_don_vi", "Tên đơn vị", False, ("donvi",)),
    Column("phong_ban", "Phòng, ban", False, ("phong", "bophan", "phongbophan")),
    Column("vi_tri_viec_lam", "Vị trí việc làm", False, ("vitri",)),
    Column("chuc_vu", "Chức vụ", False, ("chucdanh",)),
    Column("la_lanh_dao", "Là lãnh đạo (0/1)", False, ("lanhdao", "lalanhdao01")),
    Column("email_cong_vu", "E-mail công vụ", False, ("email", "thucongvu")),
    Column("tu_ngay", "Từ ngày"),
    Column("den_ngay", "Đến ngày"),
    Column("trang_thai", "Trạng thái", False, ("tinhtrang",)),
    Column("mien_hoan", "Miễn, hoãn", False, ("mien", "hoan")),
    Column("ly_do", "Lý do", False, ("lydomienhoan",)),
)
NAMES = tuple(column.name for column in COLUMNS)
HEADER_WITHIN = 20  # rows: lists often begin with the name of the agency and a title
_NOT_LETTERS = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Header:
    """Where the columns are. row: its number in the file, from 1."""

    row: int
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


def plain(title: object) -> str:
    """Return a title as letters and digits only, lower case, without diacritics: "Mã CBCCVC *" → "macbccvc"."""
    return _NOT_LETTERS.sub("", search_form(str(title)))


_BY_PLAIN = {
    key: column.name for column in COLUMNS for key in (plain(column.name), plain(column.title), *column.aliases)
}


def find_header(cells: Sequence[object], row: int) -> Header | None:
    """Return the header if these cells are one: two of the required titles at least, or the staff code's."""
    places: dict[str, int] = {}
    unknown, twice = [], []
    for place, cell in enumerate(cells):
        title = str(cell).strip() if cell is not None else ""
        name = _BY_PLAIN.get(plain(title))
        if name is None:
            unknown.extend([title[:40]] if title else [])
        elif name in places:
            twice.append(name)
        else:
            places[name] = place
    required = [column.name for column in COLUMNS if column.required]
    if "ma_cbccvc" not in places and sum(name in places for name in required) < 2:
        return None
    missing = tuple(name for name in required if name not in places)
    return Header(row, places, tuple(unknown), missing, tuple(twice))
