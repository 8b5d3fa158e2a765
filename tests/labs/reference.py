"""The rules that earn full points: they stand in the hidden part of the instructor's notebook, and nowhere else."""

from pathlib import Path
from typing import Any

from hocvu.publishing.specs import compile_assignment

SOURCE = Path(__file__).parents[2] / "source" / "01-ai-quanh-ta" / "exercises.ipynb"
REFERENCE: Any = compile_assignment(SOURCE).item("1-3").key.answer.reference
