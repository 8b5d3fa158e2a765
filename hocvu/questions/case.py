"""A work scenario (CASE): one story with several questions of the other types, in parallel variants.

The learner's seed picks the variant, and the variants differ in their texts only: they have the same parts, of the
same kinds, with the same option names (`check_variants`). So an answer is read without knowing whose it is: `parse`
reads it in every variant, and `grade`, which knows the seed, takes the reading of the learner's variant. `show`, which
knows no seed either, says in words what all variants say alike, and otherwise the names that the answer is made of;
the feedback says it in the words of the learner's variant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

from hocvu.questions.base import Question, name
from hocvu.questions.case_variants import Variant, bind, check_variants, part_key
from hocvu.questions.values import (
    Context,
    Fields,
    Fragment,
    Graded,
    Key,
    MissingAnswer,
    Samples,
    Unreadable,
    WrongKey,
)
from hocvu.results import Feedback

Readings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class CaseAnswer:
    """An answer as read: variant → part → value, None for a part left out. given: the raw answers, for `show`."""

    readings: Readings
    given: Mapping[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Case(Question):
    """The weighted mean of the parts' shares. Raw answers: {part: raw answer of that part}."""

    variants: Mapping[str, Variant]
    weights: Mapping[str, float]
    kind: ClassVar[str] = "CASE"
    hint: ClassVar[str] = (
        "Anh/chị đọc tình huống rồi trả lời từng phần. Mỗi phần có điểm riêng; lượt sau là một tình huống khác."
    )

    @property
    def parts(self) -> Mapping[str, Question]:
        """The parts of the first variant: in names and kinds those of every variant."""
        return next(iter(self.variants.values())).parts

    def variant_of(self, seed: int) -> str:
        """Return the name of the learner's variant."""
        return list(self.variants)[seed % len(self.variants)]

    def parse(self, raw: object) -> CaseAnswer | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or not set(raw) <= set(self.parts):
            raise Unreadable("Hãy trả lời các phần có sẵn của tình huống.")
        readings: dict[str, dict[str, Any]] = {variant: {} for variant in self.variants}
        for place, part in enumerate(self.parts, start=1):
            for variant, value in self._read(place, part, raw.get(part)).items():
                readings[variant][part] = value
        answered = any(value is not None for reading in readings.values() for value in reading.values())
        return CaseAnswer(readings, raw) if answered else None

    def _read(self, place: int, part: str, raw: object) -> dict[str, Any]:
        """Return variant → value of one part; places marked in a text may exist in one variant's text only."""
        values: dict[str, Any] = {}
        complaints = []
        for variant in self.variants:
            try:
                values[variant] = self.variants[variant].parts[part].parse(raw)
            except Unreadable as error:
                values[variant] = None
                complaints.append(str(error))
        if len(complaints) == len(self.variants):
            raise Unreadable(f"Phần {place}: {complaints[0]}")
        return values

    def from_form(self, fields: Fields) -> object | None:
        given = {part: question.from_form(fields) for part, question in self.parts.items()}
        return {part: raw for part, raw in given.items() if raw is not None} or None

    def show(self, value: Any) -> str:
        answer: CaseAnswer = value
        lines = []
        for place, part in enumerate(self.parts, start=1):
            words = {self._words(variant, part, reading[part]) for variant, reading in answer.readings.items()}
            if words != {""}:
                lines.append(f"Phần {place}: {words.pop() if len(words) == 1 else _names(answer.given[part])}")
        return "; ".join(lines)

    def _words(self, variant: str, part: str, value: Any) -> str:
        return "" if value is None else self.variants[variant].parts[part].show(value)

    def check_key(self, key: Key) -> None:
        if not isinstance(key.answer, Mapping) or set(key.answer) != set(self.variants):
            raise WrongKey(f"the key is a dict with an entry for each variant: {list(self.variants)}")
        if key.feedback:
            raise WrongKey('feedback of a case stands beside each part\'s answer: {"a": {"part": (answer, {…})}}')
        for variant, parts in key.answer.items():
            if not isinstance(parts, Mapping) or set(parts) != set(self.parts):
                raise WrongKey(f"variant {variant!r}: the key is a dict with an entry for each part: {[*self.parts]}")
            for part, question in self.variants[variant].parts.items():
                try:
                    question.check_key(part_key(key, variant, part))
                except (WrongKey, TypeError, ValueError, AttributeError) as error:
                    raise WrongKey(f"variant {variant!r}, part {part!r}: {error}") from error

    def part_keys(self, key: Key) -> Iterator[Key]:
        """Yield the key of every part of every variant."""
        for variant in self.variants:
            for part in self.parts:
                yield part_key(key, variant, part)

    def grade(self, key: Key, value: Any, context: Context) -> Graded:
        answer: CaseAnswer = value
        variant = self.variant_of(context.seed)
        reading = answer.readings[variant]
        if all(one is None for one in reading.values()):
            raise MissingAnswer("Chưa trả lời.")
        shares, lines = {}, []
        for place, (part, question) in enumerate(self.variants[variant].parts.items(), start=1):
            graded = _grade_part(question, part_key(key, variant, part), reading[part], context)
            shares[part] = graded.share
            lines += [Feedback(f"Phần {place}: {one.label}", one.text, one.right) for one in graded.feedback]
        return Graded(self._mean(shares), tuple(lines))

    def _mean(self, shares: Mapping[str, float]) -> float:
        total = sum(self.weights[part] for part in self.parts)
        return sum(self.weights[part] * shares[part] for part in self.parts) / total

    def controls(self, raw: object, seed: int) -> Fragment:
        variant = self.variants[self.variant_of(seed)]
        given = raw if isinstance(raw, dict) else {}
        groups = [
            _group(place, part, question, given.get(part), seed)
            for place, (part, question) in enumerate(variant.parts.items(), start=1)
        ]
        return "\n".join([_story(variant), *groups])

    def told_again(self, seed: int) -> Fragment:
        """Return the story and the questions of the learner's variant, and of no other."""
        variant = self.variants[self.variant_of(seed)]
        parts = "".join(
            f"<p><strong>Phần {place}.</strong> {escape(question.prompt)}</p>{question.told_again(seed)}"
            for place, question in enumerate(variant.parts.values(), start=1)
        )
        return f"{_story(variant)}{parts}"

    def samples(self, key: Key, context: Context) -> Samples:
        variant = self.variant_of(context.seed)
        tried = {
            part: question.samples(part_key(key, variant, part), context)
            for part, question in self.variants[variant].parts.items()
        }
        reference = {part: samples.reference for part, samples in tried.items()}
        first = next(iter(tried))
        shares = {part: tried[part].wrong_share if part == first else 1.0 for part in tried}
        wrong = {**reference, first: tried[first].wrong}
        return Samples(reference, wrong, self._mean(shares), {**reference, "phần lạ": "chữ"})


def _story(variant: Variant) -> Fragment:
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in variant.paragraphs)
    return f'<div class="story">{told}</div>'


def _grade_part(question: Question, key: Key, value: Any, context: Context) -> Graded:
    """Return share and feedback of one part. A part left out earns nothing; the others still count."""
    if value is None:
        return Graded(0.0, (Feedback("chưa trả lời", "", False),))
    try:
        graded = question.grade(key, value, context)
    except MissingAnswer as error:
        return Graded(0.0, (Feedback(question.show(value), str(error), False),))
    return graded


def _group(place: int, part: str, question: Question, raw: object, seed: int) -> Fragment:
    hint = f"{name(question.id)}-hint"
    by = f' aria-describedby="{hint}"' if question.hint else ""
    return "\n".join(
        [
            f'<fieldset class="part" data-part="{escape(part)}" data-part-kind="{question.kind}"{by}>',
            f'<legend><span class="part-number">Phần {place}.</span> {escape(question.prompt)}</legend>',
            f'<p class="hint" id="{hint}">{escape(question.hint)}</p>' if question.hint else "",
            question.controls(raw, seed),
            "</fieldset>",
        ]
    )


def _names(raw: object) -> str:
    """Return the names that a raw answer is made of; places in a text as how many there are."""
    if isinstance(raw, dict):
        return ", ".join(f"{key} – {value}" for key, value in raw.items())
    if isinstance(raw, list):
        places = sum(isinstance(one, list) for one in raw)
        return f"đánh dấu {places} chỗ" if places else ", ".join(str(one) for one in raw)
    return str(raw)


def case(
    id: str,
    prompt: str,
    *,
    competency: str,
    level: int,
    variants: Mapping[str, Variant],
    weights: Mapping[str, float] | None = None,
) -> Case:
    """Return a scenario question. weights: of the parts, 1 each unless named.

    The parts are made with the other constructors; id, competency and level of a part are those of the case.
    The key names each variant and part; feedback stands beside the answer:
    `q.key({"a": {"goi": "bao_tri", "dem": (12, {"right": "…"})}, "b": {…}})`.
    """
    check_variants(variants, weights or {})
    bound = {variant: bind(id, competency, level, one) for variant, one in variants.items()}
    every = {part: 1.0 for part in next(iter(bound.values())).parts}
    return Case(id, prompt, competency, level, bound, {**every, **(weights or {})})
