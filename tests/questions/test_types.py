"""Every question type: right, blank, wrong and unreadable; as data and as a form."""

import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.labs.keyword_rules import KEYWORD_RULES
from hocvu.questions import Goal, blanks, choose_many, choose_one, classify, experiment, match, number
from hocvu.questions.base import Question, collecting
from hocvu.questions.judge import judge
from hocvu.questions.values import Context, Key, MissingAnswer, WrongKey
from hocvu.results import Status
from tests.labs.reference import REFERENCE

ABOUT = {"competency": "NL1", "level": 1}
CONTEXT = Context({}, seed=7)

ONE = choose_one("1-2", "Chọn một?", **ABOUT, a="Đúng", b="Sai <b>", c="Cũng sai")
MANY = choose_many("1-5", "Chọn nhiều?", **ABOUT, a="A", b="B", c="C", d="D")
CARDS = classify("1-1", "Xếp?", **ABOUT, cards={"x": "Thẻ X", "y": "Thẻ Y"}, groups={"g": "Nhóm G", "h": "Nhóm H"})
PAIRS = match("1-6", "Ghép?", **ABOUT, items={"x": "Việc X", "y": "Việc Y"}, partners={"g": "Mức G", "h": "Mức H"})
COUNT = number("1-4", "Mấy?", **ABOUT, unit="phản ánh")
TEXTS = blanks("1-7", "Điền?", **ABOUT, viec="Việc", ai="Ai bị thiệt")
BENCH = experiment("1-3", "Thử?", **ABOUT, lab=KEYWORD_RULES)

TYPES: list[tuple[Question, Key]] = [
    (ONE, Key("a", {"a": "Phải.", "b": "Chưa."})),
    (MANY, Key({"a", "b", "c"})),
    (CARDS, Key({"x": "g", "y": {"g", "h"}})),
    (PAIRS, Key({"x": "g", "y": "h"})),
    (COUNT, Key(14707)),
    (TEXTS, Key(None)),
    (BENCH, Key(Goal(full=0.5, half=0.4, salt="muối", reference=REFERENCE))),
]
IDS = [question.kind for question, _ in TYPES]


class Form(HTMLParser):
    """Fills in a form as a browser would and reads back what it would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.labelled: set[str] = set()
        self.controls: set[str] = set()
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "label":
            self.labelled.add(given["for"])
        if tag in ("input", "select", "textarea"):
            self.controls.add(given["id"])
        if tag == "select":
            self._select = given["name"]
        elif tag == "textarea":
            self._textarea = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent[self._select] = [given["value"]]
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.sent.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.sent[self._textarea] = [self.sent.get(self._textarea, [""])[0] + data]


@pytest.mark.parametrize(("question", "key"), TYPES, ids=IDS)
def test_each_type_tried_four_ways(question: Question, key: Key) -> None:
    samples = question.samples(key, CONTEXT)

    right = judge(question, key, samples.reference, 8, CONTEXT)
    wrong = judge(question, key, samples.wrong, 8, CONTEXT)
    blank = judge(question, key, None, 8, CONTEXT)
    unreadable = judge(question, key, samples.unreadable, 8, CONTEXT)

    assert (right.points, right.status) == (8, Status.GRADED)
    assert (wrong.points, wrong.status) == (pytest.approx(8 * samples.wrong_share), Status.GRADED)
    assert wrong.points < 8
    assert (blank.points, blank.status) == (0, Status.BLANK)
    assert (unreadable.points, unreadable.status) == (0, Status.UNREADABLE)
    assert unreadable.message[0].isupper()


@pytest.mark.parametrize(("question", "key"), TYPES, ids=IDS)
def test_what_a_form_shows_is_what_it_sends_back(question: Question, key: Key) -> None:
    answer = question.samples(key, CONTEXT).reference
    form = Form(question.html(answer, seed=7))
    assert question.parse(question.from_form(form.sent)) == question.parse(answer)
    assert form.controls <= form.labelled


@pytest.mark.parametrize(("question", "key"), TYPES, ids=IDS)
def test_an_untouched_form_is_a_blank_answer(question: Question, key: Key) -> None:
    raw = question.from_form(Form(question.html(None, seed=7)).sent)
    assert judge(question, key, raw, 8, CONTEXT).status is Status.BLANK


@pytest.mark.parametrize(("question", "key"), TYPES, ids=IDS)
@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
        max_leaves=6,
    )
)
def test_any_json_is_graded_blank_or_asked_again_and_never_more_than_the_maximum(
    question: Question, key: Key, raw: object
) -> None:
    result = judge(question, key, raw, 8, CONTEXT)
    assert 0 <= result.points <= 8
    assert result.status in (Status.GRADED, Status.BLANK, Status.UNREADABLE)
    question.html(raw, seed=7, error=result.message)


@pytest.mark.parametrize(("question", "key"), TYPES, ids=IDS)
def test_a_raw_answer_survives_json(question: Question, key: Key) -> None:
    for raw in (question.samples(key, CONTEXT).reference, question.samples(key, CONTEXT).wrong):
        assert json.loads(json.dumps(raw)) == raw


def test_texts_are_escaped_in_the_form() -> None:
    assert "Sai &lt;b&gt;" in ONE.html()
    assert "<script>" not in TEXTS.html({"viec": "<script>"}, error="<script>")


@pytest.mark.parametrize(
    ("question", "answer", "feedback"),
    [
        (ONE, "z", {}),
        (ONE, "a", {"z": "?"}),
        (MANY, {"a", "z"}, {}),
        (MANY, {"a"}, {}),
        (CARDS, {"x": "g"}, {}),
        (CARDS, {"x": "g", "y": "z"}, {}),
        (COUNT, "mười", {}),
        (COUNT, True, {}),
        (TEXTS, "đáp án", {}),
        (BENCH, 0.5, {}),
    ],
)
def test_a_key_that_does_not_fit_is_refused(question: Question, answer: object, feedback: Mapping[str, str]) -> None:
    with collecting(), pytest.raises(WrongKey):
        question.key(answer, feedback=feedback)


def test_choosing_everything_or_nothing_does_not_pay() -> None:
    key = Key({"a", "b", "c"})
    points = {n: judge(MANY, key, list("abcd")[:n], 4, CONTEXT).points for n in range(5)}
    assert points == {0: 0, 1: 0, 2: 2, 3: 4, 4: 2}


@given(st.sets(st.sampled_from("abcd")), st.sampled_from("abc"))
def test_one_more_right_choice_never_lowers_the_points(chosen: set[str], more: str) -> None:
    key = Key({"a", "b", "c"})
    before = judge(MANY, key, sorted(chosen), 4, CONTEXT).points
    assert judge(MANY, key, sorted(chosen | {more}), 4, CONTEXT).points >= before


def test_a_number_may_depend_on_another_answer() -> None:
    def rules_used(context: Context) -> float:
        if "1-3" not in context.answers:
            raise MissingAnswer("Hãy làm bài 1.3 trước.")
        return 5.0

    key = Key(rules_used)
    without = judge(COUNT, key, "5", 4, Context({}, 7))
    assert (without.status, without.points, without.message) == (Status.BLANK, 0, "Hãy làm bài 1.3 trước.")
    assert judge(COUNT, key, "5 phản ánh", 4, Context({"1-3": {}}, 7)).points == 4
