"""Workbooks, read by a child process: broken, protected and oversized ones end in a sentence, never in our process."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hocvu.roster.errors import UnreadableFile

CHILD = Path(__file__).with_name("sheet_child.py")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
_SAVE_AS = "Anh/chị mở tệp bằng Excel, chọn «Lưu thành», kiểu «Excel Workbook (.xlsx)», rồi nạp lại."

Cell = str | int | float | bool | date


@dataclass(frozen=True)
class Sheet:
    """The head of a sheet; its rows follow. formulas: (row, place), both from 1 and 0."""

    name: str
    formulas: frozenset[tuple[int, int]]


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIP, OLE))


def sheet_rows(data: bytes) -> Iterator[Sheet | list[Cell]]:
    """Yield each visible sheet's head and then its rows. Raises UnreadableFile."""
    if data.startswith(OLE):
        raise _old_or_protected(data)
    command = [sys.executable, "-I", str(CHILD)]
    process = subprocess.Popen(  # the child limits its own time and memory
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        _send(process.stdin, data)
        for line in process.stdout:
            yield _parse(line)
        _judge(process.wait())
    finally:
        process.stdout.close()
        process.kill()
        process.wait()


def _send(pipe: Any, data: bytes) -> None:
    try:
        pipe.write(data)
        pipe.close()
    except BrokenPipeError:  # the child has ended: its status says why
        return


def _parse(line: bytes) -> Sheet | list[Cell]:
    value = json.loads(line)
    if isinstance(value, dict):
        return Sheet(value["sheet"], frozenset(_place(address) for address in value["formulas"]))
    return [date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell for cell in value]


def _place(address: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    assert found is not None, address
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - 64
    return int(found[2]), place - 1


def _judge(status: int) -> None:
    if status == 3:
        raise _protected()
    if status:
        raise UnreadableFile(
            "Không đọc được bảng tính: tệp hỏng, không phải .xlsx, hoặc trang tính rộng quá mức (thường do có ô ở rất "
            f"xa bảng). {_SAVE_AS} Nếu vẫn vậy, anh/chị chép riêng bảng sang một tệp mới."
        )


def _old_or_protected(data: bytes) -> UnreadableFile:
    if _ENCRYPTED in data:
        return _protected()
    return UnreadableFile(f"Đây là tệp Excel kiểu cũ (.xls) hoặc không phải bảng tính. {_SAVE_AS}")


def _protected() -> UnreadableFile:
    return UnreadableFile(
        "Tệp đặt mật khẩu nên không mở được. Anh/chị bỏ mật khẩu (Excel: Tệp › Thông tin › Bảo vệ sổ làm việc), lưu, "
        "rồi nạp lại."
    )
