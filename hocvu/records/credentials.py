"""Signed credentials that people carry: issued once per band and period, revoked with a reason, never deleted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hocvu.records.failures import UnknownRecord
from hocvu.records.tables import Counter
from hocvu.records.tables_pulls import Credential

COUNTER = "credentials"


def take_status_index(s: Session) -> int:
    """Return the next free bit of the status list; taken until commit, so that two credentials never share one."""
    query = update(Counter).where(Counter.name == COUNTER).values(value=Counter.value + 1).returning(Counter.value)
    return s.execute(query).scalar_one() - 1


def add_credential(s: Session, credential: Credential) -> Credential:
    s.add(credential)
    s.flush()
    return credential


def find_credential(s: Session, credential_id: str) -> Credential | None:
    return s.get(Credential, credential_id)


def credentials_of(s: Session, person_id: str) -> Sequence[Credential]:
    """A person's credentials, newest first."""
    query = select(Credential).where(Credential.person_id == person_id)
    return s.scalars(query.order_by(Credential.issued_at.desc(), Credential.band.desc())).all()


def valid_credential(s: Session, person_id: str, period_id: str, band: int) -> Credential | None:
    """The one that certifies this band and was not revoked."""
    query = select(Credential).filter_by(person_id=person_id, period_id=period_id, band=band, revoked_at=None)
    return s.scalar(query)


def revoke_credential(s: Session, credential_id: str, reason: str, now: datetime) -> Credential:
    """Return the credential, revoked; the first reason stays. Raises UnknownRecord."""
    credential = s.get(Credential, credential_id, with_for_update=True)
    if credential is None:
        raise UnknownRecord(f"credential {credential_id}: no such credential. Check its code.")
    if credential.revoked_at is None:
        credential.revoked_at, credential.revoke_reason = now, reason
        s.flush()
    return credential


def revoked_indexes(s: Session) -> Sequence[int]:
    """The bits of the status list that are set."""
    query = select(Credential.status_index).where(Credential.revoked_at.is_not(None))
    return s.scalars(query.order_by(Credential.status_index)).all()
