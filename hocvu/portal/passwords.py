"""Passwords: argon2id, equal work for names that do not exist, and which passwords are too easy to guess."""

import re
import threading
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hocvu.vietnamese import nfc, strip_marks

_hasher = PasswordHasher()
# Verifying costs 64 MB each; a crowd at the door must not take the machine's memory.
_turns = threading.BoundedSemaphore(4)
# What an unknown name is checked against, so that it takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")
MAX_PASSWORD = 256  # characters; longer is never a password, only work
MIN_PASSWORD = 10
LEFT_OVER = 6  # characters that must be left without one's own name and what everybody tries first
# Without diacritics, as everything is that is compared with them.
GUESSED_FIRST = (
    "1234567890", "123456789", "12345678", "123456", "0987654321", "987654321", "qwertyuiop", "qwerty", "asdfghjkl",
    "abcdefgh", "abc123", "matkhau", "password", "congvu", "hocvuai", "hocvu", "binhdan", "hochiminh", "tphcm",
    "vietnam",
)  # fmt: skip


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    with _turns:
        return _hasher.hash(nfc(password))  # a phone may type the same letters in another Unicode form


def length_problem(password: str) -> str:
    """Return what is wrong with the length, "" if nothing is. It is the only rule of form."""
    if len(password) < MIN_PASSWORD:
        return f"Mật khẩu cần ít nhất {MIN_PASSWORD} ký tự. Một câu ngắn có dấu cách là mật khẩu tốt và dễ nhớ."
    if len(password) > MAX_PASSWORD:
        return f"Mật khẩu dài quá {MAX_PASSWORD} ký tự. Anh/chị chọn mật khẩu ngắn hơn."
    return ""


def guess_problem(password: str, own_words: Iterable[str]) -> str:
    """Return why the password is easy to guess for who knows the person, "" if it is not. own_words: name, codes."""
    bare = _bare(password)
    easy = {part for word in own_words for part in (_bare(word), *map(_bare, word.split())) if len(part) > 1}
    for word in sorted(easy | set(GUESSED_FIRST), key=len, reverse=True):
        bare = bare.replace(word, "")
    if len(bare) < LEFT_OVER or len(set(bare)) < LEFT_OVER // 2:
        return (
            "Mật khẩu này dễ đoán: gần như chỉ gồm họ tên, mã của anh/chị, dãy phím hoặc chữ ai cũng nghĩ đến. "
            "Anh/chị chọn mật khẩu khác, ví dụ một câu ngắn chỉ mình anh/chị nghĩ ra."
        )
    return ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", strip_marks(text).casefold())


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Return whether the password is right; None or an empty hash never is, and takes just as long."""
    if len(password) > MAX_PASSWORD:
        return False
    with _turns:
        try:
            return _hasher.verify(stored_hash or _NOBODY, nfc(password)) and bool(stored_hash)
        except (VerificationError, InvalidHashError):
            return False
