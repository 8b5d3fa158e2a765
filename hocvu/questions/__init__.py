"""Questions as data: what an instructor writes in a notebook, from `from hocvu.questions import *`."""

from hocvu.questions.blanks import blanks
from hocvu.questions.case import case
from hocvu.questions.case_variants import Variant
from hocvu.questions.choice import choose_many, choose_one
from hocvu.questions.experiment import Goal, experiment
from hocvu.questions.number import number
from hocvu.questions.order import order
from hocvu.questions.prompt import Rule, prompt
from hocvu.questions.sorting import classify, match
from hocvu.questions.spans import spans
from hocvu.questions.values import Context, MissingAnswer

__all__ = [
    "Context",
    "Goal",
    "MissingAnswer",
    "Rule",
    "Variant",
    "blanks",
    "case",
    "choose_many",
    "choose_one",
    "classify",
    "experiment",
    "match",
    "number",
    "order",
    "prompt",
    "spans",
]
