"""Results, evidence and scores computed again from stored answers alone, and compared with what is stored.

An item is graded again where exactly its content (question, key, points) is loaded and the engine is the same; for
others, and for code, which only a worker runs, the stored result is the start. Nothing is written here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.grading import ENGINE_VERSION, grade_item
from hocvu.ledger.stored import StoredAttempt, StoredPerson, load_people, next_people
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.fingerprint import content_hash
from hocvu.records import Records, attempt_sha256, list_items
from hocvu.records.results import counts_as_attempted
from hocvu.results import Result, Status
from hocvu.scores import Score
from hocvu.scoring import ItemSet, prepare_items
from hocvu.scoring.matrix import score_matrix, share_matrix

BATCH = 200  # people in memory at a time
CODE_KIND = "COD"
CLOSE = 1e-9
LoadedItems = Mapping[tuple[str, str], ItemSpec]  # (assignment, content hash) → item


class Layer(StrEnum):
    """Where stored and computed differ."""

    ANSWERS = "answers"
    RESULT = "result"
    EVIDENCE = "evidence"
    SCORE = "score"


@dataclass(frozen=True)
class Difference:
    """One value that is stored otherwise than it is computed. place: attempt and item, item, or field of the score."""

    layer: Layer
    person_id: str
    place: str
    stored: object
    computed: object


@dataclass(frozen=True)
class Checked:
    """What was looked at, and every difference found."""

    people: int = 0
    attempts: int = 0
    graded_again: int = 0  # results
    taken_as_stored: int = 0  # results whose content or engine is not loaded, and code
    differences: tuple[Difference, ...] = ()


@dataclass
class _Notes:
    """Filled while one batch is looked at."""

    graded_again: int = 0
    taken_as_stored: int = 0
    differences: list[Difference] = field(default_factory=list)

    def compare(self, layer: Layer, person_id: str, place: str, stored: object, computed: object) -> None:
        if stored != computed:
            self.differences.append(Difference(layer, person_id, place, stored, computed))


def load_items(specs: Sequence[AssignmentSpec]) -> LoadedItems:
    """Return the items that can be graded again here, by what exactly they ask and accept."""
    return {
        (spec.slug, content_hash(item)): item
        for spec in specs
        for item in spec.items
        if item.question.kind != CODE_KIND
    }


def verify_period(
    records: Records, period_id: str, rule: Rule, loaded: LoadedItems, *, person_id: str = ""
) -> Iterator[Checked]:
    """Yield what was checked, batch by batch, people in the order of their ids; memory holds one batch.

    person_id: only this one.
    """
    after = ""
    while True:
        with records.reading() as s:
            one_moment(s)
            person_ids = [person_id] if person_id else next_people(s, after, BATCH)
            if not person_ids:
                return
            people = load_people(s, period_id, person_ids)
            items = prepare_items(list_items(s, period_id))
        yield check_people(people, items, rule, loaded)
        if person_id:
            return
        after = person_ids[-1]


def one_moment(s: Session) -> None:
    """Let all queries of the session see the same moment; SQLite does so by itself."""
    if s.get_bind().dialect.name == "postgresql":
        s.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def check_people(people: Sequence[StoredPerson], items: ItemSet, rule: Rule, loaded: LoadedItems) -> Checked:
    """Compare what is stored of these people with what their answers give."""
    notes = _Notes()
    shares = [_check_person(person, loaded, notes) for person in people]
    confirmed = [person.is_confirmed(rule) for person in people]
    scores = score_matrix(share_matrix(shares, items), items, rule, confirmed)
    for row, person in enumerate(people):
        if person.score is not None or shares[row]:
            _compare_score(person, scores.score(row, rule), notes)
    attempts = sum(len(person.attempts) for person in people)
    return Checked(len(people), attempts, notes.graded_again, notes.taken_as_stored, tuple(notes.differences))


def _check_person(person: StoredPerson, loaded: LoadedItems, notes: _Notes) -> dict[str, float]:
    """Return the person's evidence as it should be."""
    shares: dict[str, float] = {}
    for attempt in person.attempts:
        sha256 = attempt_sha256(attempt.assignment, attempt.version, attempt.seed, attempt.answers)
        notes.compare(Layer.ANSWERS, person.id, attempt.id, attempt.sha256, sha256)
        for stored in attempt.results:
            result = _grade_again(person, attempt, stored.result, stored.content_hash, loaded, notes)
            if counts_as_attempted(result, stored.kind):
                credited = person.is_credited(result.item_id, attempt.graded_at)
                share = 1.0 if credited else min(1.0, max(0.0, result.share))
                shares[result.item_id] = max(share, shares.get(result.item_id, 0.0))
    for item_id in sorted(shares.keys() | person.evidence.keys()):
        kept, best = person.evidence.get(item_id), shares.get(item_id)
        if kept is None or best is None or abs(kept - best) > CLOSE:
            notes.compare(Layer.EVIDENCE, person.id, item_id, kept, best)
    return shares


def _grade_again(
    person: StoredPerson, attempt: StoredAttempt, stored: Result, hashed: str, loaded: LoadedItems, notes: _Notes
) -> Result:
    item = loaded.get((attempt.assignment, hashed))
    if item is None or item.id != stored.item_id or attempt.engine_version != ENGINE_VERSION:
        notes.taken_as_stored += 1
        return stored
    result = grade_item(item, attempt.answers, attempt.seed)
    if result.status is Status.NOT_CHECKED:  # a fault of ours now says nothing about then
        notes.taken_as_stored += 1
        return stored
    notes.graded_again += 1
    place = f"{attempt.id} {stored.item_id}"
    notes.compare(Layer.RESULT, person.id, place, _told(stored), _told(result))
    return result


def _told(result: Result) -> tuple[float, float, str]:
    return (result.points, result.max_points, result.status.value)


def _compare_score(person: StoredPerson, score: Score, notes: _Notes) -> None:
    if person.score is None:
        notes.compare(Layer.SCORE, person.id, "score", None, score.levels)
        return
    for name, stored in person.score.items():
        notes.compare(Layer.SCORE, person.id, name, stored, getattr(score, name))
