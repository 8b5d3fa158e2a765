"""Feedback cites facts by id; people read the document and its article."""

import re
from collections.abc import Mapping

from hocvu.course import Fact

_CITED = re.compile(r"\[([a-z0-9-]+)\]")


def with_citations(text: str, facts: Mapping[str, Fact]) -> str:
    """Return the text with `[fact-id]` replaced by where the fact stands; other brackets stay as they are."""

    def name(cited: re.Match[str]) -> str:
        fact = facts.get(cited[1])
        if fact is None:
            return cited[0]
        return f"({fact.article}, {fact.document})" if fact.article else f"({fact.document})"

    return _CITED.sub(name, text)
