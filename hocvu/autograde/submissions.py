"""Which folders of submitted/ are to be graded, and where each result goes; found as nbgrader finds them."""

import glob
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from rapidfuzz import fuzz

from hocvu.autograde.intake import TIMESTAMP, is_ignored, parse_timestamp
from hocvu.autograde.problems import BadSubmission


@dataclass(frozen=True)
class Folder:
    """A submission's folder and the folder of its result."""

    student: str
    source: Path
    dest: Path


def find_folders(course: CourseDirectory) -> dict[str, list[Folder]]:
    """Return {assignment: folders} for the assignment, students and exclusions that are configured."""
    pattern = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
    named = course.format_path(course.submitted_directory, "(?P<student_id>.*)", "(?P<assignment_id>.*)", escape=True)
    excluded = course.student_id_exclude.split(",") if course.student_id_exclude else []
    found: dict[str, list[Folder]] = {}
    for path in sorted(glob.glob(pattern)):
        match = re.fullmatch(named, path)
        if match is None or match["student_id"] in excluded:
            continue
        student, assignment = match["student_id"], match["assignment_id"]
        dest = os.path.normpath(course.format_path(course.autograded_directory, student, assignment))
        found.setdefault(assignment, []).append(Folder(student, Path(path), Path(dest)))
    return found


def nearest_folder(course: CourseDirectory) -> str:
    """Return the folder whose name comes nearest to the one that was not found, or an empty text."""
    wanted = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
    others = glob.glob(course.format_path(course.submitted_directory, course.student_id, "*"))
    return max(others, key=lambda path: fuzz.ratio(wanted, path), default="")


def is_newer(folder: Folder) -> bool:
    """Tell whether the submission's timestamp is later than the result's: nbgrader's rule for grading again."""
    new, old = _timestamp(folder.source), _timestamp(folder.dest)
    return new is not None and old is not None and new > old


def _timestamp(folder: Path) -> datetime | None:
    try:
        return parse_timestamp((folder / TIMESTAMP).read_bytes())
    except (OSError, BadSubmission):
        return None


def extra_files(course: CourseDirectory, assignment: str, excluded: list[str], ignore: list[str]) -> dict[str, bytes]:
    """Return the instructor's files of the assignment that replace the learner's, by path; trusted, read once."""
    root = Path(course.format_path(course.source_directory, ".", assignment))
    return {
        name: path.read_bytes()
        for path in _files(root, ignore)
        if (name := path.relative_to(root).as_posix()) not in excluded and path.suffix != ".ipynb"
    }


def _files(folder: Path, ignore: list[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if is_ignored(path.name, ignore):
            continue
        if path.is_dir():
            yield from _files(path, ignore)
        elif path.is_file():
            yield path
