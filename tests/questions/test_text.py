"""What people type, and what it is read as."""

import pytest

from hocvu.questions.text import fold, read_number, show_number, tidy, without_marks

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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("Thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("ho\u0300a", "hòa"),
        ("  vỉa   hè ", "vỉa hè"),
        ("ĐƯỜNG", "đường"),
    ],
)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("hoa", "hòa"), ("hoàng", "hòang"), ("da", "đa")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_marks_are_taken_off_as_on_a_plain_keyboard() -> None:
    assert without_marks("Đường Hoa Phượng ngập") == "Duong Hoa Phuong ngap"
    assert tidy("a\u0302 b") == "â b"
