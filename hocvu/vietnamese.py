"""Vietnamese text made comparable: one Unicode form, one place for tone marks, with or without diacritics."""

import re
import unicodedata
from itertools import pairwise

_MARKED = {
    "o": {"a": "òóỏõọ", "e": "òóỏõọ"},
    "u": {"y": "ùúủũụ"},
}
_TONED = {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}
# "hoà" and "hòa" are one syllable: new style -> old style. Not after q ("quý"), not before a letter ("hoàn").
_NEW_STYLE = {
    first + _TONED[second][tone]: marks[tone] + second
    for first, seconds in _MARKED.items()
    for second, marks in seconds.items()
    for tone in range(5)
}
_NEW_STYLE_SYLLABLE = re.compile(f"(?<!q)({'|'.join(_NEW_STYLE)})(?![^\\W\\d_])")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")


def nfc(text: str) -> str:
    """Return text in Unicode form NFC, so that every Vietnamese letter is one character."""
    return unicodedata.normalize("NFC", text)


def strip_marks(text: str) -> str:
    """Return text as typed without a Vietnamese keyboard: "Đường ngập" becomes "Duong ngap"."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")


def is_unmarked(text: str) -> bool:
    """Whether text is typed without any Vietnamese diacritic or đ."""
    return strip_marks(text) == nfc(text)


def fold(text: str) -> str:
    """Return text in lower case, NFC, with tone marks in the old place ("hoà" becomes "hòa")."""
    lower = nfc(text).lower()
    return _NEW_STYLE_SYLLABLE.sub(lambda found: _NEW_STYLE[found.group()], lower)


def words(text: str) -> list[str]:
    """Return the folded words (letters and digits) in order; punctuation separates and is dropped."""
    return _WORD.findall(fold(text))


def padded(text: str) -> str:
    """Return the words with one space around each, so that `" rác " in padded(text)` finds whole words only."""
    return f" {' '.join(words(text))} "


def tokens(text: str) -> list[str]:
    """Return syllables and pairs of neighbouring syllables ("xe", "buýt", "xe_buýt"); digits are left out."""
    singles = _LETTERS.findall(fold(text))
    return singles + [f"{left}_{right}" for left, right in pairwise(singles)]


def search_form(text: str) -> str:
    """Return text as people search for it, lower case and without diacritics: "Nguyễn  Thị Đào" → "nguyen thi dao"."""
    return " ".join(strip_marks(text).casefold().split())
