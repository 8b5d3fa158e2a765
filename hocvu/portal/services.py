"""What a running portal holds: settings, store, course, and the assignments compiled once at start."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from hocvu.course import Course, Module, Term, read_course
from hocvu.portal.lesson_parts import explained, portal_lesson
from hocvu.publishing.pages import Page, exercise_page
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.case import Case
from hocvu.questions.fingerprint import content_hash, question_hash
from hocvu.questions.values import Unreadable
from hocvu.records import ItemRow, Records, ensure_period, open_records, register_items
from hocvu.settings import Settings

Clock = Callable[[], datetime]
CODE_KIND = "COD"  # items that a learner answers with code; only a worker grades them
SEED_STEPS = 12


@dataclass(frozen=True)
class Assignment:
    """A published assignment: its module, the compiled items, and its page."""

    module: Module
    spec: AssignmentSpec
    page: Page

    @property
    def slug(self) -> str:
        return self.spec.slug

    @cached_property
    def items(self) -> Mapping[str, ItemSpec]:
        return {item.id: item for item in self.spec.items}

    @cached_property
    def fresh_items(self) -> frozenset[str]:
        """Items whose right answer depends on the learner's data or variant: asked anew in every attempt."""
        return frozenset(
            item.id for item in self.spec.items if item.key.depends_on_data or isinstance(item.question, Case)
        )

    @cached_property
    def has_code(self) -> bool:
        """Whether it has an item that may be answered with code."""
        return any(item.question.kind == CODE_KIND for item in self.spec.items)

    def runs_code(self, answers: Mapping[str, object]) -> bool:
        """Whether these answers hold code: such an attempt goes on the queue, never into this process."""
        code = [item for item in self.spec.items if item.question.kind == CODE_KIND and item.id in answers]
        return any(_is_given(item, answers[item.id]) for item in code)

    @cached_property
    def is_limited(self) -> bool:
        """Whether it has a work scenario: few attempts, and a declaration that the work is one's own."""
        return any(isinstance(item.question, Case) for item in self.spec.items)


def _is_given(item: ItemSpec, raw: object) -> bool:
    try:
        return item.question.parse(raw) is not None
    except Unreadable:
        return False


class JobQueue(Protocol):
    """The way to the workers; `hocvu.jobs.queue` is behind it."""

    def enqueue(self, attempt_id: str) -> bool:
        """Put a stored attempt on the queue; False if the queue could not be reached."""
        ...


@dataclass(frozen=True)
class Services:
    """The portal's parts. assignments and lessons: by slug. `clock` returns aware UTC.

    queue None: this process enqueues nothing; a worker finds by itself what is stored and not graded.
    """

    settings: Settings
    records: Records
    course: Course
    assignments: Mapping[str, Assignment]
    lessons: Mapping[str, Page]
    secret: bytes
    clock: Clock
    queue: JobQueue | None = None

    @property
    def period_id(self) -> str:
        return self.course.period.code

    def seed_maker(self, person_id: str, assignment: str) -> Callable[[int], int]:
        """Return attempt number → seed: the same for the same person and attempt, not to be guessed by others.

        Modulo 12 consecutive attempts step by one from a start of the person's own: a work scenario with 2, 3, 4, 6
        or 12 variants (divisors of 12) is then another one each time, and all of them come before one comes back.
        The rest of the number is a keyed hash of its own for each attempt, so one seed tells nothing of the next.
        """

        def hashed(text: str) -> int:
            # 48 bits: every browser holds such a number exactly.
            return int.from_bytes(hmac.new(self.secret, text.encode(), hashlib.sha256).digest()[:6])

        def make_seed(attempt_no: int) -> int:
            whole = hashed(f"seed:{person_id}:{assignment}:{attempt_no}")
            start = hashed(f"variant:{person_id}:{assignment}")
            return whole - whole % SEED_STEPS + (start + attempt_no) % SEED_STEPS

        return make_seed


def utc_now() -> datetime:
    return datetime.now(UTC)


def start_services(settings: Settings, clock: Clock = utc_now, queue: JobQueue | None = None) -> Services:
    """Return the running parts: store migrated, course read, every published assignment compiled and registered."""
    course = read_course(settings.root)
    assignments = {
        module.slug: _compile(settings, module, course.glossary)
        for module in course.published
        if _source(settings, module).is_file()
    }
    lessons = {
        module.slug: portal_lesson(_lesson(settings, module), course.glossary)
        for module in course.published
        if _lesson(settings, module).is_file()
    }
    records, secret = open_records(settings.database), settings.read_secret()
    services = Services(settings, records, course, assignments, lessons, secret, clock, queue)
    register_course(services)
    return services


def register_course(services: Services) -> None:
    """Tell the store this period and the items that count in it."""
    period, now = services.course.period, services.clock()
    with services.records.session() as s:
        ensure_period(s, period.code, period.starts_on, period.ends_on)
        for assignment in services.assignments.values():
            rows, days = _item_rows(assignment), services.course.rule.opening_days
            register_items(s, rows, now=now, period_id=period.code, opening_days=days)


def _compile(settings: Settings, module: Module, glossary: Mapping[str, Term]) -> Assignment:
    spec = compile_assignment(_source(settings, module))
    return Assignment(module, spec, explained(exercise_page(spec), glossary, str(_source(settings, module))))


def _source(settings: Settings, module: Module) -> Path:
    return settings.root / "source" / module.slug / "exercises.ipynb"


def _lesson(settings: Settings, module: Module) -> Path:
    return settings.root / "course" / module.slug / "lesson.ipynb"


def _item_rows(assignment: Assignment) -> list[ItemRow]:
    return [
        ItemRow(
            assignment=assignment.slug,
            version=assignment.spec.version,
            item_id=item.id,
            module=str(assignment.module.number),
            kind=item.question.kind,
            competency=item.question.competency,
            level=item.question.level,
            max_points=item.max_points,
            prompt=item.question.prompt,
            question_hash=question_hash(item),
            content_hash=content_hash(item),
        )
        for item in assignment.spec.items
    ]
