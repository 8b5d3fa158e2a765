"""Re-grading code: the stored text is run again in the sandbox, or left alone where there is none."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hocvu.jobs.code_grading import SubmissionGrader
from hocvu.ledger.regrade import Scope, make_scope
from hocvu.ledger.regrade_apply import RegradeRefused, roll_back
from hocvu.ledger.regrade_code import CodeAgain
from hocvu.portal.submission import grade_attempt
from hocvu.records import list_evidence, results_of
from hocvu.results import Status
from hocvu.sandbox import Missing
from hocvu.sandbox.missing import KNOWN
from tests.ledger.school import School
from tests.portal.world import SLUG, hidden_fields
from tests.story import RIGHT_OR_LEFT, Course

SOLUTION = "### BEGIN SOLUTION\nx = 42\n### END SOLUTION"
TESTS = (
    "# Câu 1.C (NL1, M3): Viết một dòng mã để x bằng đáp số của mọi câu hỏi.\nassert x > 0\n"
    "### BEGIN HIDDEN TESTS\nassert x == {right}\n### END HIDDEN TESTS"
)
MARKS = {"schema_version": 3, "task": False}
PAGE = f"/giang-vien/cham-lai?bai={SLUG}"
ACTION = f"/giang-vien/cham-lai/{SLUG}"


class CodeSchool(School):
    """A school whose exercise has an item to answer with code, and an instructor who got its tests wrong."""

    def asks(self, right: int) -> None:
        with Course(self.root, SLUG) as course:
            course.markdown("# Bài có mã").question("1-2", RIGHT_OR_LEFT, 4.0)
            course.code(SOLUTION, grade=False, grade_id="1-C-ma", locked=False, solution=True, **MARKS)
            tests = TESTS.format(right=right)
            course.code(tests, grade=True, grade_id="1-C", locked=True, points=0.0, solution=False, **MARKS)
            assert course.source.is_file()
        self.restart()

    def writes(self, login: str, code: str) -> str:
        """Hand in code, graded as a worker does."""
        self.later(minutes=1)
        path, answers = f"/api/v1/submissions/{SLUG}", {"1-2": "a", "1-C": code}
        answered = self.log_in(login).api("POST", path, {"answers": answers}, Idempotency_Key=f"code-key-{login}")
        assert answered.status_code == 201, answered.text
        attempt_id = str(answered.json()["receipt"]["id"])
        with closing(SubmissionGrader()) as grader:
            assert grade_attempt(self.services, attempt_id, self.now, grader)
        return attempt_id

    def code_scope(self, code: CodeAgain | None, *items: str, allow_down: bool = False) -> Scope:
        spec, rule = self.services.assignments[SLUG].spec, self.services.course.rule
        with self.services.records.reading() as s:
            return make_scope(s, spec, "2027", rule, items, allow_down=allow_down, code=code)

    def again(self, host: tuple[Missing, ...] = ()) -> CodeAgain:
        return CodeAgain(self.services.assignments[SLUG].spec, lambda: host)

    def status(self, attempt_id: str) -> Status:
        with self.services.records.reading() as s:
            return next(one.status for one in results_of(s, attempt_id) if one.item_id == "1-C")

    def badges(self) -> set[str]:
        with self.services.records.reading() as s:
            return {
                login for login, person in self.people.items()
                if any(row.item_id == "1-C" and row.share == 1.0 for row in list_evidence(s, person, "2027"))
            }  # fmt: skip


@pytest.fixture
def school(tmp_path: Path, root: Path) -> Iterator[CodeSchool]:
    with CodeSchool(tmp_path, root) as school:
        school.asks(right=41)
        yield school


def test_stored_code_is_run_again_by_the_new_tests_and_taken_back(school: CodeSchool) -> None:
    lan, hung = school.writes("lan", "x = 41"), school.writes("hung", "x = 6 * 7")
    before = school.everything()
    assert school.badges() == {"lan"}
    school.asks(right=42)
    with school.again() as code:
        assert school.counts(school.code_scope(code)) == {"people": 1, "up": 1, "down_left": 1}
        scope = school.code_scope(code, allow_down=True)
        regrade_id = school.applies(scope, decision="12/QĐ")
        assert (school.status(lan), school.status(hung)) == (Status.BLANK, Status.GRADED)
        assert school.badges() == {"hung"}
        assert school.counts(school.code_scope(code)) == {}  # nothing is touched twice
        roll_back(school.services.records, scope, regrade_id, "CB-giang", "nhầm", lambda: school.now, lambda _: None)
    assert school.badges() == {"lan"} and school.everything() == before


def test_without_a_sandbox_code_is_left_and_it_is_said(school: CodeSchool) -> None:
    hung = school.writes("hung", "x = 42")
    school.asks(right=42)
    with school.again((KNOWN["namespaces"],)) as code:
        assert school.counts(school.code_scope(code)) == {"code": 1}
        with pytest.raises(RegradeRefused, match="không gian tên"):
            school.applies(school.code_scope(code, "1-C"))
        school.applies(school.code_scope(code))  # other items go on; this one stays to be done
        assert school.status(hung) is Status.BLANK and not school.badges()
    with school.again() as code:
        assert school.counts(school.code_scope(code)) == {"people": 1, "up": 1}


def test_on_the_page_an_instructor_sees_and_does_it(school: CodeSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    school.writes("hung", "x = 42")
    school.asks(right=42)
    giang = school.log_in("giang")
    page = giang.get(PAGE).text
    assert "câu 1.C, lượt 1: chưa có huy hiệu → có huy hiệu" in page and "Chấm lại 1 kết quả" in page
    form = hidden_fields(giang.get(f"{PAGE}&cau=1-C").text) | {"ly_do": "sửa kiểm tra"}
    with monkeypatch.context() as without:
        without.setattr(CodeAgain, "missing", str(KNOWN["namespaces"]))
        assert "Máy chủ này còn thiếu: Không tạo được không gian tên" in giang.get(PAGE).text
        refused = giang.client.post(ACTION, data=form)
        assert refused.status_code == 422 and "không có gì thay đổi" in refused.text and not school.badges()
    assert giang.client.post(ACTION, data=form).status_code == 303
    assert school.badges() == {"hung"}
