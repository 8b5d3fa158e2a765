"""Terms in a page: a link to the glossary becomes a word with its explanation, shown on hover, tap and focus."""

import re
from collections.abc import Mapping
from html import escape

from hocvu.course import Term
from hocvu.errors import AuthoringError

_LINK = re.compile(r'<a href="#tn-([a-z0-9-]+)"[^>]*>(.*?)</a>', re.DOTALL)
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\(#tn-([a-z0-9-]+)\)")


def explain_terms(html: str, glossary: Mapping[str, Term], where: str) -> str:
    """Return the HTML with every link to a term made a tooltip that needs no script. Raises AuthoringError."""
    return _LINK.sub(lambda match: _tooltip(_term(match[1], glossary, where), match[2]), html)


def explain_terms_in_markdown(source: str, glossary: Mapping[str, Term], where: str) -> str:
    """Return a notebook's markdown with every link to a term made the same tooltip, as HTML that notebooks keep."""
    return _MARKDOWN_LINK.sub(lambda match: _tooltip(_term(match[2], glossary, where), escape(match[1])), source)


def _term(term_id: str, glossary: Mapping[str, Term], where: str) -> Term:
    if term_id not in glossary:
        raise AuthoringError(
            f"{where}: link to #tn-{term_id}, which is not in course/glossary.toml. Add the term or mend the link."
        )
    return glossary[term_id]


def _tooltip(term: Term, shown: str) -> str:
    return (
        f'<span class="hocvu-term" tabindex="0" lang="vi">{shown}<span class="hocvu-tip" role="note">'
        f" ({escape(term.text)} Tiếng Anh: {escape(term.english)}.)</span></span>"
    )
