"""National identity numbers (CCCD, CMND) and how they are noticed: by title, by digits. Values are never repeated."""

import re
from collections import Counter
from collections.abc import Sequence

from hocvu.roster.columns import plain
from hocvu.roster.errors import IdentityNumbers

TITLES = (
    "cccd", "cmnd", "cancuoc", "chungminh", "dinhdanh", "hochieu", "passport", "socmt", "identity", "nationalid",
)  # fmt: skip
OF_UNITS = ("donvi", "coquan")  # units have an electronic identity code ("mã định danh") too
LOST_ZERO, OLD_NUMBER = 11, 9  # digits: a CCCD whose first 0 a spreadsheet dropped; a CMND
ENOUGH_VALUES = 3  # in a column, before its digits are judged as a whole
_TWELVE = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0]?\d){11}(?![ .\-\u00a0]?\d)")
_SEPARATORS = str.maketrans("", "", " .-\u00a0")
_WHY = (
    "Hệ thống không nhận số căn cước (CCCD, CMND) ở bất kỳ cột nào, và chưa lưu gì của tệp này. "
    "Anh/chị xóa hẳn cột hoặc các ô ấy rồi nạp lại; mã CBCCVC dùng mã hồ sơ cán bộ, không dùng số căn cước."
)


def refuse_titles(titles: Sequence[object]) -> None:
    """Raise IdentityNumbers if a title says that its column holds identity numbers."""
    for title in titles:
        bare = plain(title)
        if any(word in bare for word in TITLES) and not any(word in bare for word in OF_UNITS):
            raise IdentityNumbers(f"Tệp bị từ chối: cột «{str(title).strip()[:40]}» là cột số giấy tờ tùy thân. {_WHY}")


class DigitWatch:
    """Looks at every cell of every column. A single twelve-digit value refuses the whole file."""

    def __init__(self, titles: Sequence[str], code_place: int) -> None:
        self._titles = titles
        self._code_place = code_place
        self._values: Counter[int] = Counter()
        self._lost_zero: Counter[int] = Counter()
        self._old: Counter[int] = Counter()

    def look(self, row: int, texts: Sequence[str]) -> None:
        """Raise IdentityNumbers at the first cell with twelve digits in one number."""
        if _TWELVE.search("\n".join(texts)):
            place = next((place for place, text in enumerate(texts) if _TWELVE.search(text)), 0)
            raise IdentityNumbers(f"Tệp bị từ chối: dòng {row}, {self._name(place)} có số 12 chữ số. {_WHY}")
        for place, text in enumerate(texts):
            if text:
                self._values[place] += 1
                if text[0].isdigit() and len(text) >= OLD_NUMBER:
                    digits = text.translate(_SEPARATORS)
                    if digits.isdigit():
                        self._lost_zero[place] += len(digits) == LOST_ZERO
                        self._old[place] += len(digits) == OLD_NUMBER

    def finish(self) -> None:
        """Raise IdentityNumbers if most of a column looks like identity numbers without their first 0, or CMND."""
        for place, values in self._values.items():
            old = 0 if place == self._code_place else self._old[place]
            if values >= ENOUGH_VALUES and 2 * max(self._lost_zero[place], old) >= values:
                raise IdentityNumbers(
                    f"Tệp bị từ chối: {self._name(place)} gồm phần lớn là số 9 hoặc 11 chữ số, giống số CMND hoặc số "
                    f"căn cước bị mất số 0 ở đầu. {_WHY}"
                )

    def _name(self, place: int) -> str:
        title = self._titles[place] if place < len(self._titles) else ""
        return f"cột «{title}»" if title else f"cột thứ {place + 1}"
