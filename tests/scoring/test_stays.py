"""Days of leave and of joining, the facts that the rule of N is asked about."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.scoring.stays import joined_on, leave_days

STARTS, ENDS = date(2026, 11, 16), date(2027, 11, 15)
DAYS = st.dates(date(2026, 1, 1), date(2028, 6, 1))


@pytest.mark.parametrize(
    ("leaves", "days"),
    [
        ([], 0),
        ([(date(2027, 1, 1), date(2027, 1, 31))], 31),
        ([(date(2026, 1, 1), date(2026, 11, 16))], 1),
        ([(date(2027, 11, 15), None)], 1),
        ([(date(2027, 1, 1), date(2027, 1, 10)), (date(2027, 1, 5), date(2027, 1, 20))], 20),
        ([(date(2028, 1, 1), None)], 0),
    ],
)
def test_days_of_leave_inside_the_period(leaves: list[tuple[date, date | None]], days: int) -> None:
    assert leave_days(STARTS, ENDS, leaves) == days


@given(st.lists(st.tuples(DAYS, DAYS)))
def test_leave_is_never_more_than_the_period_and_counts_each_day_once(leaves: list[tuple[date, date]]) -> None:
    spans = [(min(pair), max(pair)) for pair in leaves]
    away = {
        day for first, last in spans for day in range(max(first, STARTS).toordinal(), min(last, ENDS).toordinal() + 1)
    }
    assert leave_days(STARTS, ENDS, spans) == len(away)


def test_moving_is_not_joining_and_a_long_absence_is() -> None:
    moved = [(None, date(2027, 9, 30)), (date(2027, 10, 1), None)]
    assert joined_on(moved, 60) == date.min
    short = [(date(2020, 1, 1), date(2027, 9, 1)), (date(2027, 10, 1), None)]
    assert joined_on(short, 60) == date(2020, 1, 1)
    long = [(date(2020, 1, 1), date(2027, 1, 1)), (date(2027, 10, 1), None)]
    assert joined_on(long, 60) == date(2027, 10, 1)
    assert joined_on([], 60) == date.min
