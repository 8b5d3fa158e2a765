"""Everybody's score from stored evidence, in batches: after a change of the rule, or to mend what recompute found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.course import Rule
from hocvu.errors import HocvuError
from hocvu.ledger.stored import Places, next_people, read_evidence
from hocvu.records import Records, StoredScore, add_audit, contributions_of_people, list_items, save_scores
from hocvu.records.regrades import lock_people
from hocvu.records.years import list_snapshots
from hocvu.scores import Score
from hocvu.scoring import ItemSet, prepare_items
from hocvu.scoring.bands import is_confirmed
from hocvu.scoring.matrix import Floats, columns_of, score_matrix

BATCH = 500  # people in one transaction: learners who hand in meanwhile wait for one batch at most
Progress = Callable[[int, int], None]  # people done, scores changed
Clock = Callable[[], datetime]


class RescoreRefused(HocvuError):
    """The scores of a period must not be computed anew; the message says why."""

    code = "rescore_refused"


@dataclass(frozen=True)
class Rescored:
    """How many people were looked at and how many scores changed."""

    people: int
    changed: int


def rescore_period(
    records: Records, period_id: str, rule: Rule, actor: str, clock: Clock, progress: Progress
) -> Rescored:
    """Bring all scores of a period up to the rule. Killed, it is simply run again; unchanged scores stay as they are.

    Raises RescoreRefused for a period that is frozen for good.
    """
    with records.reading() as s:
        if any(snapshot.kind == "final" for snapshot in list_snapshots(s, period_id)):
            raise RescoreRefused(
                f"Kỳ {period_id} đã chốt sổ lần cuối nên không tính lại được nữa; chỉ có thể lập phụ lục điều chỉnh."
            )
    people, changed, after = 0, 0, ""
    while True:
        with records.session() as s:
            person_ids = next_people(s, after, BATCH)
            if person_ids:
                changed += rescore_people(s, period_id, person_ids, rule, clock())
            else:
                detail = {"period": period_id, "rule": rule.version, "people": people, "changed": changed}
                add_audit(s, actor, "scores.recomputed", detail, clock())
        if not person_ids:
            return Rescored(people, changed)
        people, after = people + len(person_ids), person_ids[-1]
        progress(people, changed)


def rescore_people(s: Session, period_id: str, person_ids: Sequence[str], rule: Rule, now: datetime) -> int:
    """Bring these people's scores up to date; return how many changed."""
    lock_people(s, person_ids)  # before reading: no grading of these people can slip in between
    return save_scores(s, period_id, _scores(s, period_id, person_ids, rule), now)


def _scores(s: Session, period_id: str, person_ids: Sequence[str], rule: Rule) -> dict[str, Score]:
    """The scores of those who have evidence, or had a score."""
    items = prepare_items(list_items(s, period_id))
    shares = read_shares(s, period_id, person_ids, items)
    signed = contributions_of_people(s, period_id, person_ids)
    confirmed = [is_confirmed(signed.get(who, ()), rule) for who in person_ids]
    scores = score_matrix(shares, items, rule, confirmed)
    query = select(StoredScore.person_id).where(
        StoredScore.period_id == period_id, StoredScore.person_id.in_(person_ids)
    )
    scored = set(s.scalars(query))
    tried = np.asarray((~np.isnan(shares)).any(axis=1), dtype=bool)
    return {
        person_id: scores.score(row, rule)
        for row, person_id in enumerate(person_ids)
        if tried[row] or person_id in scored
    }


def read_shares(s: Session, period_id: str, person_ids: Sequence[str], items: ItemSet) -> Floats:
    """Return the stored evidence as score_matrix takes it: people × columns_of(items), NaN = not attempted."""
    person, item = Places.of(person_ids), Places.of(one.item_id for one in columns_of(items))
    shares = np.full((len(person), len(item)), np.nan)
    kept = read_evidence(s, period_id, person_ids, person, item)
    counting = kept.item < shares.shape[1]  # what is beyond is of no item of the set
    shares[kept.person[counting], kept.item[counting]] = kept.share[counting]
    return shares
