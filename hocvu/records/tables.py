"""The tables of the store: who, what, and what they handed in. Migrations create them; a test proves both agree."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hocvu.records.columns import BigKey, UtcTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[str]: JSON, list[dict[str, Any]]: JSON}


class Unit(Base):
    """An organisation unit; children hang below parent_id. bloc (khối) is the group it is compared with."""

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(Text)
    bloc: Mapped[str] = mapped_column(String(64), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)


class Person(Base):
    """A member of staff. id is a random UUID; hr_unit_id limits an HR officer's view, NULL = the whole city."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    staff_code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_folded: Mapped[str] = mapped_column(Text, index=True)  # lower case, no diacritics: for search
    kind: Mapped[str] = mapped_column(String(32))
    position: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(Text, default="")
    is_leader: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    email: Mapped[str] = mapped_column(Text, default="")
    login: Mapped[str | None] = mapped_column(String(128), unique=True)
    password_hash: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[list[str]] = mapped_column(default=list)
    hr_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))


class Period(Base):
    """An evaluation period; its id is its code, e.g. "2027"."""

    __tablename__ = "periods"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class ItemVersion(Base):
    """One item of one version of an assignment, kept for ever so that old attempts can be shown and re-graded."""

    __tablename__ = "item_versions"
    __table_args__ = (UniqueConstraint("assignment", "version", "item_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment: Mapped[str] = mapped_column(String(128))
    version: Mapped[str] = mapped_column(String(64))
    item_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    competency: Mapped[str] = mapped_column(String(16))
    level: Mapped[int]
    max_points: Mapped[float]
    prompt: Mapped[str] = mapped_column(Text, default="")
    question_hash: Mapped[str | None] = mapped_column(String(64))  # what is asked; NULL: not known any more
    content_hash: Mapped[str | None] = mapped_column(String(64))  # question, key and points


class PeriodItem(Base):
    """An item that counts in a period: set I of the scoring rule. An item belongs to one assignment only."""

    __tablename__ = "period_items"
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    assignment: Mapped[str] = mapped_column(String(128))
    module: Mapped[str] = mapped_column(String(16))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    added_at: Mapped[datetime]


class Draft(Base):
    """What a person has answered but not yet handed in. seed belongs to attempt_no.

    revisions: {item: {number, at, page}}, who changed it last; history: answers that gave way, see draft_windows.
    """

    __tablename__ = "drafts"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    assignment: Mapped[str] = mapped_column(String(128), primary_key=True)
    attempt_no: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime | None]  # NULL: opened, nothing answered yet
    confidence: Mapped[dict[str, Any] | None]  # {item: 1..5}, how sure the learner is; never graded
    revisions: Mapped[dict[str, Any] | None]
    history: Mapped[list[dict[str, Any]] | None]


class Attempt(Base):
    """A submission, stored before it is graded and never changed after, except graded_at and engine_version."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "idempotency_key"),
        UniqueConstraint("person_id", "sha256"),
        Index("ix_attempts_person_assignment", "person_id", "assignment", "attempt_no"),
        Index("ix_attempts_assignment", "assignment", "submitted_at"),
    )
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"), index=True)
    assignment: Mapped[str] = mapped_column(String(128))
    version: Mapped[str] = mapped_column(String(64))
    attempt_no: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    answers: Mapped[dict[str, Any]]
    confidence: Mapped[dict[str, Any] | None]  # {item: 1..5}, how sure the learner was; not part of sha256
    sha256: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(128))
    submitted_at: Mapped[datetime]
    graded_at: Mapped[datetime | None] = mapped_column(index=True)
    engine_version: Mapped[str] = mapped_column(String(64), default="")


class ItemResult(Base):
    """How one item of one attempt came out. feedback: a list of {label, text, right}."""

    __tablename__ = "results"
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    points: Mapped[float]
    max_points: Mapped[float]
    status: Mapped[str] = mapped_column(String(16))
    shown: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    message: Mapped[str] = mapped_column(Text, default="")


class Evidence(Base):
    """The best outcome of an item in a period, and the attempt it came from. It never gets worse."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("share >= 0 AND share <= 1", name="share_in_0_1"),)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    assignment: Mapped[str] = mapped_column(String(128), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), index=True)
    share: Mapped[float]
    points: Mapped[float]
    max_points: Mapped[float]
    achieved_at: Mapped[datetime]


class StoredScore(Base):
    """A person's score in a period. seq grows with every change of anybody: readers resume where they stopped."""

    __tablename__ = "scores"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    coverage: Mapped[float]
    levels: Mapped[dict[str, Any]]
    band: Mapped[int]
    points: Mapped[float]
    max_points: Mapped[float]
    rule_version: Mapped[str] = mapped_column(String(32))
    updated_at: Mapped[datetime] = mapped_column(index=True)
    band_since: Mapped[datetime | None]  # when the band was reached; NULL without a band


class Counter(Base):
    """A number that only grows. Its row lock makes commits happen in the order of the numbers."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class WebSession(Base):
    """A log-in. Only the SHA-256 of the cookie is here. scope: 'portal' or 'lite'."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("scope IN ('portal', 'lite')", name="scope"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    scope: Mapped[str] = mapped_column(String(16))
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Ticket(Base):
    """A one-minute, single-use way from the portal's origin to the lessons' origin."""

    __tablename__ = "tickets"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """A key of another system. unit_id limits it to that unit and its children, NULL = all."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what and when. detail holds ids and what was asked for, never answers, tokens or results."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
