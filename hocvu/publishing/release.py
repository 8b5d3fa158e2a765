"""From source/ to release/: nbgrader generates the learner's version; a check proves that it gives nothing away."""

import ast
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from hocvu.errors import AuthoringError
from hocvu.notebooks import Notebook, cells_of, read_notebook, write_notebook
from hocvu.publishing.code_items import CODE_STUB, secret_lines
from hocvu.publishing.specs import NOTEBOOK, compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.case import Case
from hocvu.questions.code import Code

LEAK_LENGTH = 25  # so much of a feedback text is enough to know it again


def generate_release(root: Path, slug: str) -> bytes:
    """Return the learner's notebook for source/<slug>, made by nbgrader's own generate_assignment in a scratch course.

    Raises AuthoringError if the source is wrong or the result would give a key or feedback away.
    """
    spec = compile_assignment(root / "source" / slug / NOTEBOOK)
    with tempfile.TemporaryDirectory(prefix="hocvu-release-") as scratch:
        course = Path(scratch)
        shutil.copytree(root / "source" / slug, course / "source" / slug, ignore=shutil.ignore_patterns(".*"))
        released = _generate(course, slug)
        write_notebook(released, read_notebook(released))
        _check_nothing_leaks(spec, read_notebook(released))
        return released.read_bytes()


def _generate(course: Path, slug: str) -> Path:
    config = Config()
    config.CourseDirectory.root = config.Exchange.root = str(course)
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    result = NbGraderAPI(config=config).generate_assignment(slug, force=True, create=True)
    if not result["success"]:
        log = result.get("error") or result.get("log")
        raise AuthoringError(f"source/{slug}: nbgrader generate_assignment failed:\n{log}")
    return course / "release" / slug / NOTEBOOK


def write_release(root: Path, slug: str) -> Path:
    """Write release/<slug>/exercises.ipynb and return its path; nothing is written if anything is wrong."""
    data = generate_release(root, slug)
    path = root / "release" / slug / NOTEBOOK
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{NOTEBOOK}.part")
    half.write_bytes(data)
    half.replace(path)
    return path


def _check_nothing_leaks(spec: AssignmentSpec, released: Notebook) -> None:
    texts = list(texts_of(released))
    for item in spec.items:
        for secret in secrets_of(item):
            if any(secret[:LEAK_LENGTH] in text for text in texts):
                where = f'release of {spec.slug}, cell "{item.id}"'
                raise AuthoringError(f"{where}: shows {secret[:60]!r}. Keep it between the hidden-test marks.")
    if any(".key(" in text or "HIDDEN TESTS" in text for text in texts):
        raise AuthoringError(f"release of {spec.slug}: a hidden part is left. Check the hidden-test marks.")


def texts_of(notebook: Notebook) -> Iterator[str]:
    """Yield every text a learner can read: cell sources, and string literals as Python joins them over lines."""
    for cell in cells_of(notebook):
        yield cell.source
        if cell.cell_type == "code":
            yield from _literals(cell.source)


def _literals(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # what learners start from need not be whole
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def secrets_of(item: ItemSpec) -> Iterator[str]:
    """Yield the texts of an item that no learner may see before answering: feedback, salts, hidden tests."""
    if isinstance(item.question, Code):
        yield from secret_lines(item.key.answer, item.question.starter)
        return
    keys = item.question.part_keys(item.key) if isinstance(item.question, Case) else [item.key]
    for key in keys:
        yield from (text for text in key.feedback.values() if text)
        salt = getattr(key.answer, "salt", "")
        if salt:
            yield salt
