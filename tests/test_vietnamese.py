"""Vietnamese text made comparable."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from hocvu.vietnamese import fold, is_unmarked, padded, search_form, strip_marks, tokens, words

SYLLABLES = st.sampled_from(
    ["hòa", "hoà", "thủy", "thuỷ", "quý", "đường", "Đường", "xoè", "khỏe", "hoàn", "thuyền", "ô-tô", "1022", "p."]
)


def test_both_ways_of_placing_the_tone_are_one_word() -> None:
    assert fold("Hoà") == fold("hòa")
    assert fold("thuỷ") == fold("thủy")
    assert fold("xoè") == fold("xòe")


def test_a_glide_after_q_and_a_closed_syllable_keep_their_tone() -> None:
    assert fold("quý") == "quý"
    assert fold("hoàn") == "hoàn"
    assert fold("thuyền") == "thuyền"


def test_composed_and_decomposed_letters_are_one_word() -> None:
    assert words(unicodedata.normalize("NFD", "Nước ngập")) == ["nước", "ngập"]


def test_marks_are_dropped_as_on_a_keyboard_without_vietnamese() -> None:
    assert strip_marks("Đường ngập, khổ quá!") == "Duong ngap, kho qua!"


def test_a_phrase_is_found_as_whole_words_only() -> None:
    assert padded("xe buýt") in padded("Chờ XE BUÝT, lâu quá")
    assert padded("ồn") not in padded("tồn đọng hồ sơ")


def test_tokens_are_syllables_and_neighbouring_pairs_without_digits() -> None:
    assert tokens("Xe buýt số 8") == ["xe", "buýt", "số", "xe_buýt", "buýt_số"]


@given(st.lists(SYLLABLES, max_size=8).map(" ".join))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_dropping_marks_twice_changes_nothing(text: str) -> None:
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@given(st.text())
def test_the_search_form_of_a_search_form_is_itself(text: str) -> None:
    assert search_form(search_form(text)) == search_form(text)


def test_the_search_form_drops_vietnamese_marks_in_both_unicode_forms() -> None:
    assert search_form("  Đặng   Thuỳ ỨC ") == "dang thuy uc"
    assert search_form("Nguye\u0302\u0303n") == search_form("Nguyễn") == "nguyen"


@given(st.text(alphabet=st.sampled_from("aàáảãạăằẳâậbdđĐeếêểốờuữựyỵỹỶ ọ–“”ñéöü中ắ\u0301\u0323\u0300.")))
def test_the_quick_way_of_leaving_out_marks_gives_what_unicode_says(text: str) -> None:
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, text)
        bare = "".join(c for c in unicodedata.normalize("NFD", typed) if unicodedata.category(c) != "Mn")
        expected = unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")
        assert strip_marks(typed) == expected
        assert is_unmarked(typed) == (expected == unicodedata.normalize("NFC", typed))
