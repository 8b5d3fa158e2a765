"""What people type, and what it is read as."""

import pytest

from hocvu.questions.text import read_number, show_number, tidy

READ = [
    ("12", 12),
    (" 12 ", 12),
    ("0,85", 0.85),
    ("0.85", 0.85),
    ("85%", 0.85),
    ("85 %", 0.85),
    ("15,2%", 0.152),
    ("0.152", 0.152),
    ("14.707", 14707),
    ("1.234.567,5", 1234567.5),
    ("-3", -3),
    ("−3", -3),
    ("+4", 4),
    ("007", 7),
]
REFUSED = ["", "mười hai", "1,2,3", "1.23.456", "0.152.3", "12 phản ánh", "1e3", "٣", "--2", "%", "nan", "1/2"]


@pytest.mark.parametrize(("typed", "value"), READ)
def test_a_number_is_read_the_way_people_type_it(typed: str, value: float) -> None:
    assert read_number(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(("value", "shown"), [(14707, "14.707"), (0.152, "0,152"), (-3, "−3"), (60, "60"), (0, "0")])
def test_a_number_is_shown_the_vietnamese_way(value: float, shown: str) -> None:
    assert show_number(value) == shown
    assert read_number(shown) == value


def test_texts_are_compared_tidy() -> None:
    assert tidy("  a\u0302   b\n") == "â b"
