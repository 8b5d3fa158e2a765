"""Log-ins and the single-use tickets between the two origins. The store sees only hashes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from hocvu.records.secrets import hash_token, new_token
from hocvu.records.tables import Ticket, WebSession


def create_session(
    s: Session, person_id: str, scope: str, *, lifetime: timedelta, now: datetime
) -> tuple[str, WebSession]:
    """Return the cookie's value, shown only here, and the stored session. scope: 'portal' or 'lite'."""
    token = new_token()
    web_session = WebSession(
        token_hash=hash_token(token),
        person_id=person_id,
        scope=scope,
        csrf=new_token(),
        created_at=now,
        expires_at=now + lifetime,
    )
    s.add(web_session)
    s.flush()
    return token, web_session


def find_session(s: Session, token: str, scope: str, now: datetime) -> WebSession | None:
    """The live session of a cookie in this scope, else None."""
    query = select(WebSession).where(
        WebSession.token_hash == hash_token(token), WebSession.scope == scope, WebSession.expires_at > now
    )
    return s.scalar(query)


def end_session(s: Session, token: str) -> None:
    s.execute(delete(WebSession).where(WebSession.token_hash == hash_token(token)))


def end_sessions_of(s: Session, person_id: str) -> None:
    """End all log-ins of a person: log-out on every origin, or a changed password."""
    s.execute(delete(WebSession).where(WebSession.person_id == person_id))
    s.execute(delete(Ticket).where(Ticket.person_id == person_id))


def expire_sessions(s: Session, now: datetime) -> None:
    """Remove sessions and tickets that can no longer be used."""
    s.execute(delete(WebSession).where(WebSession.expires_at <= now))
    s.execute(delete(Ticket).where(or_(Ticket.expires_at <= now, Ticket.used_at.is_not(None))))


def create_ticket(s: Session, person_id: str, *, now: datetime, lifetime: timedelta = timedelta(minutes=1)) -> str:
    """Return a ticket that works once within its lifetime."""
    ticket = new_token()
    s.add(Ticket(hash=hash_token(ticket), person_id=person_id, expires_at=now + lifetime, used_at=None))
    s.flush()
    return ticket


def use_ticket(s: Session, ticket: str, now: datetime) -> str | None:
    """Return the ticket's person and spend it; None if unknown, late or spent. Of two users at once one wins."""
    spend = (
        update(Ticket)
        .where(Ticket.hash == hash_token(ticket), Ticket.used_at.is_(None), Ticket.expires_at > now)
        .values(used_at=now)
        .returning(Ticket.person_id)
    )
    return s.scalar(spend)
