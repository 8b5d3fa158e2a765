"""The verb `grade`: points of submissions on disk."""

import csv
import sys
from argparse import Namespace
from pathlib import Path

from hocvu.errors import HocvuError, UnknownItem
from hocvu.grading import grade_answers
from hocvu.publishing.specs import NOTEBOOK, compile_assignment
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.beside import ANSWERS_FILE, read_answers
from hocvu.settings import Settings


class BadSubmission(HocvuError):
    """A submission on disk that cannot be read."""

    code = "bad_submission"


def grade(settings: Settings, chosen: Namespace) -> int:
    """Print student, item, points, max_points, status for every submission; nothing of the learner's is executed."""
    spec = compile_assignment(settings.root / "source" / chosen.assignment / NOTEBOOK)
    folders = sorted(path.parent for path in chosen.submitted.glob(f"*/{spec.slug}/{ANSWERS_FILE}"))
    table = csv.writer(sys.stdout)
    table.writerow(["student", "item", "points", "max_points", "status"])
    failed = 0
    for folder in folders:
        try:
            rows = _grade_folder(spec, folder)
        except HocvuError as error:
            print(f"hocvu: {error}", file=sys.stderr)
            failed = 1
            continue
        table.writerows(rows)
    return failed


def _grade_folder(spec: AssignmentSpec, folder: Path) -> list[list[object]]:
    try:
        found = read_answers(folder)
        results = grade_answers(spec, found["answers"], found["seed"])
    except (ValueError, OSError, UnknownItem) as error:
        raise BadSubmission(f"{folder}/{ANSWERS_FILE}: {error} Ask the learner to hand in again.") from error
    student = folder.parent.name
    return [[student, result.item_id, result.points, result.max_points, result.status] for result in results]
