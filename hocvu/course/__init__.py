"""The course as data: modules, competency framework, scoring rule and legal facts, read from course/*.toml."""

from hocvu.course.facts import Fact
from hocvu.course.framework import Competency, Framework, LevelName
from hocvu.course.glossary import Term
from hocvu.course.reading import Course, Module, PeriodSpec, read_course
from hocvu.course.rule import BandRule, Conversion, LevelRule, Rule, Track, UnitRule

__all__ = [
    "BandRule",
    "Competency",
    "Conversion",
    "Course",
    "Fact",
    "Framework",
    "LevelName",
    "LevelRule",
    "Module",
    "PeriodSpec",
    "Rule",
    "Term",
    "Track",
    "UnitRule",
    "read_course",
]
