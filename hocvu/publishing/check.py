"""What is wrong with a course, as a list of sentences: file, cell, value, mend. Nothing is published with any left."""

from collections.abc import Iterator
from pathlib import Path

from hocvu.course import Course, read_course
from hocvu.errors import AuthoringError, BadNotebook
from hocvu.notebooks import Notebook, cells_of, normal_form, notebook_text, read_notebook
from hocvu.publishing.code_items import code_problems
from hocvu.publishing.lessons import lesson_page
from hocvu.publishing.release import generate_release
from hocvu.publishing.specs import MAX_PROMPT_WORDS, NOTEBOOK, compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.base import Question
from hocvu.questions.case import Case
from hocvu.questions.code import Code
from hocvu.questions.experiment import Experiment
from hocvu.questions.judge import judge
from hocvu.questions.values import Context
from hocvu.results import Status

TRIAL_SEED = 2027


def notebooks_of(root: Path) -> list[Path]:
    """Return the notebooks that people write: lessons and sources."""
    return sorted([*root.glob("course/*/lesson.ipynb"), *root.glob(f"source/*/{NOTEBOOK}")])


def slugs_of(root: Path) -> list[str]:
    """Return the assignments of questions in source/; notebooks of code are nbgrader's to release."""
    return sorted(path.parent.name for path in root.glob(f"source/*/{NOTEBOOK}") if not _is_code(path))


def _is_code(path: Path) -> bool:
    try:
        return is_code_notebook(read_notebook(path))
    except BadNotebook:
        return False


def is_code_notebook(source: Notebook) -> bool:
    """Tell whether it is a notebook of programming: graded code, and nowhere a question of ours."""
    code = [cell for cell in cells_of(source) if cell.cell_type == "code"]
    return any(cell.is_grade for cell in code) and not any("hocvu.questions" in cell.source for cell in code)


def check_course(root: Path) -> list[str]:
    """Return every problem found in the course at `root`; empty when it may be published."""
    try:
        course = read_course(root)
    except AuthoringError as error:
        return [str(error)]
    return [
        *_form_problems(root),
        *_module_problems(course, root),
        *(problem for slug in slugs_of(root) for problem in _assignment_problems(course, root, slug)),
    ]


def _form_problems(root: Path) -> Iterator[str]:
    for path in notebooks_of(root):
        try:
            expected = notebook_text(normal_form(read_notebook(path)))
        except BadNotebook as error:
            yield str(error)
            continue
        if path.read_text(encoding="utf-8") != expected:
            yield f"{path.relative_to(root)}: not in normal form. Run `make format`."


def _module_problems(course: Course, root: Path) -> Iterator[str]:
    for module in course.modules:
        if not module.published:
            continue
        for path in (root / "course" / module.slug / "lesson.ipynb", root / "source" / module.slug / NOTEBOOK):
            if not path.is_file():
                where = path.relative_to(root)
                yield f'{where}: missing, but module "{module.slug}" is published in course/course.toml. Add it.'
            elif path.name == "lesson.ipynb":
                yield from _lesson_problems(path)


def _lesson_problems(path: Path) -> Iterator[str]:
    try:
        lesson_page(path)
    except (AuthoringError, BadNotebook) as error:
        yield str(error)


def _assignment_problems(course: Course, root: Path, slug: str) -> Iterator[str]:
    try:
        spec = compile_assignment(root / "source" / slug / NOTEBOOK)
        yield from _item_problems(course, spec)
        expected = generate_release(root, slug)
    except (AuthoringError, BadNotebook) as error:
        yield str(error)
        return
    released = root / "release" / slug / NOTEBOOK
    if not released.is_file() or released.read_bytes() != expected:
        yield f"release/{slug}/{NOTEBOOK}: not what source/{slug} gives. Run `make release`."
    extra = [p.name for p in released.parent.glob("[!.]*") if p != released] if released.parent.is_dir() else []
    if extra:
        yield f"release/{slug}: holds {sorted(extra)} besides the notebook; learners would get it. Remove it."


def _item_problems(course: Course, spec: AssignmentSpec) -> Iterator[str]:
    if slug_module := next((module for module in course.modules if module.slug == spec.slug), None):
        known = slug_module.competencies
    else:
        yield f"source/{spec.slug}: no module with this slug in course/course.toml. Add it or rename the folder."
        return
    answers = _experiments_done(spec)
    context = Context(answers, TRIAL_SEED)
    for item in spec.items:
        where = f'source/{spec.slug}/{NOTEBOOK}, cell "{item.id}"'
        if item.question.competency not in course.competencies:
            yield f"{where}: competency is {item.question.competency!r}. Use one of {sorted(course.competencies)}."
        elif item.question.competency not in known:
            yield f"{where}: {item.question.competency} is not among the module's competencies {list(known)}."
        if item.question.level not in (1, 2, 3):
            yield f"{where}: level is {item.question.level}. The machine grades levels 1 to 3."
        if isinstance(item.question, Code):
            yield from (f"{where}: {problem}" for problem in code_problems(spec.notebook, item))
            continue
        for trial, seed in _trials(item.question):
            problems = _trial_problems(item, Context(answers, seed))
            yield from (f"{where}{trial}: {problem}" for problem in problems)
        yield from (f"{where}{problem}" for problem in _part_problems(item.question))
        answers[item.id] = item.question.samples(item.key, context).reference


def _experiments_done(spec: AssignmentSpec) -> dict[str, object]:
    """Return good settings of all experiments: a number may ask about one that comes after it."""
    start = Context({}, TRIAL_SEED)
    return {
        item.id: item.question.samples(item.key, start).reference
        for item in spec.items
        if isinstance(item.question, Experiment)
    }


def _trials(question: Question) -> Iterator[tuple[str, int]]:
    """Yield the seeds an item is tried with, and what to call each: one seed for every variant of a case."""
    if not isinstance(question, Case):
        yield "", TRIAL_SEED
        return
    for seed in range(TRIAL_SEED, TRIAL_SEED + len(question.variants)):
        yield f', variant "{question.variant_of(seed)}"', seed


def _part_problems(question: Question) -> Iterator[str]:
    variants = question.variants if isinstance(question, Case) else {}
    for variant, one in variants.items():
        for part, asked in one.parts.items():
            words = len(asked.prompt.split())
            if words > MAX_PROMPT_WORDS:
                yield (
                    f', variant "{variant}", part "{part}": the prompt has {words} words. '
                    f"Use at most {MAX_PROMPT_WORDS}; the story may be longer."
                )


def _trial_problems(item: ItemSpec, context: Context) -> Iterator[str]:
    """Try the item four ways, each after the items before it were answered rightly."""
    samples = item.question.samples(item.key, context)
    right, wrong, blank, unreadable = (
        judge(item.question, item.key, raw, item.max_points, context)
        for raw in (samples.reference, samples.wrong, None, samples.unreadable)
    )
    if right.points != item.max_points:
        yield f"the right answer earns {right.points:g} of {item.max_points:g}. Check the key."
    if item.max_points and wrong.points >= item.max_points:
        yield f"a wrong answer earns {wrong.points:g} of {item.max_points:g}. Check the key."
    if blank.points or blank.status is not Status.BLANK:
        yield f"no answer earns {blank.points:g}. It must earn 0."
    if unreadable.status is not Status.UNREADABLE:
        yield f"an answer that is not one is taken as {unreadable.status}. It must be asked again."
