"""From source/ to release/: nbgrader generates the learner's version; a check proves that it gives nothing away."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from hocvu.errors import AuthoringError
from hocvu.notebooks import read_notebook, write_notebook
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec

NOTEBOOK = "exercises.ipynb"


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
        text = released.read_text(encoding="utf-8")
    _check_nothing_leaks(spec, text)
    return text.encode("utf-8")


def _generate(course: Path, slug: str) -> Path:
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    result = NbGraderAPI(config=config).generate_assignment(slug, force=True, create=True)
    if not result["success"]:
        raise AuthoringError(
            f"source/{slug}: nbgrader generate_assignment failed:\n{result.get('error') or result.get('log')}"
        )
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


def _check_nothing_leaks(spec: AssignmentSpec, released: str) -> None:
    for item in spec.items:
        for secret in secrets_of(item):
            if secret in released:
                raise AuthoringError(
                    f'release of {spec.slug}, cell "{item.id}": shows {secret[:60]!r}. Keep it between the hidden-test marks.'
                )
    if ".key(" in released or "HIDDEN TESTS" in released:
        raise AuthoringError(
            f"release of {spec.slug}: a hidden part is left. Check the hidden-test marks of every cell."
        )


def secrets_of(item: ItemSpec) -> Iterator[str]:
    """Yield the texts of an item that no learner may see before answering: feedback, and an experiment's salt."""
    yield from (text for text in item.key.feedback.values() if text)
    salt = getattr(item.key.answer, "salt", "")
    if salt:
        yield salt
