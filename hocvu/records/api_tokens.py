"""Keys of other systems (HR): scopes, a unit they are limited to, an end. Only the hash is stored."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hocvu.records.failures import UnknownRecord
from hocvu.records.secrets import hash_token, new_token
from hocvu.records.tables import ApiToken


def create_api_token(
    s: Session,
    name: str,
    scopes: Collection[str],
    *,
    now: datetime,
    unit_id: int | None = None,
    expires_at: datetime | None = None,
) -> tuple[str, ApiToken]:
    """Return the token's text, shown only here, and its row. scopes e.g. {"scores:read"}; unit_id None = all units."""
    text = "hv_" + new_token()
    token = ApiToken(
        name=name,
        token_hash=hash_token(text),
        scopes=sorted(scopes),
        unit_id=unit_id,
        created_at=now,
        expires_at=expires_at,
        revoked_at=None,
    )
    s.add(token)
    s.flush()
    return text, token


def find_api_token(s: Session, text: str, now: datetime) -> ApiToken | None:
    """The token that is valid now, else None. Whether its scopes are enough is the caller's question."""
    query = select(ApiToken).where(
        ApiToken.token_hash == hash_token(text),
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
    )
    return s.scalar(query)


def list_api_tokens(s: Session) -> Sequence[ApiToken]:
    return s.scalars(select(ApiToken).order_by(ApiToken.id)).all()


def revoke_api_token(s: Session, token_id: int, now: datetime) -> ApiToken:
    """Return the token, no longer valid. Raises UnknownRecord."""
    token = s.get(ApiToken, token_id)
    if token is None:
        raise UnknownRecord(f"API token {token_id}: no such token. See the list of tokens.")
    token.revoked_at = token.revoked_at or now
    s.flush()
    return token
