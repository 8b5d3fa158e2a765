"""A lesson's plain page made to fit the portal: its links lead to pages, its pictures keep to the style policy."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hocvu.course import Term
from hocvu.publishing.glossary import explain_terms
from hocvu.publishing.lessons import lesson_page
from hocvu.publishing.pages import Page, Part


def portal_lesson(path: Path, glossary: Mapping[str, Term]) -> Page:
    """Return course/<slug>/lesson.ipynb as the portal shows it. Raises AuthoringError."""
    page = explained(lesson_page(path), glossary, str(path))
    return replace(page, parts=tuple(_fit(part, path.parent.name) for part in page.parts))


def explained(page: Page, glossary: Mapping[str, Term], where: str) -> Page:
    """Return the page with its links to terms made explanations. Raises AuthoringError for an unknown term."""
    parts = (replace(part, html=explain_terms(part.html, glossary, where)) for part in page.parts)
    return replace(page, parts=tuple(parts))


def _fit(part: Part, slug: str) -> Part:
    html = frame_tables(part.html.replace('href="exercises.ipynb"', f'href="/bai-tap/{slug}"'))
    # Our pictures bring style attributes for notebooks; here pages.css has their looks.
    return replace(part, html=re.sub(r'(<figure[^>]*?) style="[^"]*"', r"\1", html))


def frame_tables(html: str) -> str:
    """Return the HTML with every table in a box of its own that scrolls, by keyboard too, when the page is narrow."""
    frame = '<div class="scroll" tabindex="0" role="region" aria-label="Bảng, cuộn ngang được">'
    return html.replace("<table>", f"{frame}<table>").replace("</table>", "</table></div>")
