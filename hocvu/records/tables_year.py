"""Tables of the year: frozen snapshots, annexes to them, decisions about faulty items, appeals and their log."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.columns import BigKey
from hocvu.records.tables import Base


class Snapshot(Base):
    """A frozen period, never changed. manifest: canonical JSON; sha256: of its bytes; signature: a JWS of it."""

    __tablename__ = "snapshots"
    __table_args__ = (
        UniqueConstraint("period_id", "kind"),
        CheckConstraint("kind IN ('provisional', 'final')", name="kind"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    kind: Mapped[str] = mapped_column(String(16))
    cutoff_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))  # staff code
    people: Mapped[int]
    manifest: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    signature: Mapped[str] = mapped_column(Text)


class SnapshotChunk(Base):
    """Some lines of one part of a snapshot, zlib. Keys of the first and last line: one person is found fast."""

    __tablename__ = "snapshot_chunks"
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshots.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    first_key: Mapped[str] = mapped_column(String(64))
    last_key: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Annex(Base):
    """A later correction of one person's frozen result. body names the hash of the annex before: a chain."""

    __tablename__ = "annexes"
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshots.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    staff_code: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))  # staff code


class ItemDecision(Base):
    """A decision to withdraw a faulty item from a period, or to restore it. The last one of an item counts."""

    __tablename__ = "item_decisions"
    __table_args__ = (
        CheckConstraint("action IN ('withdraw', 'restore')", name="action"),
        Index("ix_item_decisions_period_item", "period_id", "item_id", "id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    item_id: Mapped[str] = mapped_column(String(64))
    assignment: Mapped[str] = mapped_column(String(128))
    module: Mapped[str] = mapped_column(String(16))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    action: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)  # public: why
    decided_by: Mapped[list[str]]  # staff codes
    decided_at: Mapped[datetime]
    credited: Mapped[int]  # people whose evidence became a full share


class ItemCredit(Base):
    """What a person's evidence of a withdrawn item was before it became a full share."""

    __tablename__ = "item_credits"
    decision_id: Mapped[int] = mapped_column(BigKey, ForeignKey("item_decisions.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    share: Mapped[float]
    points: Mapped[float]


class Appeal(Base):
    """A petition (kiến nghị) of a person about a result, an item, their data, access. What was sent never changes."""

    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_period_state", "period_id", "state", "due_on"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)  # of the receipt: KN-2027-00001
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempts.id"))
    item_id: Mapped[str] = mapped_column(String(64), default="", index=True)
    item_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id"))
    received_at: Mapped[datetime]
    due_on: Mapped[date]
    is_late: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16), default="")  # proposed, then concluded
    answer: Mapped[str] = mapped_column(Text, default="")
    first_reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    second_reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


class AppealEvent(Base):
    """One line in an appeal's log. actor: a person's id. The person concerned sees what and when."""

    __tablename__ = "appeal_events"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    appeal_id: Mapped[str] = mapped_column(ForeignKey("appeals.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
