"""Cells to values: clean text, dates, kinds of staff, states, yes and no. None: the cell says nothing; "-" empties."""

import re
import unicodedata
from datetime import date, timedelta

from hocvu.roster.columns import plain

CLEAR = "-"
KINDS = {
    "canbo": "cán bộ", "cb": "cán bộ", "congchuc": "công chức", "cc": "công chức", "vienchuc": "viên chức",
    "vc": "viên chức", "nguoilaodong": "người lao động", "nld": "người lao động", "laodonghopdong": "người lao động",
    "hopdonglaodong": "người lao động", "hdld": "người lao động",
}  # fmt: skip
STATUSES = {
    "danglam": "working", "danglamviec": "working", "dangcongtac": "working", "nghithaisan": "maternity",
    "thaisan": "maternity", "nghiom": "sick", "omdaingay": "sick", "nghiomdaingay": "sick", "dihoc": "study",
    "chuyendi": "transferred", "chuyencongtac": "transferred", "nghiviec": "left", "thoiviec": "left",
    "nghihuu": "left",
}  # fmt: skip
STATUS_NAMES = {
    "working": "đang làm", "maternity": "nghỉ thai sản", "sick": "nghỉ ốm dài ngày", "study": "đi học",
    "transferred": "chuyển đi", "left": "nghỉ việc",
}  # fmt: skip
ON_LEAVE, GONE = frozenset({"maternity", "sick", "study"}), frozenset({"transferred", "left"})
YES = frozenset({"1", "co", "x", "yes", "true", "dung"})
NO = frozenset({"0", "khong", "no", "false", "sai"})
EXEMPTIONS = {"mien": "exempt", "hoan": "deferred", "mienhoan": "exempt"}
EXEMPTION_NAMES = {"exempt": "miễn", "deferred": "hoãn"}
EXCEL_DAYS = range(7_306, 80_000)  # 1920 to 2119, as a spreadsheet numbers days
_DAY_ZERO = date(1899, 12, 30)
_DATE = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,24}")
_NAME_START = re.compile(r"(^|[\s'’\-])(\w)")


class BadValue(ValueError):
    """A cell that means nothing we know: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


def clean(text: str) -> tuple[str, frozenset[str]]:
    """Return the text as it is kept, and what was mended: "nfd", "invisible", "nbsp", "lines"."""
    if text.isascii() and text.isprintable():
        return (" ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text), frozenset()
    mended = {"lines"} if "\n" in text.strip() or "\r" in text.strip() else set()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        mended.add("nfd")
    bare = _CONTROLS.sub("", _INVISIBLE.sub("", text))
    if bare != text:
        mended.add("invisible")
    spaced = " ".join(bare.split())
    if "\u00a0" in bare or "\u202f" in bare or "\u3000" in bare:
        mended.add("nbsp")
    return spaced, frozenset(mended)


def read_date(value: object) -> date:
    """Return the day of a date cell or of dd/mm/yyyy. Raises BadValue."""
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if int(value) in EXCEL_DAYS:
            return _DAY_ZERO + timedelta(days=int(value))
        raise BadValue("không phải ngày", "Ghi dạng dd/mm/yyyy, ví dụ 05/09/2027.")
    text = str(value)
    found = _DATE.fullmatch(text)
    if found is None:
        raise BadValue("không phải ngày", "Ghi đủ ngày, tháng, năm dạng dd/mm/yyyy, ví dụ 05/09/2027.")
    return _day_of(found[1], found[2], found[3])


def _day_of(first: str, month: str, last: str) -> date:
    day, year = (last, first) if len(first) == 4 else (first, last)
    if len(year) != 4 or len(day) > 2:
        raise BadValue("năm không đủ bốn chữ số", "Ghi năm đủ bốn chữ số, ví dụ 05/09/2027.")
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        if int(month) > 12 and int(day) <= 12:
            raise BadValue("có vẻ ghi tháng trước ngày", "Ghi ngày trước, tháng sau: dd/mm/yyyy.") from error
        raise BadValue("ngày này không có trên lịch", "Kiểm tra lại ngày và tháng.") from error


def read_kind(text: str) -> str:
    return _choose(text, KINDS, "không phải loại cán bộ nào", "Ghi một trong: cán bộ, công chức, viên chức, NLĐ.")


def read_status(text: str) -> str:
    names = ", ".join(STATUS_NAMES.values())
    return _choose(text, STATUSES, "không phải trạng thái nào", f"Ghi một trong: {names}.")


def read_yes_no(value: object) -> bool:
    """Return whether a cell says yes. Raises BadValue."""
    word = plain(value)
    if word not in YES | NO:
        raise BadValue("không phải 0 hoặc 1", "Ghi 1 nếu là lãnh đạo, 0 nếu không.")
    return word in YES


def read_exemption(value: object) -> str:
    """Return "exempt", "deferred" or "none". Raises BadValue."""
    word = plain(value)
    if word in EXEMPTIONS:
        return EXEMPTIONS[word]
    if word in YES | NO:
        return "exempt" if word in YES else "none"
    raise BadValue("không phải miễn hay hoãn", "Ghi «miễn», «hoãn» hoặc «không»; lý do ghi ở cột ly_do.")


def read_email(text: str) -> str:
    """Return an address in lower case. Raises BadValue."""
    if not _EMAIL.fullmatch(text):
        raise BadValue("không phải địa chỉ thư điện tử", "Ghi một địa chỉ, không dấu, dạng ten@donvi.gov.vn.")
    return text.lower()


def check_name(name: str) -> None:
    """Raise BadValue for what no person is called. Every letter of the Latin script may be in a name: K'Brôih."""
    if any(letter.isdigit() for letter in name):
        raise BadValue("họ tên có chữ số", "Kiểm tra cột: có thể lệch cột hoặc dính số thứ tự.")
    for letter in name:
        if not letter.isalpha():
            if letter not in " '’-.":
                raise BadValue(f"họ tên có ký tự lạ «{letter}»", "Chỉ ghi họ, đệm, tên; ghi chú để ở cột khác.")
        elif not letter.isascii() and not unicodedata.name(letter, "").startswith("LATIN"):
            raise BadValue(f"họ tên có chữ «{letter}» không thuộc bảng chữ Latinh", "Gõ lại họ tên bằng bộ gõ Unicode.")


def spell_name(name: str) -> str:
    """Return a name that is all capitals or all small letters with a capital at the start of each word."""
    if len(name) > 1 and (name.isupper() or name.islower()):
        return _NAME_START.sub(lambda found: found[1] + found[2].upper(), name.lower())
    return name


def is_oddly_spelt(name: str) -> bool:
    """Whether a word begins small, or has a capital inside that no apostrophe explains."""
    words = [part for word in name.replace("’", "'").split() for part in re.split(r"['\-]", word) if part]
    return any(word[0].islower() or any(letter.isupper() for letter in word[1:]) for word in words)


def _choose(text: str, known: dict[str, str], what: str, mend: str) -> str:
    try:
        return known[plain(text)]
    except KeyError:
        raise BadValue(what, mend) from None
