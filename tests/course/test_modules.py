"""Every open module keeps the course's promises: the outline's items, four ways, texts, lesson, minutes."""

import re
import unicodedata
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from hocvu.grading import grade_answers
from hocvu.notebooks import normal_form, notebook_text, read_notebook
from hocvu.questions.experiment import Experiment, Goal
from hocvu.questions.judge import COMPLETION, judge
from hocvu.questions.values import Context
from hocvu.results import Result, Status
from tests.course.misled import MISLED
from tests.course.modules import (
    ITEMS,
    SEED,
    SLUGS,
    assignment_of,
    cells_of_lesson,
    context_of,
    course,
    item_of,
    lesson_of,
    module_of,
    outline_of,
    parts_of,
    texts_of,
)

CITED = re.compile(r"căn cứ: `([a-z0-9-]+)`, kiểm tra ngày (\d\d)/(\d\d)/(\d{4}); mức chắc chắn: (F\d)")
WORDS_A_MINUTE = 180  # syllables of Vietnamese that an adult reads calmly
MINUTES_AN_ITEM = {"EXP": 4.0, "PRM": 5.0, "CASE": 6.0, "SEL": 2.5, "TXT": 2.0, "CLS": 2.0, "MAT": 1.5, "MCn": 1.5}
MINUTES_A_BENCH = 6.0
MINUTES_A_TRY, MINUTES_A_FIRST_BENCH = 0.5, 2.5  # of the start-up: each type once, in a few words, without points
every_module = pytest.mark.parametrize("slug", SLUGS)
every_item = pytest.mark.parametrize(("slug", "item_id"), ITEMS)


def judged(slug: str, item_id: str, raw: object, context: Context) -> Result:
    item = item_of(slug, item_id)
    return judge(item.question, item.key, raw, item.max_points, context)


@every_module
def test_the_items_are_those_of_the_course_outline(slug: str) -> None:
    found = {
        one.id: (one.question.kind, one.question.competency, one.question.level, one.max_points)
        for one in assignment_of(slug).items
    }
    wanted = outline_of(module_of(slug).number)
    assert list(found.items()) == list(wanted.items()) or not wanted


# --- four ways ---


@every_item
def test_the_reference_answer_earns_all_points(slug: str, item_id: str) -> None:
    item, context = item_of(slug, item_id), context_of(slug)
    result = judged(slug, item_id, item.question.samples(item.key, context).reference, context)
    assert (result.status, result.points) == (Status.GRADED, item.max_points)
    assert all(line.right for line in result.feedback)


@every_item
@pytest.mark.parametrize("nothing", [None, "", {}, []])
def test_a_blank_answer_earns_no_points(slug: str, item_id: str, nothing: object) -> None:
    result = judged(slug, item_id, nothing, context_of(slug))
    assert result.points == 0
    assert result.status in (Status.BLANK, Status.UNREADABLE)
    assert nothing is not None or result.status is Status.BLANK


@every_item
def test_a_wrong_answer_earns_its_stated_points(slug: str, item_id: str) -> None:
    item, context = item_of(slug, item_id), context_of(slug)
    samples = item.question.samples(item.key, context)
    result = judged(slug, item_id, samples.wrong, context)
    is_completion = not item.max_points and item.question.kind == COMPLETION
    assert result.status is (Status.BLANK if is_completion else Status.GRADED)
    assert result.points == pytest.approx(samples.wrong_share * item.max_points)
    assert not all(line.right for line in result.feedback)


@every_item
def test_an_unreadable_answer_is_asked_again(slug: str, item_id: str) -> None:
    item, context = item_of(slug, item_id), context_of(slug)
    result = judged(slug, item_id, item.question.samples(item.key, context).unreadable, context)
    assert (result.status, result.points) == (Status.UNREADABLE, 0)
    assert result.message


@pytest.mark.parametrize(("slug", "item_id"), [one for one in ITEMS if isinstance(item_of(*one).question, Experiment)])
def test_an_experiment_can_be_solved_for_200_seeds_and_not_by_doing_nothing(slug: str, item_id: str) -> None:
    """With the salt of this very notebook; one learner's seed must never be an unlucky one."""
    item = item_of(slug, item_id)
    question, goal = item.question, item.key.answer
    assert isinstance(question, Experiment) and isinstance(goal, Goal)
    weak = question.parse(question.lab.weak())
    for seed in range(200):
        reference = question.parse(goal.reference_for(seed))
        assert question.lab.verdict(reference, seed, goal).share == 1, seed
        assert question.lab.verdict(weak, seed, goal).share == 0, seed
    defaults = getattr(question.lab, "defaults", None)
    if defaults is not None:  # a bench opens at a setting that proves nothing
        opened = [question.lab.verdict(question.parse(defaults), seed, goal).share for seed in range(50)]
        assert max(opened) < 1


@every_module
def test_a_person_led_by_the_misconceptions_stays_under_40_percent(slug: str) -> None:
    assignment = assignment_of(slug)
    if not assignment.max_points:
        return
    answers = MISLED[slug]
    assert set(answers) == {item.id for item in assignment.items if item.question.kind != "COD"}
    results = grade_answers(assignment, answers, SEED)
    assert not [one.item_id for one in results if one.status in (Status.UNREADABLE, Status.NOT_CHECKED)]
    assert sum(one.points for one in results) < 0.40 * assignment.max_points


# --- texts ---


@every_item
def test_every_part_has_feedback_of_its_own(slug: str, item_id: str) -> None:
    item = item_of(slug, item_id)
    parts, goal = set(parts_of(item.question)), item.key.answer
    if isinstance(goal, Goal) and goal.half == goal.full:
        parts.discard("half")
    if not parts:
        return
    assert set(item.key.feedback) == parts
    said = list(item.key.feedback.values())
    assert all(len(text.split()) >= 8 for text in said)
    assert len(set(said)) == len(said)


@every_item
def test_prompts_are_short(slug: str, item_id: str) -> None:
    assert 5 <= len(item_of(slug, item_id).question.prompt.split()) <= 60


@every_item
def test_texts_are_tidy(slug: str, item_id: str) -> None:
    for text in texts_of(item_of(slug, item_id)):
        assert unicodedata.is_normalized("NFC", text), text
        assert text == " ".join(text.split()), text


@every_module
def test_every_fact_cited_in_feedback_is_in_the_register(slug: str) -> None:
    cited = {
        fact
        for item in assignment_of(slug).items
        for text in texts_of(item)
        for fact in re.findall(r"\[([a-z0-9]+(?:-[a-z0-9]+)+)\]", text)
    }
    assert cited <= set(course().facts)


# --- the lesson ---


def text_of(slug: str) -> str:
    return "\n".join("".join(cell["source"]) for cell in cells_of_lesson(slug))  # type: ignore[arg-type]


@every_module
def test_the_lesson_is_in_normal_form(slug: str) -> None:
    written = lesson_of(slug).read_text(encoding="utf-8")
    assert written == notebook_text(normal_form(read_notebook(lesson_of(slug))))
    assert unicodedata.is_normalized("NFC", written)


@every_module
def test_code_cells_of_the_lesson_are_short_and_folded_away(slug: str) -> None:
    for cell in cells_of_lesson(slug):
        if cell["cell_type"] == "code":
            assert len(cell["source"]) < 15  # type: ignore[arg-type]
            assert cell["metadata"]["jupyter"]["source_hidden"]  # type: ignore[index]


@every_module
def test_the_lesson_runs_from_top_to_bottom(
    slug: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root))
    notebook = nbformat.read(lesson_of(slug), as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output.output_type for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert shown == ["execute_result"] * len([cell for cell in notebook.cells if cell.cell_type == "code"])


@every_module
def test_the_released_exercises_run_from_top_to_bottom_and_show_every_question(
    slug: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root))
    notebook = nbformat.read(root / "release" / slug / "exercises.ipynb", as_version=4)
    optional = tuple(item.id for item in assignment_of(slug).items if item.question.kind == "COD")
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith(optional or "none")]
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [one for one in outputs if "application/vnd.jupyter.widget-view+json" in one.get("data", {})]
    assert len(drawn) == len(assignment_of(slug).items) - len(optional)


@every_module
def test_what_the_lesson_claims_of_law_is_in_the_register_with_the_same_date_and_status(slug: str) -> None:
    text, facts = text_of(slug), course().facts
    cited = CITED.findall(text)
    assert len(cited) == text.count("căn cứ: `")
    for fact_id, day, month, year, status in cited:
        assert str(facts[fact_id].checked_on) == f"{year}-{month}-{day}"
        assert facts[fact_id].status == status


@every_module
def test_reading_bench_and_exercises_fit_the_minutes_of_the_module(slug: str) -> None:
    words = len(text_of(slug).split())
    prompts = sum(len(text.split()) for item in assignment_of(slug).items for text in (item.question.prompt,))
    benches = text_of(slug).count("bench(")
    items = [item for item in assignment_of(slug).items if item.question.kind != "COD"]  # optional
    if assignment_of(slug).max_points:
        doing = sum(MINUTES_AN_ITEM.get(item.question.kind, 1.0) for item in items) + MINUTES_A_BENCH * benches
    else:
        doing = MINUTES_A_TRY * len(items) + MINUTES_A_FIRST_BENCH * benches
    minutes = (words + prompts) / WORDS_A_MINUTE + doing
    assert minutes <= module_of(slug).minutes * 1.05, f"{minutes:.0f} minutes, promised {module_of(slug).minutes}"
