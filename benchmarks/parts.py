"""What each part of grading one submission costs: measured here, drawn as docs/img/parts.svg with a table beside it."""

import os
import platform
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine
from traitlets.config import Config

from benchmarks.autograde import SLUG as DATA_SLUG
from benchmarks.code_course import SLUG as CODE_SLUG
from benchmarks.code_course import hand_in_code, write_course
from benchmarks.grading import hand_in
from benchmarks.parts_picture import draw, table
from benchmarks.timing import cost_of
from hocvu.autograde import data_grader
from hocvu.autograde.configured import make_plan
from hocvu.autograde.grader import Work
from hocvu.autograde.intake import read_submission
from hocvu.autograde.output import write_folder
from hocvu.autograde.plan import Plan
from hocvu.codegrading.running import Run
from hocvu.gradebook import Entry, NotebookEntry, open_gradebook, read_assignment, save_entries, writing
from hocvu.publishing.specs import compile_assignment
from hocvu.sandbox import Session, Warm

DATA, CODE = 500, 100
BEGIN, END = "<!-- parts -->", "<!-- end of parts -->"
PAGE, PICTURE = Path("docs/performance.md"), Path("docs/img/parts.svg")


@dataclass(frozen=True)
class Bars:
    """One panel: parts in their order, milliseconds of CPU a submission."""

    title: str
    parts: Mapping[str, float]


class Meter:
    """CPU of this process by part, in seconds."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.spent[name] += time.process_time() - began

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return work(*args, **kwargs)

        return call

    def bars(self, title: str, order: tuple[str, ...], submissions: int) -> Bars:
        return Bars(title, {name: 1000 * self.spent[name] / submissions for name in order})


def report_parts(root: Path) -> None:
    """Measure, print, draw the picture and write the table into docs/performance.md."""
    with tempfile.TemporaryDirectory() as scratch:
        panels = (_data(root, Path(scratch) / "data"), _code(root, Path(scratch) / "code"))
    for panel in panels:
        print(f"{panel.title}: {sum(panel.parts.values()):.2f} ms of CPU each")
        for name, spent_ms in panel.parts.items():
            print(f"  {name:44} {spent_ms:8.3f} ms")
    day = datetime.now(UTC).date().isoformat()
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    (root / PICTURE).write_text(draw(panels, f"Measured {day} on {where}"), encoding="utf-8")
    page = (root / PAGE).read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    note = f"Measured {day} on {where}, load {os.getloadavg()[0]:.0f}, by `python -m benchmarks parts`."
    text = f"{before}{BEGIN}\n\n{note}\n\n{table(panels)}\n\n{END}{after}"
    (root / PAGE).write_text(text, encoding="utf-8")
    print(f"wrote {PICTURE} and the table in {PAGE}\n")


def _data(root: Path, course: Path) -> Bars:
    course.mkdir()
    shutil.copy(root / "nbgrader_config.py", course)
    shutil.copytree(root / "source" / DATA_SLUG, course / "source" / DATA_SLUG, ignore=shutil.ignore_patterns(".*"))
    cost_of(["nbgrader", "generate_assignment", DATA_SLUG, "--create"], course)
    hand_in(course, compile_assignment(course / "source" / DATA_SLUG / "exercises.ipynb"), DATA)
    plan, engine = _open(course, DATA_SLUG)
    meter = Meter()
    with patch.object(data_grader, "grade_answers", meter.timed("grading", data_grader.grade_answers)):
        _run(course, DATA_SLUG, plan, engine, meter)
    meter.spent["filling"] -= meter.spent["grading"]
    names = {
        "reading": "reading the folder, hash, limits",
        "filling": "checking cells, filling in the notebook",
        "grading": "grading seven answers",
        "writing": "writing the autograded folder",
        "gradebook": "gradebook, 250 in a transaction",
    }
    meter.spent = {names[key]: spent for key, spent in meter.spent.items()}
    return meter.bars("Answers as data (module 1)", tuple(names.values()), DATA)


def _code(root: Path, course: Path) -> Bars:
    course.mkdir()
    shutil.copy(root / "nbgrader_config.py", course)
    write_course(course)
    cost_of(["nbgrader", "generate_assignment", CODE_SLUG, "--create"], course)
    hand_in_code(course, CODE_SLUG, CODE)
    plan, engine = _open(course, CODE_SLUG)
    meter, children = Meter(), defaultdict[str, float](float)
    for grader in plan.graders.values():
        grader.start()
        warm: Warm = grader._room.open()  # type: ignore[attr-defined]
        empty = _empty_session(warm)
        with patch.object(Run, "_open", _noted(Run._open, children)):
            zygote = _zygote_s(warm)
            _run(course, CODE_SLUG, plan, engine, meter)
            zygote = _zygote_s(warm) - zygote
        grader.close()
    parts = {
        "reading the folder, hash, limits": meter.spent["reading"],
        "two sandboxes: fork, walls, end": zygote + 2 * CODE * empty,
        "the learner's cells": children["learner"] - CODE * empty,
        "set-up and ten tests, apart": children["tests"] - CODE * empty,
        "cells put together, values carried": meter.spent["filling"],
        "writing the autograded folder": meter.spent["writing"],
        "gradebook, 250 in a transaction": meter.spent["gradebook"],
    }
    return Bars("Learners' code (numpy, scikit-learn)", {name: 1000 * spent / CODE for name, spent in parts.items()})


def _open(course: Path, slug: str) -> tuple[Plan, Engine]:
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.assignment_id = str(course), slug
    converter = Autograde(coursedir=CourseDirectory(config=config))
    engine = open_gradebook(f"sqlite:///{course}/gradebook.db", "")
    with writing(engine) as connection:
        assignment = read_assignment(connection, slug)
    assert assignment is not None
    return make_plan(converter, assignment), engine


def _run(course: Path, slug: str, plan: Plan, engine: Engine, meter: Meter) -> None:
    """Grade every submission as a worker does, part by part, and record them as the parent does."""
    entries = []
    for folder in sorted((course / "submitted").iterdir()):
        with meter.part("reading"):
            submission = read_submission(folder / slug, plan.ignore)
            fingerprint = plan.hash_with(submission.sha256)
        files = {**submission.files, **plan.extra}
        made, notebooks = dict(files), []
        for name, grader in plan.graders.items():
            with meter.part("filling"):
                graded = grader.grade(Work(name, submission.notebooks[name], files, plan.extra))
            made[f"{name}.ipynb"] = graded.text.encode()
            notebooks.append(NotebookEntry(name, dict(graded.grades), dict(graded.comments)))
        with meter.part("writing"):
            write_folder(course / "autograded" / folder.name / slug, made, plan.modes)
        entries.append(Entry(folder.name, None, tuple(notebooks), (), fingerprint))
    with meter.part("gradebook"):
        for start in range(0, len(entries), 250):
            with writing(engine) as connection:
                now = datetime.now(UTC).replace(tzinfo=None)
                save_entries(connection, plan.assignment, entries[start : start + 250], _no_penalty, now)


def _no_penalty(*_: object) -> None:
    return None


def _noted(open_session: Callable[[Run, str], Session], children: dict[str, float]) -> Callable[[Run, str], Session]:
    """Return the same, but the CPU time of a session is noted under its role when it ends."""

    def opened(run: Run, role: str) -> Session:
        session = open_session(run, role)
        close = session.close

        def closed() -> None:
            close()
            if session.usage:
                children[role] += session.usage.cpu_s
                session.usage = None

        session.close = closed  # type: ignore[method-assign]
        return session

    return opened


def _empty_session(warm: Warm, runs: int = 50) -> float:
    """CPU seconds of a child that is walled in, asked nothing and ended."""
    spent = 0.0
    for _ in range(runs):
        session = warm.session()
        session.close()
        spent += session.usage.cpu_s if session.usage else 0.0
    return spent / runs


def _zygote_s(warm: Warm) -> float:
    """CPU seconds of the warm process itself: what forking costs on its side."""
    assert warm._process is not None
    outer = warm._process.pid
    child = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()[0]
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
