"""The notebook's face of questions and benches; the one place that imports ipywidgets."""

from hocvu.widgets.lesson import Lesson, open_lesson, show_questions
from hocvu.widgets.stores import NotSaved, flush

__all__ = ["Lesson", "NotSaved", "flush", "open_lesson", "show_questions"]
