"""Who calls the API: a client with a fetched token, or the holder of a fixed one. Both may do the same things."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.api_tokens import find_api_token
from hocvu.records.people import unit_and_children
from hocvu.records.secrets import hash_token
from hocvu.records.tables_pulls import AccessToken, Client


@dataclass(frozen=True)
class Caller:
    """What a valid token stands for. actor: as in the audit log; unit_id None = all units."""

    actor: str
    scopes: frozenset[str]
    unit_id: int | None


def find_caller(s: Session, token: str, now: datetime) -> Caller | None:
    """The caller whose token is valid now, else None."""
    query = (
        select(AccessToken.scopes, Client.id, Client.unit_id)
        .join(Client, Client.id == AccessToken.client_id)
        .where(AccessToken.token_hash == hash_token(token), AccessToken.expires_at > now, Client.revoked_at.is_(None))
    )
    row = s.execute(query).first()
    if row is not None:
        return Caller(f"client:{row.id}", frozenset(row.scopes), row.unit_id)
    fixed = find_api_token(s, token, now)
    return None if fixed is None else Caller(f"token:{fixed.id}", frozenset(fixed.scopes), fixed.unit_id)


def allowed_units(s: Session, caller: Caller) -> frozenset[int] | None:
    """The unit ids a caller may see; None = all."""
    return None if caller.unit_id is None else unit_and_children(s, caller.unit_id)
