"""Marking too much: every extra mark says why it is one too many."""

import pytest

from hocvu.questions import spans
from hocvu.questions.judge import judge
from hocvu.questions.values import Context, Key, WrongKey

TEXT = "Kính gửi phường. Máy đã ký thay. Phí là 50.000 đồng. Trân trọng."
QUESTION = spans("6-1", "Câu nào sai?", competency="NL1", level=1, text=TEXT)
ALL = [list(piece) for piece in QUESTION.pieces]


def reasons(key: Key) -> dict[str, str]:
    result = judge(QUESTION, key, ALL, 4, Context())
    return {line.label: line.text for line in result.feedback if line.label.endswith("(chọn thừa)")}


def test_every_extra_mark_has_a_reason() -> None:
    said = reasons(Key(["Máy đã ký thay."]))
    assert len(said) == 3
    assert all("Chỗ này không thuộc phần cần đánh dấu." in reason for reason in said.values())


def test_what_extra_marks_cost_is_said_once() -> None:
    assert ["Chọn thừa làm giảm điểm" in one for one in reasons(Key(["Máy đã ký thay."])).values()] == [
        True,
        False,
        False,
    ]


def test_the_authors_own_reason_comes_before_the_general_one() -> None:
    said = reasons(Key(["Máy đã ký thay."], {"50.000 đồng": "Mức phí này đúng với bảng niêm yết."}))
    assert said["«Phí là 50.000 đồng.» (chọn thừa)"] == "Mức phí này đúng với bảng niêm yết."
    assert said["«Trân trọng.» (chọn thừa)"] == "Chỗ này không thuộc phần cần đánh dấu."


def test_a_missed_phrase_still_has_its_own_reason_and_points_are_what_they_were() -> None:
    key = Key(["Máy đã ký thay."], {"Máy đã ký thay.": "Người ký.", "Trân trọng.": "Lời chào."})
    result = judge(QUESTION, key, [ALL[0]], 4, Context())
    assert [(line.text, line.right) for line in result.feedback][0] == ("Người ký.", False)
    assert judge(QUESTION, key, [ALL[1]], 4, Context()).points == 4


@pytest.mark.parametrize("phrase", ["không có", "ký", "n"])
def test_a_reason_for_no_place_or_for_part_of_the_key_is_refused(phrase: str) -> None:
    with pytest.raises(WrongKey, match=phrase):
        QUESTION.check_key(Key(["Máy đã ký thay."], {phrase: "?"}))
