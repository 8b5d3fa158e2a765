"""Results, evidence and scores computed again from stored answers alone, and compared with what is stored.

An item is graded again where exactly its content (question, key, points) is loaded and the engine is the same; for
others, and for code, which only a worker runs, the stored result is the start. Nothing is written here.
Which bytes are compared with which: docs/scoring.md, section 6.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.grading import ENGINE_VERSION, grade_item
from hocvu.ledger.stored import STATUSES, Books, Results, next_people, open_books
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.fingerprint import content_hash
from hocvu.records import Records, attempt_sha256, list_items
from hocvu.records.results import CODE_KIND, counts_as_attempted
from hocvu.results import Result, Status
from hocvu.scoring import ItemSet, prepare_items
from hocvu.scoring.bands import is_confirmed
from hocvu.scoring.matrix import Flags, Floats, Numbers, columns_of, score_matrix

BATCH = 500  # people in memory at a time
CLOSE = 1e-9
LoadedItems = Mapping[tuple[str, str], ItemSpec]  # (assignment, content hash) → item
# What the store says of one result, as tables by status: whether it counts (code or not, with points or without) ...
_COUNTS = np.array(
    [
        [[counts_as_attempted(Result("", 0.0, most, status), kind) for most in (0.0, 1.0)] for kind in ("", CODE_KIND)]
        for status in STATUSES
    ]
)
_DONE = np.array([Result("", 0.0, 0.0, status).share for status in STATUSES])  # ... and its share without points


class Layer(StrEnum):
    """Where stored and computed differ."""

    ANSWERS = "answers"
    RESULT = "result"
    EVIDENCE = "evidence"
    SCORE = "score"


LAYERS = tuple(Layer)


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
    """What was looked at, and every difference found, person by person."""

    people: int = 0
    attempts: int = 0
    graded_again: int = 0  # results
    taken_as_stored: int = 0  # results whose content or engine is not loaded, and code
    differences: tuple[Difference, ...] = ()


@dataclass
class _Notes:
    """Filled while one batch is looked at."""

    graded_again: int = 0
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


def verify_period(records: Records, period_id: str, rule: Rule, loaded: LoadedItems) -> Iterator[Checked]:
    """Yield what was checked, batch by batch, people in the order of their ids; memory holds one batch."""
    after = ""
    while True:
        with records.reading() as s:
            person_ids = next_people(s, after, BATCH)
        if not person_ids:
            return
        yield verify_people(records, period_id, person_ids, rule, loaded)
        after = person_ids[-1]


def verify_people(
    records: Records, period_id: str, person_ids: Sequence[str], rule: Rule, loaded: LoadedItems
) -> Checked:
    """Compare what is stored of these people, at one moment, with what their answers give."""
    with records.reading() as s:
        one_moment(s)
        items = prepare_items(list_items(s, period_id))
        books = open_books(s, period_id, person_ids, items)
    return check_books(books, items, rule, loaded)


def one_moment(s: Session) -> None:
    """Let all queries of the session see the same moment; SQLite does so by itself."""
    if s.get_bind().dialect.name == "postgresql":
        s.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def check_books(books: Books, items: ItemSet, rule: Rule, loaded: LoadedItems) -> Checked:
    """Compare what is stored of these people with what their answers give."""
    notes = _Notes()
    _check_answers(books, notes)
    results = _grade_again(books, loaded, notes) if loaded else books.results
    best = _best_shares(books, results)
    _check_evidence(books, best, notes)
    _check_scores(books, best, items, rule, notes)
    count = len(results.item)
    differences = tuple(sorted(notes.differences, key=lambda one: (one.person_id, LAYERS.index(one.layer), one.place)))
    people, attempts = len(books.people), len(books.attempts.id)
    return Checked(people, attempts, notes.graded_again, count - notes.graded_again, differences)


def _check_answers(books: Books, notes: _Notes) -> None:
    kept = books.attempts
    handed_in = zip(kept.assignment, kept.version, kept.seed, kept.answers, strict=True)
    for place, (content, sha256) in enumerate(zip(handed_in, kept.sha256, strict=True)):
        computed = attempt_sha256(*content)
        if computed != sha256:
            notes.compare(Layer.ANSWERS, books.people[kept.person[place]], kept.id[place], sha256, computed)


def _grade_again(books: Books, loaded: LoadedItems, notes: _Notes) -> Results:
    """Return the results as they should be."""
    stored, kept = books.results, books.attempts
    points, max_points, status = stored.points.copy(), stored.max_points.copy(), stored.status.copy()
    for place, (attempt, version) in enumerate(zip(stored.attempt.tolist(), stored.version.tolist(), strict=True)):
        item = loaded.get((kept.assignment[attempt], books.versions[version][0]))
        item_id = books.items[stored.item[place]]
        if item is None or item.id != item_id or kept.engine_version[attempt] != ENGINE_VERSION:
            continue
        result = grade_item(item, kept.answers[attempt], kept.seed[attempt])
        if result.status is Status.NOT_CHECKED:  # a fault of ours now says nothing about then
            continue
        notes.graded_again += 1
        before = (float(points[place]), float(max_points[place]), STATUSES[status[place]].value)
        where = f"{kept.id[attempt]} {item_id}"
        notes.compare(Layer.RESULT, books.people[kept.person[attempt]], where, before, _told(result))
        points[place], max_points[place] = result.points, result.max_points
        status[place] = STATUSES.index(result.status)
    return replace(stored, points=points, max_points=max_points, status=status)


def _told(result: Result) -> tuple[float, float, str]:
    return (result.points, result.max_points, result.status.value)


def _best_shares(books: Books, results: Results) -> Floats:
    """Return the evidence as it should be: people × items of the books, NaN = not attempted."""
    code = [version for version, (_, kind) in books.versions.items() if kind == CODE_KIND]
    counts = _COUNTS[results.status, np.isin(results.version, code).astype(int), (results.max_points != 0).astype(int)]
    shares = _DONE[results.status]
    np.divide(results.points, results.max_points, out=shares, where=results.max_points > 0)
    shares = np.clip(shares, 0.0, 1.0)
    person = np.array(books.attempts.person, dtype=np.int64)[results.attempt]
    for place in _withdrawn_places(books, results, counts):
        if _is_credited(books, int(person[place]), int(results.item[place]), int(results.attempt[place])):
            shares[place] = 1.0
    best = np.full((len(books.people), len(books.items)), np.nan)
    np.fmax.at(best, (person[counts], results.item[counts]), shares[counts])
    return best


def _withdrawn_places(books: Books, results: Results, counts: Flags) -> Numbers:
    """Where a counted result is of an item that was faulty at some time: few, so that they are looked at one by one."""
    faulty = books.withdrawn.keys() | {item_id for _, item_id in books.credits}
    items = [number for number, item_id in enumerate(books.items) if item_id in faulty]
    return np.flatnonzero(counts & np.isin(results.item, items)) if items else np.empty(0, dtype=np.int64)


def _is_credited(books: Books, person: int, item: int, attempt: int) -> bool:
    """Whether a decision on a faulty item gives the full share: to who had tried it, and who tried it meanwhile."""
    item_id = books.items[item]
    given = (books.people[person], item_id) in books.credits
    return given or books.is_withdrawn_at(item_id, books.attempts.graded_at[attempt])


def _check_evidence(books: Books, best: Floats, notes: _Notes) -> None:
    """Every stored row against the best share, and every best share against there being a row."""
    kept = books.evidence
    computed = best[kept.person, kept.item]
    for place in np.flatnonzero(~(np.abs(kept.share - computed) <= CLOSE)):
        value = None if np.isnan(computed[place]) else float(computed[place])
        person_id, item_id = books.people[kept.person[place]], books.items[kept.item[place]]
        notes.compare(Layer.EVIDENCE, person_id, item_id, float(kept.share[place]), value)
    missing = ~np.isnan(best)
    missing[kept.person, kept.item] = False
    for person, item in np.argwhere(missing):
        notes.compare(Layer.EVIDENCE, books.people[person], books.items[item], None, float(best[person, item]))


def _check_scores(books: Books, best: Floats, items: ItemSet, rule: Rule, notes: _Notes) -> None:
    confirmed = [is_confirmed(books.contributions.get(one, ()), rule) for one in books.people]
    scores = score_matrix(best[:, : len(columns_of(items))], items, rule, confirmed)
    tried: Flags = np.asarray((~np.isnan(best)).any(axis=1), dtype=bool)
    for row, person_id in enumerate(books.people):
        stored = books.scores.get(person_id)
        if stored is not None:
            score = scores.score(row, rule)
            for name, kept in stored.items():
                notes.compare(Layer.SCORE, person_id, name, kept, getattr(score, name))
        elif tried[row]:
            notes.compare(Layer.SCORE, person_id, "score", None, scores.score(row, rule).levels)
