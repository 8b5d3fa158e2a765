"""A scratch course that stock nbgrader and ours grade side by side, and everything their gradebooks say."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.exc import SAWarning

from hocvu.autograde.app import run_autograde
from tests.autograde.notebooks import read, write

NOTHING: Mapping[str, str] = MappingProxyType({})
DUE = "2027-03-01 10:00:00 UTC"
STOCK = """
del c.Autograde["sanitize_preprocessors"], c.Autograde["autograde_preprocessors"]  # `nbgrader autograde` as it comes
"""
PLUGIN = """
from nbgrader.plugins import BasePlugin

class Hourly(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return None if student_id.endswith("7") else total_seconds_late / 3600 - 1
"""


class Course:
    """A course in a scratch folder. One source; two gradebooks and two result folders: stock's, and ours."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        (folder / "nbgrader_config.py").write_text((root / "nbgrader_config.py").read_text() + STOCK)
        (folder / "source").mkdir()

    def configure(self, lines: str) -> None:
        with (self.folder / "nbgrader_config.py").open("a") as file:
            file.write(f"\n{lines}\n")

    def assignment(self, slug: str, notebooks: Mapping[str, dict[str, Any]], due: str = "") -> None:
        """Write source/<slug> and let stock nbgrader generate the release."""
        for name, content in notebooks.items():
            write(self.folder / "source" / slug / f"{name}.ipynb", content)
        if due:
            self.nbgrader("db", "assignment", "add", slug, "--duedate", due)
        with self.formgrader() as formgrader:
            generated = formgrader.generate_assignment(slug, force=True, create=True)
        assert generated["success"], generated

    @contextlib.contextmanager
    def formgrader(self) -> Iterator[NbGraderAPI]:
        """What formgrader's buttons call, with the course's configuration, in this process."""
        app = NbGrader()
        app.initialize([], root=str(self.folder))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own
            yield NbGraderAPI(app.coursedir, parent=app)

    def hand_in(self, student: str, slug: str, *, timestamp: str = "") -> Path:
        """Put the released files into submitted/, as collect does; return the folder."""
        folder = self.folder / "submitted" / student / slug
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "release" / slug, folder)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        return folder

    def nbgrader(self, *arguments: str, status: int | None = 0) -> str:
        """Run a stock nbgrader command and return what it logged."""
        return self._run([str(Path(sys.executable).parent / "nbgrader"), *arguments], status)

    def hocvu(self, *arguments: str, status: int | None = 0, **environment: str) -> str:
        """Run a hocvu command and return what it said."""
        return self._run([sys.executable, "-m", "hocvu", *arguments], status, environment)

    def autograde(self, slug: str, *arguments: str, status: int | None = 0) -> str:
        """Grade our way, into our own gradebook and folder."""
        return self.hocvu("autograde", slug, *self.ours, *arguments, status=status)

    def autograde_here(self, slug: str, *arguments: str, status: int = 0) -> str:
        """The same in this process, which has everything imported already."""
        said = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stderr(said):
            assert run_autograde([slug, *self.ours, *arguments], Path(".")) == status, said.getvalue()
        return said.getvalue()

    @property
    def ours(self) -> tuple[str, ...]:
        return (f"--db={self.db('ours')}", "--CourseDirectory.autograded_directory=ours")

    def db(self, name: str = "gradebook") -> str:
        return f"sqlite:///{self.folder / name}.db"

    def split_gradebook(self) -> None:
        """From here on stock and ours each have a gradebook."""
        shutil.copy(self.folder / "gradebook.db", self.folder / "ours.db")

    def result(self, student: str, slug: str, notebook: str = "exercises") -> dict[str, Any]:
        return read(self.folder / "ours" / student / slug / f"{notebook}.ipynb")

    def _run(self, command: list[str], status: int | None, environment: Mapping[str, str] = NOTHING) -> str:
        path = {"PYTHONPATH": str(self.root), **environment}
        done = subprocess.run(
            command, cwd=self.folder, env={**os.environ, **path}, capture_output=True, text=True, timeout=900
        )
        if status is not None:
            assert done.returncode == status, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
        return done.stdout + done.stderr


def answer(folder: Path, answers: Mapping[str, object], seed: int = 0) -> None:
    """Write answers.json as the widgets do."""
    content = {"assignment": folder.name, "seed": seed, "answers": answers}
    (folder / "answers.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def open_gradebook(url: str) -> Gradebook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        return Gradebook(url)


def everything(url: str, *slugs: str) -> dict[str, Any]:
    """Return every field of every row below the assignments, by names instead of random ids; derived scores too."""
    with warnings.catch_warnings(), open_gradebook(url) as gradebook:
        warnings.simplefilter("ignore", SAWarning)
        found: dict[str, Any] = {"students": sorted(_fields(student) for student in gradebook.students)}
        for slug in slugs:
            for submission in gradebook.assignment_submissions(slug):
                found[f"{slug} {submission.student_id}"] = {
                    **_without_ids(submission.to_dict()),
                    "extension": submission.extension,
                    "late": submission.total_seconds_late,
                    "penalty": submission.late_submission_penalty,
                    "notebooks": {book.name: _notebook(book) for book in submission.notebooks},
                }
        return found


def _notebook(book: Any) -> dict[str, Any]:
    return {
        **_without_ids(book.to_dict()),
        "penalty": book.late_submission_penalty,
        "grades": {grade.name: {**_without_ids(grade.to_dict()), "score": grade.score} for grade in book.grades},
        "comments": {c.name: {**_without_ids(c.to_dict()), "comment": c.comment} for c in book.comments},
    }


def _without_ids(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "id"}


def _fields(student: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in (student.id, student.first_name, student.last_name, student.email))
