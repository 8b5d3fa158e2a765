"""Tables of the ways to pull: clients and their keys, removed scores, saved filters, credentials."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.tables import Base


class Client(Base):
    """Another system that fetches short-lived tokens (OAuth 2, client credentials). unit_id NULL = all units."""

    __tablename__ = "clients"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))  # staff code
    revoked_at: Mapped[datetime | None]


class ClientSecret(Base):
    """One secret of a client. While secrets are being changed, the old one works until expires_at."""

    __tablename__ = "client_secrets"
    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessToken(Base):
    """A token a client has fetched. scopes: at most the client's own."""

    __tablename__ = "access_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ScoreRemoval(Base):
    """A score that readers of a unit have seen and must forget: the person left it, or the score was withdrawn.

    seq comes from the same counter as that of scores, so that one cursor reads both in their order.
    """

    __tablename__ = "score_removals"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[str] = mapped_column(String(16))
    removed_at: Mapped[datetime]


class SavedFilter(Base):
    """A filter of the HR page with its columns and order, kept by one officer. query: of the page's address."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("person_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class Credential(Base):
    """A signed credential of a band. id is public and random; token: a VC-JWT; status_index: its bit in the list."""

    __tablename__ = "credentials"
    __table_args__ = (Index("ix_credentials_person", "person_id", "period_id", "band"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    band: Mapped[int]
    holder: Mapped[str] = mapped_column(Text)  # the name as it was when issued
    status_index: Mapped[int] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str] = mapped_column(Text, default="")
