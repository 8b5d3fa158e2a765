"""Feedback pages without secrets: a preprocessor for stock `nbgrader generate_feedback`, listed in nbgrader_config.py.

nbgrader turns the autograded notebook into the learner's page as it is, hidden tests and all. Here the instructor's
secrets are cut out first, and every output that may repeat them.
"""

from typing import Any

from nbformat import from_dict
from nbgrader.preprocessors import ClearMarkScheme, NbGraderPreprocessor

from hocvu.autograde.configured import marks_of

NOT_SHOWN = "Kết quả của ô này không hiện, vì ô có phần kiểm tra ẩn hoặc chạy sau một phần như vậy.\n"


class HideSecrets(NbGraderPreprocessor):  # type: ignore[misc]
    """Cuts hidden tests, keys and mark schemes; points, comments and the learner's own texts stay."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook that may be shown to the learner."""
        converter = self.parent.parent
        marks, scheme = marks_of(converter), ClearMarkScheme(parent=converter)
        asks_questions = any("hocvu.questions" in cell.source for cell in nb.cells)
        hidden_ran = False
        for cell in nb.cells:
            cell.source, hidden = cut(cell.source, marks.begin_hidden, marks.end_hidden)
            cell.source, _ = cut(cell.source, scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter)
            is_question = asks_questions and ".key(" in hidden  # its output is our own line, never the learner's code
            hidden_ran = hidden_ran or bool(hidden and not is_question)
            if cell.get("outputs") and hidden_ran and not is_question:
                cell.outputs = [from_dict({"output_type": "stream", "name": "stdout", "text": NOT_SHOWN})]
        return nb, resources


def cut(text: str, begin: str, end: str) -> tuple[str, str]:
    """Return what stands outside the marked parts, and what stood in them; a part without an end goes to the end."""
    kept: list[str] = []
    taken: list[str] = []
    inside = False
    for line in text.split("\n"):
        inside = inside or begin in line
        (taken if inside else kept).append(line)
        inside = inside and end not in line
    return "\n".join(kept), "\n".join(taken)
