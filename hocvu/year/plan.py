"""The year's plan: freezes, the window for petitions, days to answer; from course/year.toml, checked for order."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from hocvu.course import PeriodSpec
from hocvu.course.toml import Table, read_table
from hocvu.errors import HocvuError
from hocvu.year.calendar import DueDay, WorkCalendar, day_in_vietnam, end_of, start_of


class NoPlan(HocvuError):
    """A period has no plan in course/year.toml."""

    code = "no_plan"


@dataclass(frozen=True)
class YearPlan:
    """One period's calendar. All days are days in Việt Nam; instants are aware UTC."""

    period: PeriodSpec
    roster_from: date
    roster_to: date
    published_on: date
    appeal_days: int
    answer_working_days: int
    data_answer_working_days: int
    final_on: date
    classified_before: date
    reminders: tuple[date, ...]

    @property
    def cutoff_at(self) -> datetime:
        """24:00 of the period's last day: what was handed in before counts, what comes later never does."""
        return end_of(self.period.ends_on)

    @property
    def appeals_to(self) -> date:
        return self.published_on + timedelta(days=self.appeal_days)

    @property
    def final_from(self) -> datetime:
        return start_of(self.final_on)

    def is_late(self, received_at: datetime) -> bool:
        """Whether a petition came after the window. Before publication nothing is late."""
        return received_at >= end_of(self.appeals_to)

    def answer_due(self, received_at: datetime, calendar: WorkCalendar, *, personal_data: bool = False) -> DueDay:
        """The last day to answer a petition received now."""
        days = self.data_answer_working_days if personal_data else self.answer_working_days
        return calendar.after_working_days(day_in_vietnam(received_at), days)

    def last_answer(self, calendar: WorkCalendar) -> DueDay:
        """The last day to answer the last petition of the window."""
        return calendar.after_working_days(self.appeals_to, self.answer_working_days)


def read_plan(root: Path, period: PeriodSpec, calendar: WorkCalendar) -> YearPlan:
    """Return the plan of a period. Raises AuthoringError for days in the wrong order, NoPlan if there is none."""
    for table, code in _plans(root):
        if code == period.code:
            return _read_year(table, period, calendar)
    raise NoPlan(f"course/year.toml: there is no [[year]] with period = {period.code!r}. Add one, then try again.")


def planned_periods(root: Path) -> tuple[str, ...]:
    """Return the codes of the periods that have a plan, in the file's order."""
    return tuple(code for _, code in _plans(root))


def _plans(root: Path) -> list[tuple[Table, str]]:
    top = read_table(root, "year.toml")
    plans = [(table, table.text("period")) for table in top.tables("year", "period")]
    top.finish()
    return plans


def _read_year(table: Table, period: PeriodSpec, calendar: WorkCalendar) -> YearPlan:
    reminders = [(reminder, reminder.day("on")) for reminder in table.tables("reminder", "on")]
    for reminder, _ in reminders:
        reminder.finish()
    plan = YearPlan(
        period=period,
        roster_from=table.day("roster_from"),
        roster_to=table.day("roster_to"),
        published_on=table.day("published_on"),
        appeal_days=table.integer("appeal_days", low=1, high=60),
        answer_working_days=table.integer("answer_working_days", low=1, high=60),
        data_answer_working_days=table.integer("data_answer_working_days", low=1, high=60),
        final_on=table.day("final_on"),
        classified_before=table.day("classified_before"),
        reminders=tuple(day for _, day in reminders),
    )
    table.finish()
    _check_order(table, plan, calendar)
    return plan


def _check_order(table: Table, plan: YearPlan, calendar: WorkCalendar) -> None:
    """A final freeze before the last answer is due would freeze results that may still change."""
    if plan.roster_to < plan.roster_from or plan.roster_to > plan.period.ends_on:
        table.fail("roster_to", str(plan.roster_to), "Write a day from roster_from to the period's last day.")
    if plan.published_on <= plan.period.ends_on:
        table.fail("published_on", str(plan.published_on), f"Write a day after {plan.period.ends_on}.")
    last = plan.last_answer(calendar).day
    if plan.final_on <= last:
        table.fail("final_on", str(plan.final_on), f"The last answer is due on {last}. Write a later day.")
    if plan.classified_before <= plan.final_on:
        table.fail("classified_before", str(plan.classified_before), f"Write a day after final_on, {plan.final_on}.")
