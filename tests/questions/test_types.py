"""Every question type: right, blank, wrong and unreadable; as data and as a form."""

import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.labs.keyword_rules import KEYWORD_RULES
from hocvu.questions import (
    Goal,
    Rule,
    blanks,
    choose_many,
    choose_one,
    classify,
    experiment,
    match,
    number,
    order,
    prompt,
    spans,
)
from hocvu.questions.base import Question, collecting
from hocvu.questions.judge import judge
from hocvu.questions.values import Context, Key, MissingAnswer, WrongKey
from hocvu.results import Status
from tests.labs.reference import REFERENCE
from tests.questions.test_text import FACTS, FACTS_KEY

ABOUT = {"competency": "NL1", "level": 1}
CONTEXT = Context({}, seed=7)

ONE = choose_one("1-2", "Chọn một?", **ABOUT, a="Đúng", b="Sai <b>", c="Cũng sai")
MANY = choose_many("1-5", "Chọn nhiều?", **ABOUT, a="A", b="B", c="C", d="D")
CARDS = classify("1-1", "Xếp?", **ABOUT, cards={"x": "Thẻ X", "y": "Thẻ Y"}, groups={"g": "Nhóm G", "h": "Nhóm H"})
PAIRS = match("1-6", "Ghép?", **ABOUT, items={"x": "Việc X", "y": "Việc Y"}, partners={"g": "Mức G", "h": "Mức H"})
COUNT = number("1-4", "Mấy?", **ABOUT, unit="phản ánh")
TEXTS = blanks("1-7", "Điền?", **ABOUT, viec="Việc", ai="Ai bị thiệt")
BENCH = experiment("1-3", "Thử?", **ABOUT, lab=KEYWORD_RULES)

STEPS = order("2-2", "Xếp?", **ABOUT, items={"a": "Thu thập", "b": "Gán nhãn", "c": "Huấn luyện", "d": "Theo dõi"})
RANKS = order("3-5", "Xếp?", **ABOUT, items={"a": "0,2", "b": "0,4", "c": "0,6"}, scored="exact")
DRAFT = "Kính gửi anh/chị. Cộng 12 và 30 được 43 hồ sơ. Mời họp lúc 8 giờ. Căn cứ văn bản đã hết hiệu lực."
MARKED = spans("6-1", "Câu nào sai?", **ABOUT, text=DRAFT)
REQUEST = prompt(
    "5-1",
    "Viết yêu cầu?",
    **ABOUT,
    rules=[
        Rule("Nêu việc cần làm", any_of=["soạn", "viết", "tóm tắt"]),
        Rule("Nêu người đọc", any_of=["cho người dân", "gửi tổ dân phố"]),
        Rule("Đủ ý", min_words=8),
        Rule("Không lộ dữ liệu", no_personal_data=True),
    ],
)
MODEL_REQUEST = "Soạn thư mời họp gửi tổ dân phố, ba câu, lời lẽ lịch sự, để trống ngày giờ."

TYPES: list[tuple[Question, Key]] = [
    (ONE, Key("a", {"a": "Phải.", "b": "Chưa."})),
    (MANY, Key({"a", "b", "c"})),
    (CARDS, Key({"x": "g", "y": {"g", "h"}})),
    (PAIRS, Key({"x": "g", "y": "h"})),
    (COUNT, Key(14707)),
    (TEXTS, Key(None)),
    (FACTS, FACTS_KEY),
    (STEPS, Key(["a", "b", "c", "d"])),
    (RANKS, Key(["b", "a", "c"])),
    (MARKED, Key(["12 và 30 được 43", "đã hết hiệu lực"], {"đã hết hiệu lực": "Kiểm ngày hiệu lực."})),
    (REQUEST, Key(MODEL_REQUEST)),
    (BENCH, Key(Goal(full=0.5, half=0.4, salt="muối", reference=REFERENCE))),
]
IDS = [f"{question.kind} {question.id}" for question, _ in TYPES]


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
        (FACTS, None, {}),
        (FACTS, {"ngay": "hôm qua", "so": "1", "noi": "x"}, {}),
        (BENCH, 0.5, {}),
        (STEPS, ["a", "b", "c"], {}),
        (MARKED, ["không có trong bài"], {}),
        (MARKED, ["anh/chị"], {"không có trong bài": "?"}),
        (REQUEST, "Soạn thư.", {}),
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
            raise MissingAnswer("Hãy làm câu 1.3 trước.")
        return 5.0

    key = Key(rules_used)
    without = judge(COUNT, key, "5", 4, Context({}, 7))
    assert (without.status, without.points, without.message) == (Status.BLANK, 0, "Hãy làm câu 1.3 trước.")
    assert judge(COUNT, key, "5 phản ánh", 4, Context({"1-3": {}}, 7)).points == 4


def test_an_order_earns_its_rightly_following_neighbours() -> None:
    key = Key(["a", "b", "c", "d"])
    points = {given: judge(STEPS, key, list(given), 3, CONTEXT).points for given in ("abcd", "bcda", "dabc", "dcba")}
    assert points == {"abcd": 3, "bcda": 2, "dabc": 2, "dcba": 0}


def test_an_exact_order_forgives_one_swap_of_neighbours_by_half() -> None:
    key = Key(["a", "b", "c"])
    points = {given: judge(RANKS, key, list(given), 8, CONTEXT).points for given in ("abc", "bac", "acb", "cba", "cab")}
    assert points == {"abc": 8, "bac": 4, "acb": 4, "cba": 0, "cab": 0}


@pytest.mark.parametrize(
    ("positions", "complaint"),
    [({"a": "1"}, "Còn 3 dòng"), ({"a": "1", "b": "1"}, "cùng ở vị trí 1"), ({"a": "9"}, "vị trí trong danh sách")],
)
def test_an_unfinished_order_is_asked_again_with_what_is_missing(positions: dict[str, str], complaint: str) -> None:
    raw = STEPS.from_form({f"2-2.{item}": [position] for item, position in positions.items()})
    result = judge(STEPS, Key(["a", "b", "c", "d"]), raw, 3, CONTEXT)
    assert result.status is Status.UNREADABLE
    assert complaint in result.message
    for item, position in positions.items():
        assert Form(STEPS.html(raw)).sent.get(f"2-2.{item}", ["9"]) == [position]


def test_the_order_shown_is_not_the_key_for_everybody() -> None:
    shown = {tuple(STEPS.shuffled(seed)) for seed in range(40)}
    assert len(shown) > 10
    assert STEPS.shuffled(7) == STEPS.shuffled(7)


def test_marking_with_the_mouse_and_choosing_by_number_earn_the_same() -> None:
    key = Key(["12 và 30 được 43"])
    start = DRAFT.index("Cộng")
    by_number = [list(MARKED.pieces[1])]
    with_mouse = [[start + 2, start + 25]]
    assert judge(MARKED, key, by_number, 4, CONTEXT).points == 4
    assert judge(MARKED, key, with_mouse, 4, CONTEXT).points == 4
    touched = [[start - 3, start + 2]]
    assert judge(MARKED, key, touched, 4, CONTEXT).status is Status.BLANK


@given(st.sets(st.integers(0, 3)), st.sampled_from([1, 3]))
def test_one_more_right_piece_never_lowers_the_points(chosen: set[int], more: int) -> None:
    key = Key(["12 và 30 được 43", "đã hết hiệu lực"])

    def points(pieces: set[int]) -> float:
        return judge(MARKED, key, [list(MARKED.pieces[place]) for place in sorted(pieces)], 4, CONTEXT).points

    assert points(chosen | {more}) >= points(chosen)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (MODEL_REQUEST, [True, True, True, True]),
        ("SOẠN  thư", [True, False, False, True]),
        ("soan thu gui to dan pho", [False, False, False, True]),
        ("Viết thư cho người dân, gọi số 0900 000 123 nếu cần hỏi thêm nhé", [True, True, True, False]),
        ("Tóm tắt đơn của người có số 000123456789", [True, False, True, False]),
        ("gửi tổ dân phố qua thư nguoidan@vidu.example", [False, True, False, False]),
    ],
)
def test_each_published_rule_is_kept_or_not(text: str, kept: list[bool]) -> None:
    result = judge(REQUEST, Key(MODEL_REQUEST), text, 4, CONTEXT)
    assert [line.right for line in result.feedback] == kept
    assert result.points == sum(kept)
    assert all(line.text.endswith(".") for line in result.feedback)


def test_free_text_without_points_is_done_only_when_every_box_is() -> None:
    done = judge(TEXTS, Key(None), {"viec": "một việc", "ai": "người dân"}, 0, CONTEXT)
    half = judge(TEXTS, Key(None), {"viec": "một việc", "ai": "ừ"}, 0, CONTEXT)
    assert (done.status, done.share) == (Status.GRADED, 1.0)
    assert (half.status, half.share) == (Status.BLANK, 0.0)
    assert [line.right for line in half.feedback] == [True, False]


def test_sentences_end_where_sentences_end() -> None:
    text = "Phí 50.000 đồng. Hẹn 8 giờ!\nGặp ai? Gửi thư tới a.b@vidu.example"
    question = spans("6-2", "Câu nào?", **ABOUT, text=text)
    assert [text[start:end] for start, end in question.pieces] == [
        "Phí 50.000 đồng.",
        "Hẹn 8 giờ!",
        "Gặp ai?",
        "Gửi thư tới a.b@vidu.example",
    ]


def test_a_box_may_ask_for_a_number_of_the_learners_own_data() -> None:
    question = blanks("9-1", "Điền số của anh/chị.", competency="NL4", level=3, expects={"a": "number"}, a="Số bỏ sót")
    key = Key({"a": lambda c: c.seed + 0.5}, {"a": "đọc ở bảng"})
    question.check_key(key)
    assert key.depends_on_data
    assert question.grade(key, question.parse({"a": "7,5"}), Context({}, 7)).share == 1
    assert question.grade(key, question.parse({"a": "7,5"}), Context({}, 8)).share == 0
    assert question.samples(key, Context({}, 7)).reference == {"a": "7,5"}


def test_nearly_all_of_the_marks_may_earn_all_points() -> None:
    text = "Một hai ba bốn. Năm sáu bảy tám. Chín mười."
    strict = spans("9-1", "Đánh dấu.", competency="NL4", level=2, text=text)
    kind = spans("9-1", "Đánh dấu.", competency="NL4", level=2, text=text, full_at=0.7)
    key, raw = Key(["Một hai ba bốn.", "Năm sáu bảy tám."]), [[0, 15]]
    assert 0.6 < strict.grade(key, strict.parse(raw), Context()).share < 0.7
    assert kind.grade(key, kind.parse([[0, 15], [16, 43]]), Context()).share == 1
