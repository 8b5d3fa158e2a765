"""Evaluation periods."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records.tables import Period


def ensure_period(s: Session, code: str, starts_on: date, ends_on: date) -> Period:
    """Return the period with this code, made or with its dates brought up to date."""
    period = s.get(Period, code)
    if period is None:
        period = Period(id=code, starts_on=starts_on, ends_on=ends_on)
        s.add(period)
    elif (period.starts_on, period.ends_on) != (starts_on, ends_on):
        period.starts_on, period.ends_on = starts_on, ends_on
    s.flush()
    return period


def find_period(s: Session, period_id: str) -> Period | None:
    return s.get(Period, period_id)


def period_on(s: Session, day: date) -> Period | None:
    """The period that a day (Asia/Ho_Chi_Minh) falls in."""
    query = select(Period).where(Period.starts_on <= day, Period.ends_on >= day).order_by(Period.starts_on.desc())
    return s.scalars(query).first()
