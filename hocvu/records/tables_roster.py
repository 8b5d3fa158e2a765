"""Tables of the roster: where people belonged when, leave, exemptions, imports, and every change with its reason."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.columns import BigKey
from hocvu.records.tables import Base


class RosterImport(Base):
    """A file that was checked, and perhaps applied. body (the cleaned rows) and report are emptied afterwards.

    state: checked, applied. made_by: a person's id, or who ran the command. unit_id: the officer's units, NULL = all.
    """

    __tablename__ = "roster_imports"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int]
    rows: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    options: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    plan_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes | None] = mapped_column(deferred=True)
    report: Mapped[bytes | None] = mapped_column(deferred=True)
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str] = mapped_column(String(64), default="")


class Membership(Base):
    """A person in a unit from a day to a day, both included. NULL: since before the records; until further notice."""

    __tablename__ = "memberships"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column(index=True)
    ends_on: Mapped[date | None] = mapped_column(index=True)


class RosterFact(Base):
    """What the roster says of a person beyond `people`: status (working, maternity …) and job title (chức vụ)."""

    __tablename__ = "roster_facts"
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    job_title: Mapped[str] = mapped_column(Text)


class Leave(Base):
    """Long leave: maternity, illness, studies. ends_on NULL: not known yet."""

    __tablename__ = "leaves"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Exemption(Base):
    """Somebody decided that a person is not counted in a period. kind: exempt, deferred. Never deleted, withdrawn."""

    __tablename__ = "exemptions"
    __table_args__ = (Index("ix_exemptions_period_person", "period_id", "person_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(64), default="")


class RosterChange(Base):
    """One change of one person, kept as written. kind: new, changed, moved, left, returned, leave, exemption.

    detail: {field: [before, after]}.
    """

    __tablename__ = "roster_changes"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    import_id: Mapped[str | None] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date]
    recorded_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
