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


# Every Vietnamese letter with a mark, as one character -> the letter as typed without a Vietnamese keyboard.
_BARE = {ord("đ"): "d", ord("Đ"): "D"} | {
    ord(unicodedata.normalize("NFC", letter + tone)): unicodedata.normalize("NFD", letter)[0]
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
}
_MARKED_LETTER = re.compile(f"[{''.join(chr(code) for code, bare in _BARE.items() if chr(code) != bare)}]")


def nfc(text: str) -> str:
    """Return text in Unicode form NFC, so that every Vietnamese letter is one character."""
    return unicodedata.normalize("NFC", text)


def strip_marks(text: str) -> str:
    """Return text as typed without a Vietnamese keyboard: "Đường ngập" becomes "Duong ngap"."""
    quick = text.translate(_BARE)
    if quick.isascii():  # nearly all text of the city; the way below gives the same and takes five times as long
        return quick
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")


def is_unmarked(text: str) -> bool:
    """Whether text is typed without any Vietnamese diacritic or đ."""
    return text.isascii() or (not _MARKED_LETTER.search(text) and strip_marks(text) == nfc(text))


def fold(text: str) -> str:
    """Return text in lower case, NFC, with tone marks in the old place ("hoà" becomes "hòa")."""
    lower = nfc(text).lower()
    if lower.isascii():
        return lower
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
