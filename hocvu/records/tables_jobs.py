"""Tables of the queue: what waits to be graded and how long it took, and which workers are alive."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.tables import Base


class GradingJob(Base):
    """An attempt on the queue. Stored with the attempt itself, so what was accepted is never forgotten.

    state: queued, running, retry (could not be graded, tried again at next_try_at), done. seconds: the last try took.
    """

    __tablename__ = "grading_jobs"
    __table_args__ = (Index("ix_grading_jobs_state", "state", "queued_at"),)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int]
    seconds: Mapped[float | None]
    worker: Mapped[str] = mapped_column(String(64), default="")


class Worker(Base):
    """A worker process by its fixed name. seen_at: its heartbeat; slots: how many jobs it runs at once."""

    __tablename__ = "workers"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    slots: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
