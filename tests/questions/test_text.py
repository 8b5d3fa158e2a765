"""What people type, and what it is read as: the table of accepted and refused answers."""

import unicodedata
from datetime import date

import pytest

from hocvu.questions import blanks
from hocvu.questions.judge import judge
from hocvu.questions.text import read_date, read_number, same_text, show_number, tidy
from hocvu.questions.values import Context, Key
from hocvu.results import Status

NUMBERS = {
    0.152: ["0,152", "0.152", "15,2%", "15.2%", "15,2 %", " 0,152 ", "+0,152", "00,152", "0,1520", "0.1520"],
    0.85: ["0,85", "0.85", "85%", "85 %", "85,0%", "85.0%", "0,850"],
    14707: ["14707", "14.707", "14.707,0", "14707,0", "14707.0", "+14.707", "014707"],
    12: ["12", "12,0", "12.0", "012", "+12", "1200%", "12,", " 12"],
    1234567.5: ["1.234.567,5", "1234567,5", "1234567.5", "1.234.567.5"],
    -3: ["-3", "−3", "-3,0", "−3.0", "-300%"],
    0: ["0", "0,0", "0.0", "0%", "00", "-0"],
    1000: ["1000", "1.000", "1000,0", "1.000,00"],
}
NOT_NUMBERS = [
    "", " ", "mười hai", "12 phản ánh", "1,2,3", "1.23.456", "0.152.3", "1e3", "٣", "--2", "%", "nan", "inf", "1/2",
    "12-", "0x10", "1 234", "1.2345.678", "½", "12%%", "1,234.5,6", "về 12", ",", ".", "-",
]  # fmt: skip
DAYS = {
    date(2026, 12, 5): [
        "05/12/2026", "5/12/2026", "5-12-2026", "05-12-2026", "5.12.2026", "05.12.2026", " 05/12/2026 ",
        "ngày 5 tháng 12 năm 2026", "Ngày 05 tháng 12 năm 2026", "5 tháng 12 năm 2026", "NGÀY 5  THÁNG 12 NĂM 2026",
    ],
    date(2028, 2, 29): ["29/02/2028", "29/2/2028", "29-2-2028"],
}  # fmt: skip
NOT_DAYS = [
    "", "12/2026", "2026", "2026-12-05", "05/12/26", "12/31/2026", "31/11/2026", "29/02/2027", "0/1/2026", "5/13/2026",
    "5/12-2026", "ngày 5/12/2026", "mồng năm tháng chạp", "05/12/2026 08:00", "５/12/2026", "ngay 5 thang 12 nam 2026",
]  # fmt: skip
SAME = {
    "hòa bình": ["hòa bình", "Hoà bình", "HÒA BÌNH", "  hoà   bình ", "hòa bình.", "«hòa bình»", "ho\u0300a bình"],
    "khỏe": ["khoẻ", "KHỎE", "khỏe!", "khoe\u0309"],
    "thủy lợi": ["thuỷ lợi", "Thủy Lợi", "thủy  lợi;"],
    "Trung tâm Phục vụ hành chính công": [
        "trung tâm phục vụ hành chính công", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Trung tâm phục vụ hành chính công.",
    ],
    "đúng": ["Đúng", "ĐÚNG", "đúng…", "(đúng)"],
    "quý": ["Quý", "QUÝ", "quy\u0301"],
}  # fmt: skip
OTHER = {
    "hòa bình": ["hoa bình", "hòa binh", "hoà bìn", "hòa bình nhé", "bình hòa", ""],
    "khỏe": ["khoe", "khoé", "khẻo"],
    "đúng": ["dúng", "đung", "dung", "đứng"],
    "quý": ["quỳ", "qui", "quy"],
    "thủy lợi": ["thuy lợi", "thủy loi", "thúy lợi"],
}
WITHOUT_MARKS = {
    "hòa bình": ["hoa binh", "HOA BINH", " hoa  binh."],
    "đúng": ["dung", "DUNG"],
    "thủy lợi": ["thuy loi", "Thuy Loi"],
    "Đường Hoa Phượng": ["duong hoa phuong", "DUONG HOA PHUONG"],
}
HALF_MARKED = {"hòa bình": ["hoa bình", "hòa binh", "hỏa binh"], "đúng": ["đung", "dúng", "đứng"], "khỏe": ["khoé"]}


def pairs(table: dict[object, list[str]]) -> list[tuple[object, str]]:
    return [(wanted, typed) for wanted, ways in table.items() for typed in ways]


def test_the_table_is_large_enough_to_mean_something() -> None:
    tables = (NUMBERS, DAYS, SAME, OTHER, WITHOUT_MARKS, HALF_MARKED)
    assert sum(len(pairs(table)) for table in tables) + len(NOT_NUMBERS) + len(NOT_DAYS) >= 150


@pytest.mark.parametrize(("value", "typed"), [pair for pair in pairs(NUMBERS) if pair[1] not in ("12,", "1.234.567.5")])
def test_a_number_is_read_the_way_people_type_it(value: float, typed: str) -> None:
    assert read_number(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", [*NOT_NUMBERS, "12,"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(("value", "shown"), [(14707, "14.707"), (0.152, "0,152"), (-3, "−3"), (60, "60"), (0, "0")])
def test_a_number_is_shown_the_vietnamese_way(value: float, shown: str) -> None:
    assert show_number(value) == shown
    assert read_number(shown) == value


@pytest.mark.parametrize(("day", "typed"), pairs(DAYS))
def test_a_day_is_read_day_first(day: date, typed: str) -> None:
    assert read_date(typed) == day


@pytest.mark.parametrize("typed", NOT_DAYS)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert read_date(typed) is None


@pytest.mark.parametrize(("wanted", "typed"), pairs(SAME))
def test_spellings_of_one_answer_are_equal(wanted: str, typed: str) -> None:
    assert same_text(typed, wanted)
    assert same_text(unicodedata.normalize("NFD", typed), wanted)


@pytest.mark.parametrize(("wanted", "typed"), pairs(OTHER) + pairs(WITHOUT_MARKS))
def test_other_words_stay_other_words(wanted: str, typed: str) -> None:
    assert not same_text(typed, wanted)


@pytest.mark.parametrize(("wanted", "typed"), pairs(WITHOUT_MARKS) + pairs(SAME))
def test_an_item_may_accept_answers_without_diacritics(wanted: str, typed: str) -> None:
    assert same_text(typed, wanted, marks_required=False)


@pytest.mark.parametrize(("wanted", "typed"), pairs(HALF_MARKED))
def test_wrong_diacritics_are_never_accepted(wanted: str, typed: str) -> None:
    assert not same_text(typed, wanted, marks_required=False)


def test_texts_are_compared_tidy() -> None:
    assert tidy("  a\u0302   b\n") == "â b"


FACTS = blanks(
    "6-4",
    "Điền theo văn bản kèm theo.",
    competency="NL4",
    level=1,
    expects={"ngay": "date", "so": "number", "noi": "text"},
    marks_required=False,
    ngay="Ngày họp",
    so="Số người",
    noi="Nơi họp",
    y_kien="Ý kiến của anh/chị",
)
FACTS_KEY = Key({"ngay": "05/12/2026", "so": "1.200", "noi": {"hội trường", "hội trường lớn"}}, {"so": "Xem dòng 3."})


def test_facts_in_boxes_are_compared_and_free_text_counts_as_done() -> None:
    raw = {"ngay": "ngày 5 tháng 12 năm 2026", "so": "1200", "noi": "Hoi truong", "y_kien": "rất hợp lý"}
    assert judge(FACTS, FACTS_KEY, raw, 4, Context()).points == 4
    part = judge(FACTS, FACTS_KEY, {**raw, "so": "1.201", "y_kien": "ừ"}, 4, Context())
    assert part.points == 2
    assert [line.right for line in part.feedback] == [True, False, True, False]
    assert part.feedback[1].text == "Xem dòng 3."


@pytest.mark.parametrize(
    ("box", "typed", "asked"),
    [("ngay", "12/31/2026", "một ngày, ví dụ 05/12/2026"), ("so", "nhiều", "một số, ví dụ 12 hoặc 0,85")],
)
def test_a_fact_that_cannot_be_read_is_asked_again(box: str, typed: str, asked: str) -> None:
    result = judge(FACTS, FACTS_KEY, {box: typed}, 4, Context())
    assert result.status is Status.UNREADABLE
    assert asked in result.message
