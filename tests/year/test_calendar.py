"""Working days and terms: the worked dates, holidays as data, and lunar days computed a second way."""

import math
from datetime import date, timedelta
from pathlib import Path

import pytest

from hocvu.course import read_course
from hocvu.errors import AuthoringError
from hocvu.year.calendar import WORKED, WorkCalendar, day_in_vietnam, end_of, read_holidays
from hocvu.year.plan import NoPlan, read_plan
from tests.year.city import at

CULTURE_DAYS = (date(2026, 11, 24), date(2027, 11, 24))


@pytest.fixture
def calendar(root: Path) -> WorkCalendar:
    return read_holidays(root)


@pytest.mark.parametrize(
    ("last_day_of_window", "answered_by"),
    [(date(2026, 11, 21), date(2026, 12, 4)), (date(2027, 11, 21), date(2027, 12, 3))],
)
def test_ten_working_days_as_the_course_rule_worked_them_out(
    calendar: WorkCalendar, last_day_of_window: date, answered_by: date
) -> None:
    """The rule's worked dates were reckoned before Vietnamese Culture Day, 24 November, became a day off."""
    without = {day: special for day, special in calendar.days.items() if day not in CULTURE_DAYS}
    before_the_law = WorkCalendar(without, calendar.first_year, calendar.last_year)
    assert before_the_law.after_working_days(last_day_of_window, 10).day == answered_by


@pytest.mark.parametrize(
    ("last_day_of_window", "answered_by"),
    [(date(2026, 11, 21), date(2026, 12, 7)), (date(2027, 11, 21), date(2027, 12, 6))],
)
def test_ten_working_days_with_the_holiday_of_24_november(
    calendar: WorkCalendar, last_day_of_window: date, answered_by: date
) -> None:
    due = calendar.after_working_days(last_day_of_window, 10)
    assert (due.day, due.may_move) == (answered_by, False)


def test_the_day_itself_never_counts_and_weekends_and_tet_do_not(calendar: WorkCalendar) -> None:
    assert calendar.after_working_days(date(2026, 11, 20), 2).day == date(2026, 11, 25)  # Friday; Tuesday is off
    over_tet = calendar.after_working_days(date(2027, 2, 4), 1)
    assert (over_tet.day, over_tet.may_move) == (date(2027, 2, 12), True)  # the days of Tết are only expected


def test_a_worked_saturday_counts(calendar: WorkCalendar) -> None:
    assert calendar.days[date(2026, 8, 22)].kind == WORKED
    assert calendar.after_working_days(date(2026, 8, 21), 1).day == date(2026, 8, 22)


def test_a_year_without_data_counts_weekdays_and_says_that_it_may_move(calendar: WorkCalendar) -> None:
    due = calendar.after_working_days(date(2031, 1, 3), 1)
    assert (due.day, due.may_move) == (date(2031, 1, 6), True)


def test_a_day_ends_at_midnight_in_viet_nam_wherever_the_server_is() -> None:
    end = end_of(date(2027, 11, 15))
    assert end.isoformat() == "2027-11-15T17:00:00+00:00"
    assert day_in_vietnam(end) == date(2027, 11, 16)
    assert day_in_vietnam(end - timedelta(microseconds=1)) == date(2027, 11, 15)


def test_every_special_day_says_where_it_comes_from(calendar: WorkCalendar) -> None:
    for special in calendar.days.values():
        assert special.source.startswith("http") and special.basis and special.mark in ("F1", "F2")
        assert special.checked_on >= date(2026, 11, 24)
    for year in (2026, 2027, 2028):
        off = sum(one.kind != WORKED for day, one in calendar.days.items() if day.year == year)
        assert 10 <= off <= 14, year  # 12 by law; fewer where one falls on a weekend unmade, more with swaps


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_lunar_days_are_where_the_moon_puts_them(calendar: WorkCalendar, year: int) -> None:
    """Tết and 10/3: computed here from new moons and the winter solstice, not copied."""
    new_year, hung_kings = lunar_new_year(year), tenth_of_third_month(year)
    assert new_year == {2026: date(2026, 2, 17), 2027: date(2027, 2, 6), 2028: date(2028, 1, 26)}[year]
    for day in (new_year, hung_kings):
        assert not calendar.is_working_day(day), day


def test_the_plan_of_2027(root: Path, calendar: WorkCalendar) -> None:
    plan = read_plan(root, read_course(root).period, calendar)
    assert plan.cutoff_at == end_of(date(2027, 11, 15))
    assert plan.appeals_to == date(2027, 11, 21)
    assert not plan.is_late(at("21/11/2027 23:59")) and plan.is_late(at("22/11/2027 00:00"))
    assert plan.last_answer(calendar).day == date(2027, 12, 6) < plan.final_on < plan.classified_before
    friday = at("19/11/2027 16:00")
    assert plan.answer_due(friday, calendar, personal_data=True).day == date(2027, 11, 23)
    assert plan.answer_due(friday, calendar).day == date(2027, 12, 6)


def test_a_final_freeze_before_the_last_answer_is_refused(tmp_path: Path, root: Path, calendar: WorkCalendar) -> None:
    (tmp_path / "course").mkdir()
    text = (root / "course/year.toml").read_text(encoding="utf-8")
    changed = text.replace("final_on = 2027-12-07", "final_on = 2027-12-05")
    (tmp_path / "course/year.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(AuthoringError, match="final_on.*2027-12-05.*2027-12-06"):
        read_plan(tmp_path, read_course(root).period, calendar)


def test_a_period_without_a_plan_is_named(root: Path, calendar: WorkCalendar) -> None:
    period = read_course(root).period
    with pytest.raises(NoPlan, match="2099"):
        read_plan(root, type(period)("2099", period.starts_on, period.ends_on), calendar)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("date = 2026-11-24", "date = 2026-11-28", "weekdays"),
        ('status = "theo luật"', 'status = "chắc"', "status"),
        ("date = 2026-09-02", "date = 2026-09-01", "twice"),
    ],
)
def test_slips_in_the_holidays_are_found(tmp_path: Path, root: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "course").mkdir()
    text = (root / "course/holidays.toml").read_text(encoding="utf-8")
    (tmp_path / "course/holidays.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AuthoringError, match=said):
        read_holidays(tmp_path)


def new_moon(k: int) -> date:
    """The day in Việt Nam of the k-th new moon after 1 January 1900. Source: Meeus, Astronomical Algorithms."""
    t = k / 1236.85
    radians = math.pi / 180
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t * t - 0.000000155 * t**3
    mean += 0.00033 * math.sin((166.56 + 132.87 * t - 0.009173 * t * t) * radians)
    sun = (359.2242 + 29.10535608 * k - 0.0000333 * t * t - 0.00000347 * t**3) * radians
    moon = (306.0253 + 385.81691806 * k + 0.0107306 * t * t + 0.00001236 * t**3) * radians
    node = (21.2964 + 390.67050646 * k - 0.0016528 * t * t - 0.00000239 * t**3) * radians
    shift = (0.1734 - 0.000393 * t) * math.sin(sun) + 0.0021 * math.sin(2 * sun) - 0.4068 * math.sin(moon)
    shift += 0.0161 * math.sin(2 * moon) - 0.0004 * math.sin(3 * moon) + 0.0104 * math.sin(2 * node)
    shift -= 0.0051 * math.sin(sun + moon) + 0.0074 * math.sin(sun - moon) - 0.0004 * math.sin(2 * node + sun)
    shift -= 0.0004 * math.sin(2 * node - sun) + 0.0006 * math.sin(2 * node + moon) - 0.0010 * math.sin(2 * node - moon)
    shift -= 0.0005 * math.sin(2 * moon + sun)
    delta_days = -0.000278 + 0.000265 * t + 0.000262 * t * t
    julian_day = math.floor(mean + shift - delta_days + 0.5 + 7 / 24)
    return date.fromordinal(julian_day - 1721425)


def month_with(day: date) -> int:
    """The number of the lunar month that a day falls in."""
    k = math.floor((day - date(1900, 1, 1)).days / 29.530588853) + 1
    while new_moon(k) > day:
        k -= 1
    return k


def lunar_new_year(year: int) -> date:
    """Two months after the month of the winter solstice; none of these years has a leap month in between."""
    return new_moon(month_with(date(year - 1, 12, 21)) + 2)


def tenth_of_third_month(year: int) -> date:
    return new_moon(month_with(lunar_new_year(year)) + 2) + timedelta(days=9)
