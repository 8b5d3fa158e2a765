"""What the year's work needs at hand: the store, the course, its calendar and plan, and the signing key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hocvu.course import Course, PeriodSpec
from hocvu.errors import HocvuError
from hocvu.records import Person, Records, find_period
from hocvu.settings import Settings
from hocvu.signing import SigningKey, open_signing_key
from hocvu.year.calendar import WorkCalendar, read_holidays
from hocvu.year.plan import NoPlan, YearPlan, read_plan


class NotAllowed(HocvuError):
    """Only HR officers of the whole city may do this."""

    code = "not_allowed"


@dataclass(frozen=True)
class Desk:
    """One period at work."""

    records: Records
    course: Course
    calendar: WorkCalendar
    plan: YearPlan
    key: SigningKey

    @property
    def period_id(self) -> str:
        return self.plan.period.code


def open_desk(records: Records, course: Course, settings: Settings, period_id: str = "") -> Desk:
    """Return the desk of a period of the store, "" = the course's. Raises AuthoringError, NoPlan.

    A period is frozen weeks after it ended, when the course has long begun the next one.
    """
    calendar = read_holidays(settings.root)
    plan = read_plan(settings.root, _period(records, course, period_id), calendar)
    return Desk(records, course, calendar, plan, open_signing_key(settings.var))


def _period(records: Records, course: Course, period_id: str) -> PeriodSpec:
    if period_id in ("", course.period.code):
        return course.period
    with records.reading() as s:
        period = find_period(s, period_id)
    if period is None:
        raise NoPlan(f"Kỳ {period_id}: hệ thống không có kỳ này. Anh/chị dùng mã kỳ trong course/course.toml.")
    return PeriodSpec(period.id, period.starts_on, period.ends_on)


def require_city_hr(person: Person | None, what: str) -> Person:
    """Return the officer. Raises NotAllowed for anybody but HR of the whole city."""
    if person is None or "hr" not in person.roles or person.hr_unit_id is not None:
        raise NotAllowed(
            f"{what}: chỉ cán bộ tổ chức của toàn thành phố làm được. Cán bộ tổ chức của một đơn vị, hoặc người không "
            "có vai trò này, xin chuyển việc cho Sở Nội vụ."
        )
    return person


def vietnamese_day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@dataclass(frozen=True)
class Decision:
    """A signed paper decision: number, day, signer. Empty texts: there is none."""

    number: str = ""
    signed_on: date | None = None
    signer: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.number.strip() and self.signer.strip() and self.signed_on)

    @property
    def is_empty(self) -> bool:
        return not (self.number.strip() or self.signer.strip() or self.signed_on)

    def row(self) -> dict[str, Any] | None:
        if self.is_empty or self.signed_on is None:
            return None
        return {
            "number": self.number.strip(),
            "signed_on": self.signed_on.isoformat(),
            "signer": self.signer.strip(),
        }


def levels_of(row: Mapping[str, Any]) -> dict[str, int]:
    """Return the levels in a frozen result row."""
    return {str(code): int(level) for code, level in row["levels"].items()}


def iso(moment: datetime) -> str:
    """Return an instant as it stands in signed texts."""
    return moment.isoformat(timespec="seconds")
