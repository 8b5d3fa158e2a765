"""Makes the repository root a real nbgrader course. Loaded by every nbgrader command and by JupyterLab's formgrader."""

from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, IgnorePattern, LimitOutput, SaveAutoGrades

from hocvu.autograde.stock import ExecuteUnlessData

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

# Stock autograding and formgrader's button: the steps are nbgrader's own, but a notebook that holds only our questions
# is graded as data, without a kernel. `hocvu autograde` does the same for many at once.
c.Autograde.autograde_preprocessors = [
    ExecuteUnlessData,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

c.ClearSolutions.code_stub = {"python": "# Anh/chị viết câu trả lời ở đây"}
c.ClearSolutions.text_stub = "Anh/chị viết câu trả lời ở đây"
c.Validator.changed_warning = (
    "CẢNH BÁO: {num_changed} ô kiểm tra có sẵn đã bị thay đổi. Hãy tải lại bài rồi làm tiếp.\n"
)
c.Validator.failed_warning = "CHƯA ĐẠT: {num_failed} ô chưa chạy được. Hãy xem lại các ô sau trước khi nộp.\n"
c.Validator.passed_warning = "Đã chạy được cả {num_passed} ô. Anh/chị có thể nộp bài.\n"
