"""Working days: which days are off comes from course/holidays.toml, weekends from the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from hocvu.course.toml import Table, read_table

# Việt Nam keeps one offset all year.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
EXPECTED = "dự kiến"
STATUSES = ("theo luật", "đã công bố", EXPECTED)
OFF, WORKED = "nghỉ", "làm bù"
MARKS = ("F1", "F2")
SATURDAY = 5


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not like its weekday: off, or a Saturday that is worked. status says how sure that is."""

    day: date
    name: str
    kind: str
    status: str
    basis: str
    source: str
    mark: str
    checked_on: date


@dataclass(frozen=True)
class DueDay:
    """The last day of a term, to its 24:00. may_move: an expected day off, or a year without data, was on the way."""

    day: date
    may_move: bool

    @property
    def ends_at(self) -> datetime:
        return end_of(self.day)


@dataclass(frozen=True)
class WorkCalendar:
    """Special days by date, known for whole years first_year to last_year."""

    days: Mapping[date, SpecialDay]
    first_year: int
    last_year: int

    def is_working_day(self, day: date) -> bool:
        special = self.days.get(day)
        return day.weekday() < SATURDAY if special is None else special.kind == WORKED

    def is_certain(self, day: date) -> bool:
        """Whether a notice or the law already says what this day is."""
        special = self.days.get(day)
        return self.first_year <= day.year <= self.last_year and (special is None or special.status != EXPECTED)

    def after_working_days(self, day: date, count: int) -> DueDay:
        """The last of `count` working days that follow `day`; the day itself does not count."""
        may_move = False
        while count:
            day += timedelta(days=1)
            may_move = may_move or not self.is_certain(day)
            count -= self.is_working_day(day)
        return DueDay(day, may_move)


def end_of(day: date) -> datetime:
    """Return 24:00 of a day in Việt Nam, as aware UTC: the first instant that no longer belongs to it."""
    return start_of(day + timedelta(days=1))


def start_of(day: date) -> datetime:
    """Return 00:00 of a day in Việt Nam, as aware UTC."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def day_in_vietnam(moment: datetime) -> date:
    """Return the day an instant falls on in Việt Nam."""
    return moment.astimezone(VIETNAM).date()


def read_holidays(root: Path) -> WorkCalendar:
    """Return the calendar of course/holidays.toml. Raises AuthoringError that names day, key and mend."""
    top = read_table(root, "holidays.toml")
    first = top.integer("first_year", low=2020, high=2100)
    last = top.integer("last_year", low=first, high=2100)
    days: dict[date, SpecialDay] = {}
    for table in top.tables("day", "date"):
        special = _read_day(table, first, last)
        if special.day in days:
            table.fail("date", str(special.day), "This day is listed twice. Keep one.")
        days[special.day] = special
    top.finish()
    return WorkCalendar(days, first, last)


def _read_day(table: Table, first: int, last: int) -> SpecialDay:
    special = SpecialDay(
        day=table.day("date"),
        name=table.text("name"),
        kind=table.text("kind"),
        status=table.text("status"),
        basis=table.text("basis"),
        source=table.text("source"),
        mark=table.text("mark"),
        checked_on=table.day("checked_on"),
    )
    for key, value, known in (
        ("kind", special.kind, (OFF, WORKED)),
        ("status", special.status, STATUSES),
        ("mark", special.mark, MARKS),
    ):
        if value not in known:
            table.fail(key, value, f"Write one of: {', '.join(known)}.")
    if not first <= special.day.year <= last:
        table.fail("date", str(special.day), f"Write a day of {first} to {last}, or widen first_year and last_year.")
    if (special.kind == OFF) == (special.day.weekday() >= SATURDAY):
        table.fail("date", str(special.day), "Days off are weekdays, worked days are weekend days. Check the date.")
    table.finish()
    return special
