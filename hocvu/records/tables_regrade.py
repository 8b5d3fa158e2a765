"""Tables of re-grading: each run with its reason, and every result as it was before."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.columns import BigKey
from hocvu.records.tables import Base


class Regrade(Base):
    """One re-grading of an assignment: who, why, with what. state: running, done, rolling_back, rolled_back.

    items: the chosen item ids, [] = all. cursor: the last person done, where a killed run goes on.
    """

    __tablename__ = "regrades"
    __table_args__ = (Index("ix_regrades_assignment", "assignment", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    assignment: Mapped[str] = mapped_column(String(128))
    version: Mapped[str] = mapped_column(String(64))
    engine_version: Mapped[str] = mapped_column(String(64))
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    items: Mapped[list[str]]
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(Text, default="")  # number and date of the signed decision to lower points
    allow_down: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    cursor: Mapped[str] = mapped_column(String(36), default="")
    counts: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rolled_back_at: Mapped[datetime | None]
    rolled_back_by: Mapped[str] = mapped_column(Text, default="")
    roll_back_reason: Mapped[str] = mapped_column(Text, default="")


class RegradeChange(Base):
    """One result of one attempt before and after: points, status, texts, item version and engine version."""

    __tablename__ = "regrade_changes"
    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True, index=True)
    item_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    old: Mapped[dict[str, Any]]
    new: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
