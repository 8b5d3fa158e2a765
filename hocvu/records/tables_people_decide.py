"""Tables of what people decide in two steps: contributions put forward, faulty items, and nominations."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.columns import BigKey
from hocvu.records.tables import Base

STATES = "state IN ('open', 'agreed', 'refused', 'dropped')"


class ContributionProposal(Base):
    """A contribution that somebody put forward; a second person agrees or refuses. Never deleted.

    state: open, agreed, refused, dropped (by who put it forward). contribution_id: the confirmation it led to.
    """

    __tablename__ = "contribution_proposals"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        Index("ix_contribution_proposals_period_state", "period_id", "state"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    kind: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    contribution_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("contributions.id"))


class ItemProposal(Base):
    """A faulty item that somebody wants withdrawn or restored; a second person signs. note: public once signed."""

    __tablename__ = "item_proposals"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("action IN ('withdraw', 'restore')", name="action"),
        Index("ix_item_proposals_period_state", "period_id", "state"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    item_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class Nomination(Base):
    """A person whom HR nominated for emulation, by whose words and why. Taken back, it stays on record."""

    __tablename__ = "nominations"
    __table_args__ = (Index("ix_nominations_period_person", "period_id", "person_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    nominated_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
