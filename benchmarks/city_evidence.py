"""Evidence of a whole city, in bulk: 88 items, handed in module by module, by people in no order, as in a year."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scoring import SHARES, read_items
from hocvu.course import Course
from hocvu.records import ItemRow, Records, attempt_sha256, register_items
from hocvu.scores import ItemInfo
from hocvu.scoring import prepare_items

VERSION = "bench"
CACHE_KB = 3_000_000  # the writer keeps the growing index in memory: rows come in no order of their keys
OPENED = datetime(2026, 12, 1, 1)


def write_evidence(records: Records, database: Path, course: Course, person_ids: list[str], now: datetime) -> int:
    """Give everybody one attempt a module, its results and what they prove; return how many rows of evidence."""
    items = read_items()
    rows = [
        ItemRow(
            f"bai-{one.module}", VERSION, one.item_id, one.module, one.kind, one.competency, one.level, one.max_points
        )
        for one in items
    ]
    with records.session() as s:
        register_items(s, rows, now=now - timedelta(days=200), period_id=course.period.code)
    graded = prepare_items(items).graded
    picks = _picks(len(person_ids), len(graded), np.random.default_rng(2027))
    rng = np.random.default_rng(7)
    count = 0
    with closing(sqlite3.connect(database)) as connection:
        for setting in ("foreign_keys = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KB}"):
            connection.execute(f"PRAGMA {setting}")
        for number, module in enumerate(dict.fromkeys(one.module for one in graded)):
            own = [(column, item) for column, item in enumerate(graded) if item.module == module]
            order = rng.permutation(len(person_ids))
            handed_in = OPENED + timedelta(days=17 * number)
            tried = [int(one) for one in order if (picks[one, [column for column, _ in own]] >= 0).any()]
            people = [(person_ids[one], one) for one in tried]
            connection.executemany(_ATTEMPT, _attempts(people, own, picks, module, course.period.code, handed_in))
            count += connection.executemany(
                _EVIDENCE, _evidence(people, own, picks, course.period.code, handed_in)
            ).rowcount
            connection.execute(_RESULTS, {"assignment": f"bai-{module}"})
            connection.commit()
    return count


def _picks(people: int, columns: int, rng: np.random.Generator) -> NDArray[np.int8]:
    """Which of SHARES each person reached in each item, -1 = not tried; diligence and skill differ."""
    picks = np.empty((people, columns), dtype=np.int8)
    for start in range(0, people, 10_000):
        size = min(10_000, people - start)
        skill, diligence = rng.uniform(0.2, 1.4, (size, 1)), rng.beta(6, 1, (size, 1))
        part = np.minimum((rng.random((size, columns)) ** skill * 9).astype(np.int8), 8)
        part[rng.random((size, columns)) > diligence] = -1
        picks[start : start + size] = part
    return picks


_ATTEMPT = (
    "INSERT INTO attempts (id, person_id, period_id, assignment, version, attempt_no, seed, answers, sha256,"
    " idempotency_key, submitted_at, graded_at, engine_version) VALUES (?,?,?,?,?,1,1,?,?,?,?,?,'bench')"
)
_RESULTS = (
    "INSERT INTO results (attempt_id, item_id, item_version_id, points, max_points, status, shown, feedback, message)"
    " SELECT e.attempt_id, e.item_id, v.id, e.points, e.max_points, 'graded', '', '[]', '' FROM evidence e"
    " JOIN item_versions v ON v.assignment = e.assignment AND v.item_id = e.item_id WHERE e.assignment = :assignment"
)
_EVIDENCE = (
    "INSERT INTO evidence (person_id, period_id, assignment, item_id, attempt_id, share, points, max_points,"
    " achieved_at) VALUES (?,?,?,?,?,?,?,?,?)"
)


def _attempts(
    people: list[tuple[str, int]],
    own: list[tuple[int, ItemInfo]],
    picks: NDArray[np.int8],
    module: str,
    period: str,
    first: datetime,
) -> Iterator[tuple[Any, ...]]:
    for place, (person_id, row) in enumerate(people):
        at = _moment(first, place)
        answers = {item.item_id: ["a", "c", "d"] for column, item in own if picks[row, column] >= 0}
        yield (
            f"{person_id[:33]}-{module}",
            person_id,
            period,
            f"bai-{module}",
            VERSION,
            json.dumps(answers, separators=(",", ":")),
            attempt_sha256(f"bai-{module}", VERSION, 1, answers),
            module,
            at,
            at,
        )


def _evidence(
    people: list[tuple[str, int]],
    own: list[tuple[int, ItemInfo]],
    picks: NDArray[np.int8],
    period: str,
    first: datetime,
) -> Iterator[tuple[Any, ...]]:
    shares = [float(share) for share in SHARES]
    for place, (person_id, row) in enumerate(people):
        at = _moment(first, place)
        for column, item in own:
            pick = int(picks[row, column])
            if pick >= 0:
                share = shares[pick]
                attempt = f"{person_id[:33]}-{item.module}"
                points = share * item.max_points
                yield (
                    person_id,
                    period,
                    f"bai-{item.module}",
                    item.item_id,
                    attempt,
                    share,
                    points,
                    item.max_points,
                    at,
                )


def _moment(first: datetime, place: int) -> str:
    return f"{first + timedelta(seconds=7 * place):%Y-%m-%d %H:%M:%S}.000000"
