"""Scores of a whole city: 200,000 people at once, one person after a submission, and everybody from the store."""

import csv
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from benchmarks.timing import spread_of
from hocvu.course import Rule, read_course
from hocvu.ledger.rescore import rescore_period
from hocvu.records import (
    Attempt,
    Evidence,
    ItemRow,
    Person,
    Records,
    add_unit,
    ensure_period,
    list_items,
    open_records,
    person_evidence,
    register_items,
    save_score,
)
from hocvu.scores import ItemInfo
from hocvu.scoring import prepare_items, score_person
from hocvu.scoring.item_set import ItemSet
from hocvu.scoring.matrix import CHUNK, Floats, score_matrix

PEOPLE = 200_000
STORED_PEOPLE = 5_000
ITEMS = Path(__file__).parent / "data" / "course_items.csv"
PERIOD, SLUG, VERSION = "2027", "cả khóa", "bench"
NOW = datetime(2027, 6, 1, tzinfo=UTC)
SHARES = np.array([0.0, 1 / 3, 0.5, 2 / 3, 0.75, 0.83, 1.0, 1.0, 1.0])


def report_scoring(root: Path) -> None:
    """Print the cost of scoring in memory and from the store."""
    rule = read_course(root).rule
    items = prepare_items(read_items())
    print(f"Scoring by rule {rule.version}: {len(items.graded)} graded items")
    _report_city(items, rule)
    _report_one(items, rule)
    with tempfile.TemporaryDirectory() as scratch:
        _report_store(Path(scratch), rule)
    print()


def read_items() -> list[ItemInfo]:
    """The 91 planned items of the whole course."""
    with ITEMS.open(encoding="utf-8", newline="") as file:
        return [
            ItemInfo(
                one["item_id"],
                one["module"],
                one["competency"],
                int(one["level"]),
                float(one["max_points"]),
                one["kind"],
            )
            for one in csv.DictReader(file)
        ]


def make_shares(people: int, columns: int, rng: np.random.Generator) -> Floats:
    """Fictitious evidence: everybody has a diligence and a skill of their own."""
    shares: Floats = SHARES[
        np.minimum((rng.random((people, columns)) ** rng.uniform(0.3, 1.5, (people, 1)) * 9).astype(int), 8)
    ]
    shares[rng.random((people, columns)) > rng.beta(4, 1, (people, 1))] = np.nan
    return shares


def _report_city(items: ItemSet, rule: Rule) -> None:
    """In chunks, as a stream would come: the whole city is never in memory."""
    rng = np.random.default_rng(2027)
    spent, bands = 0.0, np.zeros(5, dtype=int)
    before = _peak_mb()
    for _ in range(PEOPLE // CHUNK):
        shares = make_shares(CHUNK, len(items.graded), rng)
        began = time.perf_counter()
        scores = score_matrix(shares, items, rule)
        spent += time.perf_counter() - began
        bands += np.bincount(scores.band, minlength=5)
    print(f"  {PEOPLE:,} people at once (numpy)   {spent:7.2f} s   peak memory +{_peak_mb() - before:.0f} MB")
    print(f"    people per band 0–3: {', '.join(f'{count:,}' for count in bands[:4])}")


def _report_one(items: ItemSet, rule: Rule) -> None:
    evidence = _people(items, 200)
    print(f"  one person, with all texts      {spread_of(lambda n: score_person(evidence[n % 200], items, rule), 300)}")


def _people(items: ItemSet, people: int) -> list[dict[str, float]]:
    shares = make_shares(people, len(items.graded), np.random.default_rng(7))
    return [
        {item.item_id: float(share) for item, share in zip(items.graded, row, strict=True) if not np.isnan(share)}
        for row in shares
    ]


def _report_store(folder: Path, rule: Rule) -> None:
    records = open_records(f"sqlite:///{folder / 'records.db'}")
    ids = _fill(records, _people(prepare_items(read_items()), STORED_PEOPLE))
    _timed_rescore(records, rule, "first time, every score written")
    _timed_rescore(records, rule, "again, nothing to write")
    once, cpu = _one_stored(records, rule, ids), time.process_time()
    spread = spread_of(once, 200)
    cpu_ms = 1000 * (time.process_time() - cpu) / (spread.runs + 3)
    print(f"  store: one person after a submission, commit on disk {spread}, {cpu_ms:.2f} ms CPU")
    records.close()


def _timed_rescore(records: Records, rule: Rule, what: str) -> None:
    before, began, cpu = _peak_mb(), time.perf_counter(), time.process_time()
    done = rescore_period(records, PERIOD, rule, "bench", lambda: NOW, lambda *_: None)
    spent, busy = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"  store: {done.people:,} people, {what}: {spent:.1f} s ({busy:.1f} s CPU, "
        f"{1e6 * spent / done.people:.0f} µs each), {done.changed:,} changed, peak memory +{_peak_mb() - before:.0f} MB"
    )


def _one_stored(records: Records, rule: Rule, ids: list[str]) -> Callable[[int], object]:
    """Evidence and items read, score computed and saved: what each submission adds to grading."""

    def once(number: int) -> object:
        person_id = ids[number % len(ids)]
        with records.session() as s:
            evidence = person_evidence(s, person_id, PERIOD)
            evidence["1-1"] = (number % 7) / 7
            return save_score(s, person_id, PERIOD, score_person(evidence, list_items(s, PERIOD), rule), NOW)

    return once


def _fill(records: Records, people: list[dict[str, float]]) -> list[str]:
    items = {item.item_id: item for item in read_items()}
    rows = [
        ItemRow(SLUG, VERSION, one.item_id, one.module, one.kind, one.competency, one.level, one.max_points)
        for one in items.values()
    ]
    ids = [f"{number:036d}" for number in range(len(people))]
    with records.session() as s:
        unit_id = add_unit(s, "P01", "Phường Mô phỏng", "Phường").id
        ensure_period(s, PERIOD, date(2026, 11, 16), date(2027, 11, 15))
        register_items(s, rows, now=NOW - timedelta(days=190), period_id=PERIOD)
        about = {"name": "Người Mô Phỏng", "name_folded": "nguoi mo phong", "kind": "công chức", "unit_id": unit_id}
        about |= {"roles": ["learner"]}
        s.execute(insert(Person), [{"id": one, "staff_code": one, **about} for one in ids])
        s.execute(insert(Attempt), [_attempt(one) for one in ids])
        for person_id, evidence in zip(ids, people, strict=True):
            lines = [_evidence(person_id, items[item_id], share) for item_id, share in evidence.items()]
            if lines:
                s.execute(insert(Evidence), lines)
    return ids


def _attempt(person_id: str) -> dict[str, object]:
    return {
        "id": person_id,
        "person_id": person_id,
        "period_id": PERIOD,
        "assignment": SLUG,
        "version": VERSION,
        "attempt_no": 1,
        "seed": 1,
        "answers": {},
        "sha256": person_id,
        "idempotency_key": "bench",
        "submitted_at": NOW,
        "graded_at": NOW,
    }


def _evidence(person_id: str, item: ItemInfo, share: float) -> dict[str, object]:
    return {
        "person_id": person_id,
        "period_id": PERIOD,
        "assignment": SLUG,
        "item_id": item.item_id,
        "attempt_id": person_id,
        "share": share,
        "points": share * item.max_points,
        "max_points": item.max_points,
        "achieved_at": NOW,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
