"""Activation: codes that people can type on any keyboard, their hashes, and the first password of an account."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from hocvu.portal.passwords import guess_problem
from hocvu.records import Person, end_sessions_of, find_by_login
from hocvu.records.activation import find_code, people_without_password, put_codes, spend_code

LIFETIME = timedelta(days=30)
# No vowel, D or W: a Vietnamese keyboard (Telex, VNI) would make other letters of them. No 0 1 5 6 8 S Z either, which
# look like letters on paper. 12 signs are 52 random bits; hashes are keyed, so a stolen table alone opens nothing.
SIGNS = "BCFGHJKLMNPQRTVX23479"
LENGTH, GROUP = 12, 4


@dataclass(frozen=True)
class Letter:
    """What one person is handed: who they are, and the code, which is nowhere else."""

    staff_code: str
    login: str
    name: str
    department: str
    unit: str
    code: str
    expires_at: datetime


class Outcome(StrEnum):
    """Why an activation did not come about."""

    WRONG = "wrong"  # code, staff code or both: nobody is told which
    WEAK = "weak"
    TAKEN = "taken"


@dataclass(frozen=True)
class Refused:
    """An activation that did not come about, and the sentence about a weak password."""

    outcome: Outcome
    sentence: str = ""


@dataclass(frozen=True)
class Opened:
    """A right code: whose it is, and the log-in they will have."""

    person_id: str
    login: str
    code_hash: str


def make_code() -> str:
    """Return a new code as it is printed: `HKBT-3NQM-97CF`."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def code_hash(secret: bytes, person_id: str, code: str) -> str:
    """Return what the store keeps of a code, however it was typed: small letters, with or without dashes."""
    bare = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.new(secret, f"activation:{person_id}:{bare}".encode(), hashlib.sha256).hexdigest()


def issue_codes(
    s: Session, secret: bytes, people: list[tuple[Person, str]], *, made_by: str, now: datetime
) -> list[Letter]:
    """Return the letters of these people (with the name of their unit); codes they had stop working."""
    expires_at = now + LIFETIME
    letters = [
        Letter(one.staff_code, one.login or one.staff_code, one.name, one.department, unit, make_code(), expires_at)
        for one, unit in people
    ]
    hashes = {
        person.id: code_hash(secret, person.id, letter.code)
        for (person, _), letter in zip(people, letters, strict=True)
    }
    put_codes(s, hashes, made_by=made_by, now=now, expires_at=expires_at)
    return letters


def to_invite(
    s: Session, unit_ids: frozenset[int], day: date, now: datetime, *, again: bool, roles: bool, most: int
) -> list[tuple[Person, str]]:
    """Return at most `most` + 1 people without a password, with their unit. roles: those with more rights too."""
    found = people_without_password(s, unit_ids, day, now, again=again, limit=most + 1)
    return [(person, unit.name) for person, unit in found if roles or is_plain(person)]


def is_plain(person: Person) -> bool:
    """Whether the account only learns. Others are opened by an administrator: a code is as good as a password."""
    return set(person.roles) <= {"learner"}


def check_code(s: Session, secret: bytes, staff_code: str, code: str, password: str, now: datetime) -> Opened | Refused:
    """Return whose code it is, if the password may be theirs. The code is not used up yet."""
    found = find_code(s, staff_code, now)
    person, stored = found if found else (None, "")
    shown = code_hash(secret, person.id if person else "", code)
    if person is None or not hmac.compare_digest(shown, stored):
        return Refused(Outcome.WRONG)
    own = (person.name, person.staff_code, person.login or "", person.email.partition("@")[0], code)
    if weak := guess_problem(password, own):
        return Refused(Outcome.WEAK, weak)
    login = person.login or person.staff_code
    holder = find_by_login(s, login)
    if holder is not None and holder.id != person.id:
        return Refused(Outcome.TAKEN)
    return Opened(person.id, login, stored)


def set_password(s: Session, opened: Opened, password_hash: str, now: datetime) -> bool:
    """Use the code up, keep the password and log-in, end all sessions; False if somebody was faster."""
    if not spend_code(s, opened.person_id, opened.code_hash, now):
        return False
    person = s.get_one(Person, opened.person_id)
    person.login, person.password_hash = opened.login, password_hash
    end_sessions_of(s, person.id)
    s.flush()
    return True
