"""A notebook as a page: texts stay texts, questions stay questions, and nothing in a text can act."""

import json
from pathlib import Path

import pytest

from hocvu.errors import AuthoringError
from hocvu.publishing.lessons import lesson_page
from hocvu.publishing.pages import exercise_page, markdown_html
from hocvu.publishing.specs import compile_assignment
from tests.story import Course


def test_markdown_keeps_its_structure() -> None:
    html = markdown_html("# Bài một\n\nMột **câu**.\n\n- ý\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> lời dặn")
    for piece in ("<h1>Bài một</h1>", "<strong>câu</strong>", "<li>ý</li>", "<td>1</td>", "<blockquote>"):
        assert piece in html


def test_nothing_in_a_text_can_act() -> None:
    html = markdown_html(
        '<script>alert(1)</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">x</a>'
        '<iframe src="/x"></iframe><style>p{}</style><p style="color:red" onclick="x()">y</p>'
    )
    for danger in ("<script", "onerror", "javascript:", "<iframe", "<style", "style=", "onclick"):
        assert danger not in html


def test_an_exercise_page_has_texts_and_questions_in_order(tmp_path: Path) -> None:
    with Course(tmp_path) as course:
        course.markdown("# Bài thử").question().markdown("Hết.")
        page = exercise_page(compile_assignment(course.source))
    assert page.title == "Bài thử"
    kinds = [part.item.id if part.item else part.html.strip() for part in page.parts]
    assert kinds == ["<h1>Bài thử</h1>", "1-2", "<p>Hết.</p>"]


def test_a_lesson_page_has_a_twin_for_everything_that_code_shows(tmp_path: Path) -> None:
    asked = 'guess("Mấy <câu>?", ["Ít", "Nhiều"], reveal="Khoảng 60.")'
    page = lesson_page(lesson(tmp_path, "# Bài học", "lesson.keyword_bench()", asked, "three_kinds()"))
    assert page.title == "Bài học"
    assert [part.bench for part in page.parts] == ["", "keyword_rules", "", ""]
    assert "Mấy &lt;câu&gt;?" in page.parts[2].html and "Khoảng 60." in page.parts[2].html
    assert "<svg" in page.parts[3].html


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("x = 1", "does not end in a call"),
        ("draw()", "no plain twin"),
        ("guess(question, [], reveal='')", "plain texts"),
    ],
)
def test_a_lesson_without_a_twin_is_refused(tmp_path: Path, code: str, complaint: str) -> None:
    with pytest.raises(AuthoringError, match=complaint):
        lesson_page(lesson(tmp_path, "# Bài học", code))


def test_every_lesson_of_the_course_is_a_page_too(root: Path) -> None:
    lessons = list(root.glob("course/*/lesson.ipynb"))
    assert lessons
    for path in lessons:
        assert lesson_page(path).title.startswith(("Khởi động", "Chuyên đề", "Bài tổng hợp"))


def lesson(folder: Path, heading: str, *code: str) -> Path:
    """Write a lesson of one heading and these code cells."""
    course = Course(folder)
    course.markdown(heading)
    for source in code:
        course.code(source)
    path = course.source
    notebook = json.loads(path.read_text(encoding="utf-8"))
    del notebook["cells"][0]  # the set-up of exercises
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
