"""Terms: a link becomes an explanation on the page and in the notebook; an unknown term is the author's error."""

import pytest

from hocvu.course import Term
from hocvu.errors import AuthoringError
from hocvu.publishing.glossary import explain_terms, explain_terms_in_markdown
from hocvu.publishing.pages import markdown_html

GLOSSARY = {"mo-hinh": Term("mo-hinh", "mô hình", "model", "Phần mềm <rút ra> từ dữ liệu.")}
SOURCE = "Một [mô hình](#tn-mo-hinh) nhỏ, và [liên kết](/thu-vien)."


@pytest.mark.parametrize(
    "explained",
    [
        explain_terms(markdown_html(SOURCE), GLOSSARY, "bài"),
        markdown_html(explain_terms_in_markdown(SOURCE, GLOSSARY, "bài")),
    ],
    ids=["page", "notebook"],
)
def test_a_term_carries_its_explanation_and_english_name(explained: str) -> None:
    assert "&lt;rút ra&gt; từ dữ liệu." in explained and "Tiếng Anh: model" in explained
    assert "#tn-" not in explained and 'href="/thu-vien"' in explained


def test_the_tooltip_can_be_reached_by_keyboard() -> None:
    assert 'tabindex="0"' in explain_terms(markdown_html(SOURCE), GLOSSARY, "bài")


def test_an_unknown_term_is_named_with_its_place() -> None:
    with pytest.raises(AuthoringError, match="course/x.*#tn-mo-hinh"):
        explain_terms(markdown_html(SOURCE), {}, "course/x")
