"""glossary.toml: each AI term in Vietnamese, its English name, and what it means in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hocvu.course.toml import read_table


@dataclass(frozen=True)
class Term:
    """One term of the glossary; lessons link to it as #tn-<id>."""

    id: str
    term: str
    english: str
    text: str


def read_glossary(root: Path) -> Mapping[str, Term]:
    """Return the terms by id, in the file's order; empty if the course has none. Raises AuthoringError."""
    if not (root / "course/glossary.toml").is_file():
        return {}
    top = read_table(root, "glossary.toml")
    terms = {}
    for key in top.keys:
        table = top.table(key)
        terms[key] = Term(key, table.text("term"), table.text("english"), table.text("text"))
        table.finish()
    top.finish()
    return terms
