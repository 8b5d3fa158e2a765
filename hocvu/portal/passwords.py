"""Passwords: argon2id, equal work for names that do not exist, and a brake on guessing."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Verifying costs 64 MB each; a crowd at the door must not take the machine's memory.
_turns = threading.BoundedSemaphore(4)
# What an unknown name is checked against, so that it takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")
MAX_PASSWORD = 256  # characters; longer is never a password, only work

WINDOW = timedelta(minutes=15)
TRIES_PER_LOGIN = 8
TRIES_PER_ADDRESS = 100  # an office of many people shares one address
MAX_TRACKED = 20_000


def hash_password(password: str) -> str:
    """Return the argon2id hash to store."""
    return _hasher.hash(password)


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Return whether the password is right; None or an empty hash never is, and takes just as long."""
    if len(password) > MAX_PASSWORD:
        return False
    with _turns:
        try:
            return _hasher.verify(stored_hash or _NOBODY, password) and bool(stored_hash)
        except (VerificationError, InvalidHashError):
            return False


@dataclass
class FailedLogins:
    """Recent failures per name and per address, in this process. The oldest are forgotten when there are too many."""

    _failures: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_blocked(self, login: str, address: str, now: datetime) -> bool:
        with self._lock:
            by_login = len(self._recent(f"login:{login}", now))
            by_address = len(self._recent(f"address:{address}", now))
        return by_login >= TRIES_PER_LOGIN or by_address >= TRIES_PER_ADDRESS

    def add(self, login: str, address: str, now: datetime) -> None:
        with self._lock:
            for key in (f"login:{login}", f"address:{address}"):
                self._failures[key] = [*self._recent(key, now), now]
                self._failures.move_to_end(key)
            while len(self._failures) > MAX_TRACKED:
                self._failures.popitem(last=False)

    def forget(self, login: str) -> None:
        """A success clears the name's failures; the address keeps its own."""
        with self._lock:
            self._failures.pop(f"login:{login}", None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._failures.get(key, []) if now - moment < WINDOW]
