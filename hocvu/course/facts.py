"""Facts of law and figures that lessons cite by id: one place to mend when the law changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from hocvu.course.toml import Table, read_table

STATUSES = ("F1", "F2")


@dataclass(frozen=True)
class Fact:
    """One sentence that a lesson may state, with where it comes from.

    status: F1 = found in the text itself or on an official site; F2 = in a secondary source, to be checked against the
    text. What was only recalled never enters. in_force_from None: not a legal text, or its date is not known.
    """

    id: str
    text: str
    document: str
    article: str
    in_force_from: date | None
    in_force_to: date | None
    status: str
    source: str
    checked_on: date
    checked_by: str
    note: str

    def is_in_force(self, day: date) -> bool:
        """Whether the fact holds on a day; an unknown start counts as always, an unknown end as not yet."""
        started = self.in_force_from is None or self.in_force_from <= day
        return started and (self.in_force_to is None or day <= self.in_force_to)

    @property
    def citation(self) -> str:
        """What stands under a sentence that cites this fact."""
        where = f"{self.article}, {self.document}" if self.article else self.document
        caution = "" if self.status == "F1" else "; nguồn thứ cấp, cần đối chiếu văn bản gốc"
        return f"{where} (kiểm tra ngày {self.checked_on:%d/%m/%Y}{caution})"


def read_facts(root: Path) -> Mapping[str, Fact]:
    top = read_table(root, "legal_facts.toml")
    facts: dict[str, Fact] = {}
    for table in top.tables("fact", "id"):
        fact = _read_fact(root, table)
        if fact.id in facts:
            table.fail("id", fact.id, "Two facts have this id. Give each its own.")
        facts[fact.id] = fact
    top.finish()
    return MappingProxyType(facts)


def _read_fact(root: Path, table: Table) -> Fact:
    fact = Fact(
        id=table.text("id"),
        text=table.text("text"),
        document=table.text("document"),
        article=table.text("article", default=""),
        in_force_from=table.day_or_none("in_force_from"),
        in_force_to=table.day_or_none("in_force_to"),
        status=table.text("status"),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
        checked_by=table.text("checked_by"),
        note=table.text("note", default=""),
    )
    if fact.status not in STATUSES:
        table.fail("status", fact.status, "Write F1 (official text) or F2 (secondary source); nothing less is stated.")
    if not fact.source.startswith("https://") and not (root / fact.source).is_file():
        table.fail("source", fact.source, "Write a web address (https://…) or the path of a file in the course root.")
    if fact.in_force_from and fact.in_force_to and fact.in_force_to < fact.in_force_from:
        table.fail("in_force_to", str(fact.in_force_to), f"Write a day after in_force_from, {fact.in_force_from}.")
    table.finish()
    return fact
