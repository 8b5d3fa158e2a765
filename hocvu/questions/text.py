"""Answers as people type them: tidy text, and numbers in either style."""

import re
from datetime import date

from hocvu.vietnamese import fold, nfc, strip_marks


def tidy(text: str) -> str:
    """Return `text` in NFC with outer and repeated spaces removed."""
    return " ".join(nfc(text).split())


_NUMBER = re.compile(r"([+\-−]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:[.,]([0-9]+))?\s*(%?)")


def read_number(text: str) -> float | None:
    """Return the number a person typed, None if it is not one.

    Accepts 0,152 · 0.152 · 15,2% · 15,2 % · 14.707 (thousands) · −3. "1.234" is thousands, as Vietnamese write it;
    "0.152" is a decimal because a thousands group cannot begin with 0.
    """
    typed = tidy(text)
    match = _NUMBER.fullmatch(typed)
    if not match:
        return None
    sign, whole, fraction, percent = match.groups()
    if "." in whole and whole.startswith("0"):
        head, *groups = whole.split(".")
        if len(groups) != 1 or fraction is not None:
            return None
        whole, fraction = head, groups[0]
    value = float(whole.replace(".", "") + ("." + fraction if fraction else ""))
    if sign in ("-", "−"):
        value = -value
    return value / 100 if percent else value


def show_number(value: float) -> str:
    """Return the number the Vietnamese way: decimal comma, thousands point, no needless zeros."""
    whole, _, fraction = f"{abs(value):.4f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    fraction = fraction.rstrip("0")
    return ("−" if value < 0 else "") + grouped + ("," + fraction if fraction else "")


_DATE = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4})")
_DATE_IN_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")


def read_date(text: str) -> date | None:
    """Return the day a person typed, None if it is not one.

    Accepts 05/12/2026 · 5/12/2026 · 5-12-2026 · 5.12.2026 · ngày 5 tháng 12 năm 2026: day first, year in four digits.
    """
    typed = fold(tidy(text))
    if match := _DATE.fullmatch(typed):
        day, _, month, year = match.groups()
    elif match := _DATE_IN_WORDS.fullmatch(typed):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def same_text(typed: str, wanted: str, *, marks_required: bool = True) -> bool:
    """Whether two texts are the same answer; case, tone-mark style, spaces, Unicode form, final stops do not matter.

    marks_required False: an answer without any diacritic counts too; one with other diacritics does not.
    """
    given, expected = _comparable(typed), _comparable(wanted)
    if given == expected:
        return True
    return not marks_required and given == strip_marks(given) == strip_marks(expected)


def _comparable(text: str) -> str:
    return fold(tidy(text)).strip(" .,;:!?…\"'“”«»()")
