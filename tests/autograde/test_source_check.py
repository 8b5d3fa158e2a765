"""`hocvu check` on notebooks of code: the instructor's own solution is graded as a learner's would be."""

from argparse import Namespace
from pathlib import Path

import pytest

from hocvu.autograde import source_check
from hocvu.autograde.source_check import check_code
from hocvu.cli.course import check
from hocvu.publishing.check import slugs_of
from hocvu.sandbox.missing import KNOWN
from hocvu.settings import Settings
from tests.autograde.notebooks import QUESTIONS, choice, notebook, solution_code, test_code, write
from tests.codegrading.notebooks import checks, solution

READS = notebook(
    solution("total", "total = sum(int(line) for line in open('so.txt'))"),
    checks("t-total", 1.0, "assert total == 6"),
)
WRONG = notebook(solution("f", "def f(): return 1"), checks("t-f", 2.0, "assert f() == 2"))
BY_CLASS = notebook(solution("c", "class C: pass"), checks("t-c", 1.0, "assert isinstance(C(), C)"))
ASKS = "# Câu 2.C (NL1, M3): Viết một dòng mã để x bằng 42.\nassert x == 42"


def write_course(root: Path) -> None:
    write(root / "source" / "doc" / "doc.ipynb", READS)
    (root / "source" / "doc" / "so.txt").write_text("1\n2\n3\n")
    write(root / "source" / "sai" / "exercises.ipynb", WRONG)
    write(root / "source" / "lop" / "lop.ipynb", BY_CLASS)
    code = solution_code("2-C-ma", "### BEGIN SOLUTION\nx = len(open('/etc/hostname').read()) and 42\n### END SOLUTION")
    write(
        root / "source" / "cau" / "exercises.ipynb",
        notebook(QUESTIONS, choice("c-1", 4.0), code, test_code("2-C", 0.0, ASKS)),
    )


def test_every_solution_is_tried_and_what_fails_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_course(tmp_path)
    found = check_code(tmp_path)
    by_class, wrong, item = found.problems
    assert not found.notes
    assert item.startswith('source/cau/exercises.ipynb, cell "2-C": the solution fails in the sandbox: FileNotFound')
    assert by_class.startswith("source/lop/lop.ipynb: Ô 't-c': không chấm tự động được.") and "isinstance" in by_class
    assert wrong == "source/sai/exercises.ipynb: Ô 't-f': lời giải mẫu chỉ được 0/2 điểm."
    assert slugs_of(tmp_path) == ["cau"]  # questions alone go the way of questions
    assert check(Settings(root=tmp_path, var=tmp_path / "var"), Namespace()) == 1
    assert wrong in capsys.readouterr().err


def test_without_a_sandbox_it_says_what_was_not_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "source" / "sai" / "exercises.ipynb", WRONG)
    monkeypatch.setattr(source_check, "check_host", lambda: (KNOWN["namespaces"],))
    found = check_code(tmp_path)
    (note,) = found.notes
    assert not found.problems and note.startswith("source/sai/exercises.ipynb: chưa chạy thử lời giải được. Không tạo")
