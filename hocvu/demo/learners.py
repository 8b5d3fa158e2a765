"""Simulated learners of varying skill. They answer the real items; the real grader decides what that earns."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.base import Question
from hocvu.questions.blanks import Blanks
from hocvu.questions.case import Case
from hocvu.questions.case_variants import part_key
from hocvu.questions.choice import ChooseMany, ChooseOne
from hocvu.questions.code import Code
from hocvu.questions.experiment import Experiment, Goal
from hocvu.questions.number import Number, expected_number
from hocvu.questions.order import Order
from hocvu.questions.prompt import Prompt
from hocvu.questions.sorting import Classify, accepted
from hocvu.questions.spans import Spans
from hocvu.questions.text import show_number
from hocvu.questions.values import Context, Key, MissingAnswer

SENTENCES = (
    "soạn nháp thư mời họp tổ dân phố",
    "tóm tắt góp ý của người dân",
    "đỡ mất thời gian gõ lại mẫu có sẵn",
    "người dân phải đi lại nhiều lần",
    "cán bộ trực phải xin lỗi và làm lại",
)  # fmt: skip
DIFFICULTY = {1: -0.8, 2: 0.1, 3: 1.0}  # by level, on the same scale as skill


@dataclass(frozen=True)
class Learner:
    """skill: about −2.5 to 2.5, 0 is the middle; diligence: the chance 0..1 to answer an item at all."""

    skill: float
    diligence: float

    def knows(self, level: int, rng: random.Random) -> bool:
        """Whether one decision of this level comes out right this time (Rasch model)."""
        return rng.random() < 1 / (1 + math.exp(DIFFICULTY[level] - self.skill))


def make_learner(rng: random.Random) -> Learner:
    return Learner(skill=rng.gauss(0.4, 1.0), diligence=min(1.0, rng.betavariate(9, 1)))


def answer_items(spec: AssignmentSpec, learner: Learner, seed: int, rng: random.Random) -> dict[str, object]:
    """Return raw answers to the assignment, as this learner would give them."""
    answers: dict[str, object] = {}
    # Experiments first: other items ask about what came of them.
    for item in sorted(spec.items, key=lambda one: not isinstance(one.question, Experiment)):
        if isinstance(item.question, Code) or rng.random() > learner.diligence:  # code is optional: they leave it
            continue
        raw = _answer(item, learner, Context(answers, seed), rng)
        if raw not in (None, {}, []):
            answers[item.id] = raw
    return answers


def _answer(item: ItemSpec, learner: Learner, context: Context, rng: random.Random) -> object:
    return _answer_question(item.question, item.key, learner, context, rng)


def _answer_question(question: Question, key: Key, learner: Learner, context: Context, rng: random.Random) -> object:
    level = question.level
    if isinstance(question, ChooseOne):
        return key.answer if learner.knows(level, rng) else _other(question.options, {key.answer}, rng)
    if isinstance(question, ChooseMany):
        return [o for o in question.options if (o in key.answer) == learner.knows(level, rng)]
    if isinstance(question, Classify):
        return {card: _group(question, key, card, learner, rng) for card in question.cards}
    if isinstance(question, Number):
        return _number(key, learner.knows(level, rng), context, rng)
    if isinstance(question, Order):
        return _order(key.answer, learner, level, rng)
    if isinstance(question, Spans):
        return _pieces(question, key, learner, context, rng)
    if isinstance(question, Experiment):
        return _setting(question, key.answer, learner, context.seed, rng)
    if isinstance(question, Case):
        return _case(question, key, learner, context, rng)
    return _written(question, key, learner, context, rng)


def _written(question: Question, key: Key, learner: Learner, context: Context, rng: random.Random) -> object:
    try:
        samples = question.samples(key, context)
    except MissingAnswer:  # it asks about an experiment that this learner has left out
        return None
    if isinstance(question, Prompt):
        words = str(samples.reference).split()
        return " ".join(words if learner.knows(question.level, rng) else words[: len(words) // 3])
    if isinstance(question, Blanks):
        right: Any = samples.reference if learner.knows(question.level, rng) else samples.wrong
        return {box: right[box] if box in question.expects else rng.choice(SENTENCES) for box in question.boxes}
    raise TypeError(f"no simulated answer for {type(question).__name__}")


def _order(right: Sequence[str], learner: Learner, level: int, rng: random.Random) -> list[str]:
    """Each pair of neighbours that the learner is not sure of changes places."""
    given = list(right)
    for place in range(len(given) - 1):
        if not learner.knows(level, rng):
            given[place], given[place + 1] = given[place + 1], given[place]
    return given


def _pieces(question: Spans, key: Key, learner: Learner, context: Context, rng: random.Random) -> list[list[int]]:
    wanted = {tuple(piece) for piece in cast(list[list[int]], question.samples(key, context).reference)}
    return [list(piece) for piece in question.pieces if (piece in wanted) == learner.knows(question.level, rng)]


def _case(question: Case, key: Key, learner: Learner, context: Context, rng: random.Random) -> dict[str, object]:
    variant = question.variant_of(context.seed)
    parts = question.variants[variant].parts
    given = {
        part: _answer_question(inner, part_key(key, variant, part), learner, context, rng)
        for part, inner in parts.items()
    }
    return {part: raw for part, raw in given.items() if raw not in (None, [], {})}


def _other(options: Mapping[str, str], right: set[str], rng: random.Random) -> str:
    return rng.choice([option for option in options if option not in right])


def _group(question: Classify, key: Any, card: str, learner: Learner, rng: random.Random) -> str:
    right = accepted(key, card)
    return sorted(right)[0] if learner.knows(question.level, rng) else _other(question.groups, right, rng)


def _number(key: Any, knows: bool, context: Context, rng: random.Random) -> str | None:
    try:
        expected = expected_number(key, context)
    except MissingAnswer:
        return None
    return show_number(expected if knows else max(0, expected + rng.choice([-9, -5, -3, 4, 6])))


def _setting(question: Experiment, goal: Goal, learner: Learner, seed: int, rng: random.Random) -> object:
    """A careful learner finds nearly all good rules, a beginner a few; another bench is understood or not."""
    reference: Any = goal.reference_for(seed)
    if "rules" not in reference:
        return reference if learner.knows(question.level, rng) else question.lab.weak()
    rules: Sequence[object] = reference["rules"]
    found = [rule for rule in rules if rng.random() < 0.55 + 0.5 / (1 + math.exp(-learner.skill))]
    return {"rules": found}
