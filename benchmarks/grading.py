"""No-code grading: the pure function per question type, and whole runs beside stock `nbgrader autograde`."""

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.timing import Cost, cost_of, spread_of
from hocvu.demo.learners import answer_items, make_learner
from hocvu.grading import grade_answers
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.judge import judge
from hocvu.questions.values import Context

SLUG = "01-ai-quanh-ta"
BESIDE_NBGRADER = 20
OURS_ALONE = 1000


def report_grading(root: Path) -> None:
    """Print cost per type, per submission, and the ratio to nbgrader."""
    _report_types(root)
    spec = compile_assignment(root / "source" / SLUG / "exercises.ipynb")
    _report_submission(spec)
    with tempfile.TemporaryDirectory() as scratch:
        _report_beside_nbgrader(root, Path(scratch), spec)


def _report_types(root: Path) -> None:
    """The starter notebook has each type once."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "mau-bai-tap"
        folder.mkdir()
        shutil.copy(root / "docs" / "vi" / "mau-bai-tap.ipynb", folder / "exercises.ipynb")
        spec = compile_assignment(folder / "exercises.ipynb")
    print("Deciding the points of one answer (parse, grade, feedback; no files), another seed each time")
    for item in spec.items:
        print(f"  {item.question.kind:4} {spread_of(_judged(item, {}), 300)}")


def _judged(item: ItemSpec, answers: Mapping[str, object], seeds_from: int = 0) -> Callable[[int], object]:
    """Return a call that judges the reference answer with a seed that nobody has graded before."""
    raw = item.question.samples(item.key, Context(answers, 7)).reference
    return lambda number: judge(item.question, item.key, raw, 8, Context(answers, seeds_from + abs(number)))


def _report_submission(spec: AssignmentSpec) -> None:
    answers: dict[str, object] = {}
    for item in spec.items:
        answers[item.id] = item.question.samples(item.key, Context(answers, 7)).reference
    print(
        "The items of module 1; 1-3 runs the rules on 200 held-out reports, 1-4 makes the 60 visible ones of its seed"
    )
    for place, item in enumerate(spec.items, start=1):
        print(f"  {item.id:4} {spread_of(_judged(item, answers, 1_000_000 * place), 300)}")
    whole = spread_of(lambda number: grade_answers(spec, answers, abs(number)), 300)
    print(f"  all  {whole}   <- one whole submission of module 1")
    again = spread_of(lambda number: grade_answers(spec, answers, 7), 300)
    print(f"  all  {again}   <- the same seed again: a second look, a regrade, or the bench was just shown\n")


def _report_beside_nbgrader(root: Path, course: Path, spec: AssignmentSpec) -> None:
    shutil.copy(root / "nbgrader_config.py", course)
    shutil.copytree(root / "source" / SLUG, course / "source" / SLUG, ignore=shutil.ignore_patterns(".*"))
    cost_of(["nbgrader", "generate_assignment", SLUG, "--create"], course)
    hand_in(course, spec, BESIDE_NBGRADER)
    stock = cost_of(["nbgrader", "autograde", SLUG], course)
    few = _grade(course)
    hand_in(course, spec, OURS_ALONE)
    many = _grade(course)
    print(f"Grading a folder of submissions, whole process from start to end ({BESIDE_NBGRADER} the same submissions)")
    _line(f"nbgrader autograde, {BESIDE_NBGRADER}", stock, BESIDE_NBGRADER)
    _line(f"hocvu grade, {BESIDE_NBGRADER}", few, BESIDE_NBGRADER)
    _line(f"hocvu grade, {OURS_ALONE}", many, OURS_ALONE)
    ratio = (stock.cpu_s / BESIDE_NBGRADER) / (many.cpu_s / OURS_ALONE)
    print(f"  ratio of CPU per submission, nbgrader {BESIDE_NBGRADER} / hocvu {OURS_ALONE}: {ratio:.0f}")
    print("  (hocvu grade prints points; hocvu autograde, below, writes gradebook and notebooks too)\n")


def _grade(course: Path) -> Cost:
    return cost_of([sys.executable, "-m", "hocvu", "grade", SLUG], course)


def _line(name: str, cost: Cost, submissions: int) -> None:
    each = cost.cpu_s / submissions * 1000
    print(f"  {name:26} CPU {cost.cpu_s:7.2f} s   wall {cost.wall_s:7.2f} s   CPU each {each:9.2f} ms")


def hand_in(course: Path, spec: AssignmentSpec, count: int) -> None:
    for number in range(count):
        rng = random.Random(number)
        folder = course / "submitted" / f"hv{number:04d}" / SLUG
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(course / "release" / SLUG / "exercises.ipynb", folder)
        seed = rng.randrange(2**31)
        content = {"assignment": SLUG, "seed": seed, "answers": answer_items(spec, make_learner(rng), seed, rng)}
        (folder / "answers.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
