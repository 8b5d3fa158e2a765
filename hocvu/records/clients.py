"""Clients: other systems that trade an id and a secret for short-lived tokens. Only hashes of both are stored."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from hocvu.records.failures import UnknownRecord
from hocvu.records.secrets import hash_token, new_token
from hocvu.records.tables_pulls import AccessToken, Client, ClientSecret

TOKEN_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class ClientRow:
    """A client and when its newest secret, and the one before it if that still works, end."""

    client: Client
    secret_ends_at: datetime | None
    old_secret_ends_at: datetime | None


def create_client(
    s: Session,
    name: str,
    scopes: Collection[str],
    *,
    now: datetime,
    secret_lifetime: timedelta,
    created_by: str,
    unit_id: int | None = None,
) -> tuple[str, Client]:
    """Return the first secret, shown only here, and the client. unit_id None = all units."""
    client = Client(
        id="hvc_" + secrets.token_hex(8),
        name=name,
        scopes=sorted(scopes),
        unit_id=unit_id,
        created_at=now,
        created_by=created_by,
        revoked_at=None,
    )
    s.add(client)
    s.flush()
    return _add_secret(s, client.id, now, now + secret_lifetime), client


def rotate_secret(s: Session, client_id: str, *, now: datetime, secret_lifetime: timedelta, overlap: timedelta) -> str:
    """Return a new secret. The one before works for `overlap` more, older ones stop at once. Raises UnknownRecord."""
    client = _working_client(s, client_id)
    living = s.scalars(_living_secrets(client.id, now)).all()
    for secret in living[1:]:
        secret.expires_at = now
    if living:
        living[0].expires_at = min(living[0].expires_at, now + overlap)
    return _add_secret(s, client.id, now, now + secret_lifetime)


def revoke_client(s: Session, client_id: str, now: datetime) -> Client:
    """Return the client, whose secrets and tokens have all stopped working. Raises UnknownRecord."""
    client = _working_client(s, client_id)
    client.revoked_at = now
    s.execute(update(ClientSecret).where(ClientSecret.client_id == client_id).values(expires_at=now))
    s.execute(delete(AccessToken).where(AccessToken.client_id == client_id))
    return client


def find_client(s: Session, client_id: str, secret: str, now: datetime) -> Client | None:
    """The client if it exists, was not revoked and the secret is one of its own that still works."""
    query = (
        select(Client)
        .join(ClientSecret, ClientSecret.client_id == Client.id)
        .where(
            Client.id == client_id,
            Client.revoked_at.is_(None),
            ClientSecret.secret_hash == hash_token(secret),
            ClientSecret.expires_at > now,
        )
    )
    return s.scalar(query)


def issue_access_token(s: Session, client: Client, scopes: Collection[str], now: datetime) -> str:
    """Return a new token's text, shown only here; the client's spent tokens are removed."""
    text = "hva_" + new_token()
    s.execute(delete(AccessToken).where(AccessToken.expires_at <= now))
    token = AccessToken(
        token_hash=hash_token(text),
        client_id=client.id,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + TOKEN_LIFETIME,
    )
    s.add(token)
    s.flush()
    return text


def revoke_access_token(s: Session, client: Client, text: str) -> bool:
    """End one token before its time; False if it is not one of this client's."""
    query = delete(AccessToken).where(AccessToken.token_hash == hash_token(text), AccessToken.client_id == client.id)
    return s.execute(query.returning(AccessToken.token_hash)).first() is not None


def list_clients(s: Session, now: datetime) -> Sequence[ClientRow]:
    """All clients, newest first, revoked ones too."""
    ends: dict[str, list[datetime]] = {}
    for secret in s.scalars(select(ClientSecret).order_by(ClientSecret.created_at.desc())):
        if secret.expires_at > now:
            ends.setdefault(secret.client_id, []).append(secret.expires_at)
    clients = s.scalars(select(Client).order_by(Client.created_at.desc(), Client.id)).all()
    both = {client.id: [*ends.get(client.id, []), None, None] for client in clients}
    return [ClientRow(client, both[client.id][0], both[client.id][1]) for client in clients]


def _add_secret(s: Session, client_id: str, now: datetime, expires_at: datetime) -> str:
    text = "hvs_" + new_token()
    s.add(ClientSecret(secret_hash=hash_token(text), client_id=client_id, created_at=now, expires_at=expires_at))
    s.flush()
    return text


def _working_client(s: Session, client_id: str) -> Client:
    client = s.get(Client, client_id, with_for_update=True)
    if client is None or client.revoked_at is not None:
        raise UnknownRecord(f"client {client_id}: no such client, or it was revoked. See the list of clients.")
    return client


def _living_secrets(client_id: str, now: datetime) -> Select[ClientSecret]:
    newest = ClientSecret.created_at.desc(), ClientSecret.expires_at.desc()
    return select(ClientSecret).filter_by(client_id=client_id).where(ClientSecret.expires_at > now).order_by(*newest)
