"""A faulty item: who tried it gets its full share, it leaves the set that counts, and the note stays public."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.records import (
    PeriodItem,
    Person,
    add_audit,
    evidence_of_people,
    list_items,
    retire_item,
    save_scores,
)
from hocvu.records.contributions import contributions_of_people
from hocvu.records.tables_year import ItemDecision
from hocvu.records.withdrawals import (
    RESTORE,
    WITHDRAW,
    add_item_decision,
    credit_item,
    people_who_tried,
    people_with_evidence,
    put_back,
    withdrawn_items,
)
from hocvu.scoring import prepare_items, score_person
from hocvu.year.desk import Desk

BATCH = 500
LONGEST_NOTE = 2000


class ItemRefused(HocvuError):
    """The item cannot be withdrawn or restored; the message says why."""

    code = "item_refused"


def withdraw_item(
    s: Session, desk: Desk, item_id: str, note: str, deciders: Sequence[Person], now: datetime
) -> ItemDecision:
    """Return the decision: credit given, item out of the set, all scores of the period computed anew.

    Frozen results stay as they are: after the final freeze they change by annex only. Raises ItemRefused.
    """
    by = _check(note, deciders)
    row = s.get(PeriodItem, (desk.period_id, item_id))
    if row is None or item_id in withdrawn_items(s, desk.period_id):
        raise ItemRefused(f"Câu {item_id}: không nằm trong các câu đang tính điểm của kỳ {desk.period_id}.")
    tried = people_who_tried(s, desk.period_id, item_id)
    decision = add_item_decision(
        s, _decision(row, WITHDRAW, note, by, now, credited=sum(1 for one in tried if one.share < 1))
    )
    credit_item(s, decision, tried)
    retire_item(s, desk.period_id, item_id)
    _rescore(s, desk, now)
    _audit(s, deciders, decision, now)
    return decision


def restore_item(
    s: Session, desk: Desk, item_id: str, note: str, deciders: Sequence[Person], now: datetime
) -> ItemDecision:
    """Return the decision that lets the item count again. Credit that was given stays: points never fall.

    Raises ItemRefused.
    """
    by = _check(note, deciders)
    earlier = withdrawn_items(s, desk.period_id).get(item_id)
    if earlier is None:
        raise ItemRefused(f"Câu {item_id}: chưa có quyết định rút nào đang có hiệu lực.")
    row = PeriodItem(
        period_id=earlier.period_id,
        item_id=item_id,
        assignment=earlier.assignment,
        module=earlier.module,
        item_version_id=earlier.item_version_id,
        added_at=now,
    )
    decision = add_item_decision(s, _decision(row, RESTORE, note, by, now, credited=0))
    put_back(s, decision, now)
    _rescore(s, desk, now)
    _audit(s, deciders, decision, now)
    return decision


def _check(note: str, deciders: Sequence[Person]) -> list[str]:
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise ItemRefused(f"Anh/chị ghi lý do (tối đa {LONGEST_NOTE} ký tự): lý do này được công bố cho mọi người.")
    codes = sorted({person.staff_code for person in deciders})
    if len(codes) < 2:
        raise ItemRefused("Việc rút hay đưa lại một câu cần hai người khác nhau cùng quyết định.")
    if all("instructor" in person.roles for person in deciders):
        raise ItemRefused("Ít nhất một trong hai người quyết định không phải là người biên soạn.")
    return codes


def _decision(row: PeriodItem, action: str, note: str, by: list[str], now: datetime, *, credited: int) -> ItemDecision:
    return ItemDecision(
        period_id=row.period_id,
        item_id=row.item_id,
        assignment=row.assignment,
        module=row.module,
        item_version_id=row.item_version_id,
        action=action,
        note=note.strip(),
        decided_by=by,
        decided_at=now,
        credited=credited,
    )


def _rescore(s: Session, desk: Desk, now: datetime) -> None:
    """Scores of everybody with evidence, in batches; only changed ones get a new number."""
    items = prepare_items(list_items(s, desk.period_id))
    people = people_with_evidence(s, desk.period_id)
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        confirmed = contributions_of_people(s, desk.period_id, batch)
        evidence = evidence_of_people(s, desk.period_id, batch)
        scores = {
            one: score_person(shares, items, desk.course.rule, confirmed.get(one, ()))
            for one, shares in evidence.items()
        }
        save_scores(s, desk.period_id, scores, now)


def _audit(s: Session, deciders: Sequence[Person], decision: ItemDecision, now: datetime) -> None:
    detail = {"item": decision.item_id, "period": decision.period_id, "decision": decision.id}
    add_audit(s, deciders[-1].id, f"item.{decision.action}", {**detail, "deciders": [p.id for p in deciders]}, now)
