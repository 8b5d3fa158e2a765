"""Log-ins of the demo world on the log-in page. Whoever starts the portal hands them in; else there are none."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import select

from hocvu.portal.services import Services
from hocvu.records import Person


@dataclass(frozen=True)
class TrialLogin:
    """An account with a password that anybody may know. password_hash: the stored one when it was tried."""

    login: str
    name: str
    what: str
    password: str
    password_hash: str


def trial_logins(request: Request, services: Services) -> Sequence[TrialLogin]:
    """Return those that still work: the account is there and its password is the one that was tried at the start."""
    handed_in: Sequence[TrialLogin] = request.app.state.trial_logins
    if not handed_in:
        return ()
    query = select(Person.login, Person.password_hash).where(Person.login.in_([one.login for one in handed_in]))
    with services.records.reading() as s:
        stored = {login: password_hash for login, password_hash in s.execute(query)}
    return [one for one in handed_in if stored.get(one.login) == one.password_hash]
