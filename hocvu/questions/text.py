"""Vietnamese text as people type it: one Unicode form, one spelling of tone marks, numbers in either style."""

import re
import unicodedata

# Old-style tone placement (hoà, thuý) and new style (hòa, thúy) are the same word to a reader.
_OLD_STYLE = re.compile(r"(oa|oe|uy)([\u0300\u0301\u0303\u0309\u0323])$")


def tidy(text: str) -> str:
    """Return `text` in NFC with outer and repeated spaces removed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the form in which two answers are compared: tidy, lower case, tone marks placed the new way."""
    return " ".join(_place_tone(word) for word in tidy(text).lower().split())


def without_marks(text: str) -> str:
    """Return `text` as typed on a keyboard without Vietnamese: no tone or vowel marks, đ as d."""
    decomposed = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return letters.replace("đ", "d").replace("Đ", "D")


def _place_tone(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    match = _OLD_STYLE.search(decomposed)
    if match:  # hoà -> hòa: the tone moves to the glide
        glide, tone = match.groups()
        decomposed = decomposed[: match.start()] + glide[0] + tone + glide[1]
    return unicodedata.normalize("NFC", decomposed)


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
