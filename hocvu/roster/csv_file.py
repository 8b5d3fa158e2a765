"""CSV as offices have it: UTF-8 with or without BOM, UTF-16, Windows-1258; comma, semicolon, tab."""

import csv
import io
from collections.abc import Iterator

from hocvu.roster.columns import HEADER_WITHIN, find_header
from hocvu.roster.errors import UnreadableFile
from hocvu.vietnamese import is_unmarked, nfc, strip_marks

SEPARATORS = (",", ";", "\t", "|")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_RESAVE = "Anh/chị mở tệp bằng Excel, chọn «Lưu thành», kiểu «CSV UTF-8» hoặc «Excel Workbook (.xlsx)», rồi nạp lại."


def read_text(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding. Raises UnreadableFile."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data, encoding), encoding
    zeros_even, zeros_odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if max(zeros_even, zeros_odd) > len(data[:4000]) // 5:
        encoding = "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
        return _decode(data, encoding), encoding
    if b"\0" in data:
        raise UnreadableFile(f"Tệp có ký tự không phải chữ (mã 0), nên không phải tệp CSV. {_RESAVE}")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _windows(data), "windows-1258"


def csv_rows(text: str) -> Iterator[list[str]]:
    """Yield the rows, blank ones as empty lists, so that their numbers stay those of the spreadsheet."""
    separator, start = find_separator(text)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator, strict=True)
    row = 0
    if start:
        row = 1
        yield []
    try:
        for cells in reader:
            row += 1
            yield cells
    except csv.Error as error:
        raise UnreadableFile(
            f'Dòng {row + 1}: không đọc được, thường do thiếu hoặc thừa dấu ngoặc kép ("). {_RESAVE}'
        ) from error


def find_separator(text: str) -> tuple[str, int]:
    """Return the separator under which a header is found, and where the rows begin (after a line "sep=;")."""
    first, _, _ = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], len(first) + 1
    lines = text[:200_000].splitlines()[:HEADER_WITHIN]
    found = {sign: max((_columns(line, sign) for line in lines), default=0) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: found[sign]), 0


def _columns(line: str, sign: str) -> int:
    try:
        cells = next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return 0
    header = find_header(cells, 1)
    return len(header.places) if header else 0


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Tệp ghi theo bảng mã {encoding.upper()} nhưng hỏng ở byte thứ {error.start + 1}. {_RESAVE}"
        ) from error


def _windows(data: bytes) -> str:
    """Windows-1258 if that gives Vietnamese; anything else (TCVN3, VNI) would come out as nonsense."""
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise _unknown_encoding() from error
    letters = {letter for letter in text if not letter.isascii() and (letter.isalpha() or not letter.isprintable())}
    if not letters or any(is_unmarked(letter) or not strip_marks(letter).isascii() for letter in letters):
        raise _unknown_encoding()
    return text


def _unknown_encoding() -> UnreadableFile:
    return UnreadableFile(
        "Không nhận ra bảng mã của tệp: không phải Unicode (UTF-8, UTF-16), cũng không phải Windows-1258. Có thể là "
        f"TCVN3 (.VnTime) hoặc VNI; anh/chị đổi sang Unicode bằng công cụ gõ tiếng Việt trước. {_RESAVE}"
    )
