"""The competency framework: six competencies, four levels, and what they correspond to elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hocvu.course.toml import Table, read_table

LEVELS = 4


@dataclass(frozen=True)
class LevelName:
    """A level as every screen calls it. reference: roughly where it lies in Thông tư 02/2025."""

    number: int
    name: str
    reference: str

    @property
    def label(self) -> str:
        return f"M{self.number} {self.name}"


@dataclass(frozen=True)
class Competency:
    """One competency. levels: what a person can do at M1..M4; mappings: framework key → its parts."""

    code: str
    name: str
    name_en: str
    description: str
    levels: tuple[str, ...]
    mappings: Mapping[str, str]


@dataclass(frozen=True)
class Framework:
    """All competencies by code, in order. note: the caution printed beside every mapping."""

    competencies: Mapping[str, Competency]
    level_names: tuple[LevelName, ...]
    mapping_names: Mapping[str, str]
    note: str


def read_framework(root: Path) -> Framework:
    top = read_table(root, "competencies.toml")
    level_names = tuple(_read_level(one) for one in top.tables("level", "number"))
    if [level.number for level in level_names] != list(range(1, LEVELS + 1)):
        top.fail("level", [level.number for level in level_names], f"Write the levels 1 to {LEVELS} in order.")
    mapping_names = top.mapping("mapping_names")
    competencies: dict[str, Competency] = {}
    for table in top.tables("competency", "code"):
        competency = _read_competency(table, mapping_names)
        if competency.code in competencies:
            table.fail("code", competency.code, "Two competencies have this code. Give each its own.")
        competencies[competency.code] = competency
    note = top.text("note")
    top.finish()
    return Framework(MappingProxyType(competencies), level_names, MappingProxyType(mapping_names), note)


def _read_level(table: Table) -> LevelName:
    level = LevelName(table.integer("number", low=1, high=LEVELS), table.text("name"), table.text("reference"))
    table.finish()
    return level


def _read_competency(table: Table, mapping_names: Mapping[str, str]) -> Competency:
    competency = Competency(
        code=table.text("code"),
        name=table.text("name"),
        name_en=table.text("name_en"),
        description=table.text("description"),
        levels=table.texts("levels"),
        mappings=MappingProxyType(table.mapping("mappings")),
    )
    if len(competency.levels) != LEVELS:
        table.fail("levels", len(competency.levels), f"Write {LEVELS} texts, M1 to M{LEVELS}.")
    for key in competency.mappings:
        if key not in mapping_names:
            table.fail("mappings", key, f"Name it under [mapping_names] first. Known: {', '.join(mapping_names)}.")
    table.finish()
    return competency
