"""The parallel variants of a work scenario: what they must have in common, and where their keys are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hocvu.questions.base import Question
from hocvu.questions.values import Key, WrongKey

# Consecutive attempts have seeds that step by one modulo 12: only these counts go round evenly.
VARIANT_COUNTS = (2, 3, 4, 6, 12)
KINDS = ("MC1", "MCn", "CLS", "MAT", "NUM", "TXT", "ORD", "SEL", "PRM")
_NAMED = ("options", "cards", "groups", "items", "boxes")
_SAME = ("unit", "pieces_are", "scored", "expects")


@dataclass(frozen=True)
class Variant:
    """One telling of the scenario. story: plain text, an empty line between paragraphs; parts: name → question."""

    story: str
    parts: Mapping[str, Question]

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(block.split()) for block in re.split(r"\n[ \t]*\n", self.story) if block.strip()]


def bind(case_id: str, competency: str, level: int, variant: Variant) -> Variant:
    """Return the variant with its parts named after the case: part "goi" of T-1 becomes T-1.goi."""
    parts = {
        part: replace(question, id=f"{case_id}.{part}", competency=competency, level=level)
        for part, question in variant.parts.items()
    }
    return replace(variant, parts=parts)


def part_key(key: Key, variant: str, part: str) -> Key:
    """Return one part's key, written as answer, (answer, {name: feedback}) or Key."""
    written = key.answer[variant][part]
    if isinstance(written, Key):
        return written
    if isinstance(written, tuple) and len(written) == 2 and isinstance(written[1], Mapping):
        return Key(written[0], dict(written[1]))
    return Key(written)


def check_variants(variants: Mapping[str, Variant], weights: Mapping[str, float]) -> None:
    """Raise WrongKey unless the variants are parallel: then an answer can be read without knowing its variant."""
    if len(variants) not in VARIANT_COUNTS:
        raise WrongKey(f"a case has {len(variants)} variants. Write one of {VARIANT_COUNTS}: then attempts alternate.")
    first = next(iter(variants.values()))
    for name, variant in variants.items():
        if not variant.paragraphs:
            raise WrongKey(f"variant {name!r} has no story")
        if list(variant.parts) != list(first.parts):
            raise WrongKey(f"variant {name!r} has the parts {[*variant.parts]}, the first one {[*first.parts]}")
        for part, question in variant.parts.items():
            _check_part(f"variant {name!r}, part {part!r}", part, question, first.parts[part])
    if not first.parts:
        raise WrongKey("a case has at least one part")
    unknown = set(weights) - set(first.parts)
    if unknown or any(weight <= 0 for weight in weights.values()):
        raise WrongKey(f"weights are positive numbers for the parts {[*first.parts]}, not {dict(weights)}")


def _check_part(where: str, part: str, question: Question, first: Question) -> None:
    if not part.isidentifier():
        raise WrongKey(f"{where}: the name becomes part of the controls' names. Use letters, digits and _.")
    if question.kind not in KINDS:
        raise WrongKey(f"{where}: {question.kind or type(question).__name__} cannot be a part. Use one of {KINDS}.")
    if question.kind == "TXT" and set(getattr(question, "boxes", ())) != set(getattr(question, "expects", ())):
        raise WrongKey(f"{where}: has a box without a right answer, which no machine may score. Give it `expects`.")
    if _shape(question) != _shape(first):
        raise WrongKey(f"{where}: {_shape(question)} differs from the first variant's {_shape(first)}")


def _shape(question: Question) -> dict[str, Any]:
    """Return what reading an answer depends on, texts left out."""
    names = {what: sorted(getattr(question, what)) for what in _NAMED if hasattr(question, what)}
    same = {what: getattr(question, what) for what in _SAME if hasattr(question, what)}
    return {"kind": question.kind, **names, **same}
