"""Stock nbgrader as a test meets it: its command line and its gradebook."""

import subprocess
from pathlib import Path

from nbgrader.api import Gradebook


def nbgrader(course: Path, *arguments: str) -> str:
    """Run a stock nbgrader command in the course; return what it logged."""
    done = subprocess.run(["nbgrader", *arguments], cwd=course, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def gradebook_points_of(course: Path, slug: str) -> dict[str, dict[str, float]]:
    """Return {student: {grade_id: points}} as nbgrader recorded them."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {grade.name: grade.score for grade in submission.notebooks[0].grades}
            for submission in gradebook.assignment_submissions(slug)
        }
