"""Names for search: lower case, without Vietnamese diacritics."""

import unicodedata

_MARKED_D = str.maketrans("đĐ", "dd")


def fold(text: str) -> str:
    """'Nguyễn  Thị Đào' → 'nguyen thi dao'."""
    decomposed = unicodedata.normalize("NFD", text.translate(_MARKED_D))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())
