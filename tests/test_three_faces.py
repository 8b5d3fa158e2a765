"""One answer, three faces: on the page, in a widget and in stock nbgrader it earns the same points."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

from hocvu.demo.learners import Learner, answer_items
from hocvu.grading import grade_answers
from hocvu.notebooks import normal_form, notebook_text, read_notebook
from hocvu.portal.words import KIND_NAMES
from hocvu.publishing.release import generate_release
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.judge import judge
from hocvu.questions.values import Context
from hocvu.results import Status
from hocvu.widgets.questions import question_form
from tests.questions.test_types import Form
from tests.stock_nbgrader import gradebook_points_of, nbgrader
from tests.widgets.test_questions import Memory, controls

STARTER = Path(__file__).parent.parent / "docs" / "vi" / "mau-bai-tap.ipynb"
SLUG, SEED = "mau-bai-tap", 2027
KINDS = ["MC1", "MCn", "CLS", "MAT", "ORD", "NUM", "SEL", "PRM", "TXT", "EXP", "CASE"]
WAYS = ["reference", "wrong", "blank", "partial", "unreadable"]


@pytest.fixture(scope="module")
def course(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose one assignment is the starter notebook."""
    made = tmp_path_factory.mktemp("starter")
    (made / "source" / SLUG).mkdir(parents=True)
    shutil.copy(STARTER, made / "source" / SLUG / "exercises.ipynb")
    shutil.copy(root / "nbgrader_config.py", made)
    return made


@pytest.fixture(scope="module")
def spec(course: Path) -> AssignmentSpec:
    return compile_assignment(course / "source" / SLUG / "exercises.ipynb")


def raw_answer(item: ItemSpec, way: str) -> object:
    """Return the raw answer of one way; partial is the reference with its first part left out, where it has parts."""
    samples = item.question.samples(item.key, Context({}, SEED))
    if way == "blank":
        return None
    if way != "partial":
        return getattr(samples, way)
    match samples.reference:
        case dict(parts) if len(parts) > 1:
            return dict(list(parts.items())[1:])
        case list(parts) if len(parts) > 1 and item.question.kind in ("MCn", "SEL"):
            return parts[1:]
    return samples.wrong


def points_of(item: ItemSpec, raw: object) -> float:
    return judge(item.question, item.key, raw, item.max_points, Context({}, SEED)).points


def test_the_starter_shows_every_type_once_and_is_in_normal_form(spec: AssignmentSpec) -> None:
    assert [item.question.kind for item in spec.items] == KINDS
    assert STARTER.read_text(encoding="utf-8") == notebook_text(normal_form(read_notebook(STARTER)))


def test_the_starter_is_released_without_its_keys(course: Path) -> None:
    released = generate_release(course, SLUG).decode()
    for secret in (".key(", "Đường dẫn lạ có thể", "thay-chuoi-nay", "6 tin bị bỏ sót"):
        assert secret not in released


def test_every_type_has_a_name_for_people() -> None:
    assert set(KINDS) | {"COD"} == set(KIND_NAMES)  # optional code has tests of its own: tests/course/test_code_item.py


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_sends_back_the_answer_it_shows(spec: AssignmentSpec, kind: str, way: str) -> None:
    item = spec.items[KINDS.index(kind)]
    raw = raw_answer(item, way)
    sent = item.question.from_form(Form(item.question.html(raw, SEED)).sent)
    if way != "unreadable":
        assert points_of(item, sent) == points_of(item, raw)
    assert (way == "blank") == (sent is None) or way == "unreadable"


@pytest.mark.parametrize("way", ["reference", "wrong", "partial"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "EXP"])
def test_a_widget_saves_the_answer_it_shows(spec: AssignmentSpec, kind: str, way: str) -> None:
    item = spec.items[KINDS.index(kind)]
    raw = raw_answer(item, way)
    store = Memory(**{item.id.replace("-", "_"): raw})
    store.seed = SEED
    touch(list(controls(question_form(item.question, store))))
    assert points_of(item, store.answers[item.id]) == points_of(item, raw)


@pytest.mark.parametrize("way", ["reference", "wrong"])
def test_the_bench_in_a_notebook_saves_the_setting_it_shows(spec: AssignmentSpec, way: str) -> None:
    item = spec.items[KINDS.index("EXP")]
    raw = raw_answer(item, way)
    store = Memory(**{item.id.replace("-", "_"): raw})
    store.seed = SEED
    form = question_form(item.question, store)
    store.answers = {}
    next(one for one in parts_of(form) if "hocvu-bench-save" in one._dom_classes).click()
    assert points_of(item, store.answers[item.id]) == points_of(item, raw)


@pytest.mark.parametrize("kind", KINDS)
def test_a_widget_that_nobody_touches_is_a_blank_answer(spec: AssignmentSpec, kind: str) -> None:
    item, store = spec.items[KINDS.index(kind)], Memory()
    question_form(item.question, store)
    assert points_of(item, store.answers.get(item.id)) == points_of(item, None) == 0


def parts_of(widget: w.Widget) -> list[Any]:
    return [part for child in getattr(widget, "children", ()) for part in (child, *parts_of(child))]


def touch(forms: list[Any]) -> None:
    """Change a control and change it back, so that the form saves what it shows."""
    control = forms[0]
    kept = control.value
    if isinstance(control, w.Checkbox):
        control.value = not kept
    elif isinstance(control, (w.Dropdown, w.RadioButtons)):
        values = [value for _, value in control.options if value != kept]
        control.value = values[-1]
    else:
        control.value = f"{kept} "
    control.value = kept


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_stock_nbgrader_gives_the_same_points_for_every_type_in_every_way(course: Path, spec: AssignmentSpec) -> None:
    nbgrader(course, "generate_assignment", SLUG, "--create")
    expected = {}
    for way in WAYS:
        answers = {item.id: raw for item in spec.items if (raw := raw_answer(item, way)) is not None}
        folder = course / "submitted" / way / SLUG
        folder.mkdir(parents=True)
        shutil.copy(course / "release" / SLUG / "exercises.ipynb", folder)
        content = {"assignment": SLUG, "seed": SEED, "answers": answers}
        (folder / "answers.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        expected[way] = {item.id: pytest.approx(points_of(item, answers.get(item.id))) for item in spec.items}
    nbgrader(course, "autograde", SLUG)
    assert gradebook_points_of(course, SLUG) == expected
    assert all(
        judge(item.question, item.key, raw_answer(item, "unreadable"), 1, Context({}, SEED)).status is Status.UNREADABLE
        for item in spec.items
    )


def test_simulated_learners_answer_every_type_and_the_abler_earn_more(spec: AssignmentSpec) -> None:
    def mean_share(skill: float) -> dict[str, float]:
        shares: dict[str, list[float]] = {item.id: [] for item in spec.items}
        for seed in range(60):
            answers = answer_items(spec, Learner(skill, diligence=1.0), seed, random.Random(seed))
            for result in grade_answers(spec, answers, seed):
                assert result.status is not Status.UNREADABLE, result
                shares[result.item_id].append(result.share)
        return {item_id: sum(found) / len(found) for item_id, found in shares.items()}

    weak, able = mean_share(-1.5), mean_share(2.0)
    for item_id, share in able.items():
        assert weak[item_id] < share <= 1, item_id
