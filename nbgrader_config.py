"""Makes the repository root a real nbgrader course. Loaded by every nbgrader command and by JupyterLab's formgrader."""

from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, GetGrades

from hocvu.autograde.feedback import HideSecrets
from hocvu.autograde.stock import GradeSubmission, SaveGrades

COURSE = Path(__file__).parent

c = get_config()  # noqa: F821 (given by traitlets)

c.CourseDirectory.course_id = "hocvu-ai"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
# The folder exchange is only for trying release and collect on this machine; learners hand in through the portal.
c.Exchange.root = str(COURSE / "var" / "exchange")
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".*"]

# A learner's answers.json is never replaced by a file of the same name from source/.
c.Autograde.exclude_overwriting = {
    folder.name: ["answers.json"] for folder in COURSE.joinpath("source").iterdir() if folder.is_dir()
}

# Stock `nbgrader autograde` and formgrader's button grade as `hocvu autograde` does, which is there for many at once:
# answers are data, learners' code runs in the sandbox only, and no kernel is started. The learner's notebook is not
# repaired beforehand: GradeSubmission puts the instructor's together with the learner's texts.
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [GradeSubmission, SaveGrades, AssignLatePenalties, CheckCellMetadata]

# Feedback shows points, comments and what learners wrote; hidden tests, keys and mark schemes stay with instructors.
c.GenerateFeedback.preprocessors = [GetGrades, HideSecrets, CSSHTMLHeaderPreprocessor]

c.ClearSolutions.code_stub = {"python": "# Anh/chị viết câu trả lời ở đây"}
c.ClearSolutions.text_stub = "Anh/chị viết câu trả lời ở đây"
c.Validator.changed_warning = (
    "CẢNH BÁO: {num_changed} ô kiểm tra có sẵn đã bị thay đổi. Hãy tải lại bài rồi làm tiếp.\n"
)
c.Validator.failed_warning = "CHƯA ĐẠT: {num_failed} ô chưa chạy được. Hãy xem lại các ô sau trước khi nộp.\n"
c.Validator.passed_warning = "Đã chạy được cả {num_passed} ô. Anh/chị có thể nộp bài.\n"
