"""Answers as people type them: tidy text, and numbers in either style."""

import re

from hocvu.vietnamese import nfc


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
