"""Tables of the evidence ledger: what people confirmed that no machine can grade."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hocvu.records.columns import BigKey
from hocvu.records.tables import Base


class ContributionRow(Base):
    """A contribution of a person in a period, confirmed by somebody (staff code). Taken back, it stays on record."""

    __tablename__ = "contributions"
    __table_args__ = (Index("ix_contributions_person_period", "person_id", "period_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    period_id: Mapped[str] = mapped_column(ForeignKey("periods.id"))
    kind: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    confirmed_by: Mapped[str] = mapped_column(String(64))
    confirmed_on: Mapped[date]
    entered_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(64), default="")
    revoked_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
