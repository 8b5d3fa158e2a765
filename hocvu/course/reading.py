"""course.toml and the whole course."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hocvu.course.facts import Fact, read_facts
from hocvu.course.framework import Competency, Framework, read_framework
from hocvu.course.glossary import Term, read_glossary
from hocvu.course.rule import Rule, read_rule
from hocvu.course.toml import Table, read_table

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NUMBER = re.compile(r"0|[1-9][0-9]?|T")


@dataclass(frozen=True)
class Module:
    """One module (chuyên đề), the start-up "0" or the capstone "T".

    slug names its folders in course/, source/ and release/.
    """

    number: str
    slug: str
    title: str
    minutes: int
    competencies: tuple[str, ...]
    summary: str
    published: bool

    @property
    def kind(self) -> str:
        """What people call it: Khởi động, Chuyên đề 1, Bài tổng hợp."""
        return {"0": "Khởi động", "T": "Bài tổng hợp"}.get(self.number, f"Chuyên đề {self.number}")

    @property
    def heading(self) -> str:
        return f"{self.kind}. {self.title}"


@dataclass(frozen=True)
class PeriodSpec:
    """The evaluation period; both days belong to it, in Asia/Ho_Chi_Minh."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Course:
    """Everything that course/*.toml says."""

    title: str
    period: PeriodSpec
    modules: tuple[Module, ...]
    framework: Framework
    rule: Rule
    facts: Mapping[str, Fact]
    glossary: Mapping[str, Term]

    @property
    def competencies(self) -> Mapping[str, Competency]:
        return self.framework.competencies

    @property
    def published(self) -> tuple[Module, ...]:
        return tuple(module for module in self.modules if module.published)

    def find_module(self, slug: str) -> Module | None:
        return next((module for module in self.modules if module.slug == slug), None)


def read_course(root: Path) -> Course:
    """Return the course whose root (the folder above course/) is `root`.

    Raises AuthoringError that names the file, the key, its value and the mend.
    """
    framework = read_framework(root)
    top = read_table(root, "course.toml")
    title = top.text("title")
    period = _read_period(top.table("period"))
    modules = _read_modules(top, framework.competencies)
    top.finish()
    rule = read_rule(root, framework.competencies)
    return Course(title, period, modules, framework, rule, read_facts(root), read_glossary(root))


def _read_period(table: Table) -> PeriodSpec:
    period = PeriodSpec(table.text("code"), table.day("starts_on"), table.day("ends_on"))
    if period.ends_on <= period.starts_on:
        table.fail("ends_on", str(period.ends_on), f"Write a day after starts_on, {period.starts_on}.")
    table.finish()
    return period


def _read_modules(top: Table, competencies: Collection[str]) -> tuple[Module, ...]:
    modules: list[Module] = []
    for table in top.tables("module", "number"):
        module = _read_module(table, competencies)
        for other in modules:
            if module.number == other.number:
                table.fail("number", module.number, "Two modules have this number. Give each its own.")
            if module.slug == other.slug:
                table.fail("slug", module.slug, f"Module {other.number} has this slug too. Give each its own.")
        modules.append(module)
    return tuple(modules)


def _read_module(table: Table, competencies: Collection[str]) -> Module:
    module = Module(
        number=table.text("number"),
        slug=table.text("slug"),
        title=table.text("title"),
        minutes=table.integer("minutes", low=1, high=240),
        competencies=table.texts("competencies"),
        summary=table.text("summary"),
        published=table.flag("published", default=False),
    )
    if not NUMBER.fullmatch(module.number):
        table.fail("number", module.number, 'Write "1" to "99", "0" for the start-up, or "T" for the capstone.')
    if not SLUG.fullmatch(module.slug):
        table.fail("slug", module.slug, "Use a-z, 0-9 and single hyphens, no diacritics.")
    for code in module.competencies:
        if code not in competencies:
            table.fail("competencies", code, f"Write codes of course/competencies.toml: {', '.join(competencies)}.")
    table.finish()
    return module
