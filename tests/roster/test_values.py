"""What a cell may say and what it becomes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.roster.values import (
    BadValue,
    check_name,
    clean,
    is_oddly_spelt,
    read_date,
    read_email,
    read_exemption,
    read_kind,
    read_status,
    spell_name,
)


@pytest.mark.parametrize(
    "text", ["5/9/2027", "05/09/2027", "5-9-2027", "05.09.2027", "2027-09-05", "05/09/2027 00:00:00"]
)
def test_dates_as_people_write_them(text: str) -> None:
    assert read_date(text) == date(2027, 9, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [("31/02/2027", "trên lịch"), ("09/25/2027", "tháng trước ngày"), ("5/9/27", "bốn chữ số"),
     ("tháng 9", "không phải ngày"), ("1985", "không phải ngày"), ("00/00/0000", "trên lịch")],
)  # fmt: skip
def test_bad_dates_say_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        read_date(text)


def test_excel_counts_days_since_1900() -> None:
    assert read_date(46000) == date(2025, 12, 9)
    with pytest.raises(BadValue):
        read_date(1985)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_written_the_vietnamese_way_comes_back(day: date) -> None:
    assert read_date(f"{day:%d/%m/%Y}") == day


@pytest.mark.parametrize(
    ("text", "kind"),
    [("NLĐ", "người lao động"), ("VIÊN CHỨC", "viên chức"), ("cong chuc", "công chức"), ("CB", "cán bộ")],
)
def test_kinds_in_any_spelling(text: str, kind: str) -> None:
    assert read_kind(text) == kind


def test_states_and_exemptions() -> None:
    assert read_status("Nghỉ thai sản") == "maternity" and read_status("chuyển đi") == "transferred"
    assert (read_exemption("miễn"), read_exemption("Hoãn"), read_exemption(0)) == ("exempt", "deferred", "none")
    for read in (read_status, read_kind, read_exemption, read_email):
        with pytest.raises(BadValue):
            read("không rõ ràng")


@pytest.mark.parametrize("name", ["Nguyễn Thị Lan", "K'Brôih", "Y Niê Êban", "H’Hen Niê", "Lê Thị Mỹ-Duyên"])
def test_names_of_all_our_people_pass(name: str) -> None:
    check_name(name)
    assert spell_name(name) == name and not is_oddly_spelt(name)


@pytest.mark.parametrize("name", ["Lan 2", "Lan (phó)", "Лан Аnh", "Lan@p01"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(BadValue):
        check_name(name)


def test_capitals_are_spelt_and_odd_ones_noticed() -> None:
    assert spell_name("TRẦN VĂN HÙNG") == "Trần Văn Hùng"
    assert spell_name("K'BRÔIH") == "K'Brôih"
    assert is_oddly_spelt("nguyễn Lan") and is_oddly_spelt("NGuyễn Lan")


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once, _ = clean(text)
    assert clean(once) == (once, frozenset())
