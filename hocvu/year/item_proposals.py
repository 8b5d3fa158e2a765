"""Withdrawing or restoring a faulty item in two steps: who would change, a proposal, a second person's signature."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hocvu.records import ItemProposal, PeriodItem, Person, add_audit, evidence_of_people, find_person, list_items
from hocvu.records.contributions import contributions_of_people
from hocvu.records.tables_year import ItemDecision
from hocvu.records.two_steps import (
    AGREED,
    DROPPED,
    OPEN,
    REFUSED,
    add_proposal,
    decide,
    list_item_proposals,
    open_item_proposal,
)
from hocvu.records.withdrawals import RESTORE, WITHDRAW, people_with_evidence, withdrawn_items
from hocvu.scores import ItemInfo
from hocvu.scoring import prepare_items
from hocvu.scoring.bands import is_confirmed
from hocvu.scoring.matrix import ScoreArrays, score_matrix, share_matrix
from hocvu.year.desk import Desk
from hocvu.year.faulty import LONGEST_NOTE, ItemRefused, restore_item, withdraw_item

BATCH = 500
MOST_PEOPLE = 20_000  # looked at within a request; some 30 microseconds each, and their evidence read


@dataclass(frozen=True)
class Crossing:
    """One person whose level or band would change, by staff code; words in Vietnamese."""

    staff_code: str
    words: str


@dataclass(frozen=True)
class Effect:
    """What a decision would change. credited: who would get the item's full share. too_many: not looked at here."""

    people: int = 0
    tried: int = 0
    credited: int = 0
    up: int = 0
    down: int = 0
    crossings: tuple[Crossing, ...] = ()
    too_many: bool = False


def preview_item(s: Session, desk: Desk, item_id: str, action: str, most_rows: int = 200) -> Effect:
    """Return who would change if the item were withdrawn or restored. Nothing is written. Raises ItemRefused."""
    before = list_items(s, desk.period_id)
    find_action(s, desk, item_id, action)
    after = [replace(one, is_withdrawn=action == WITHDRAW) if one.item_id == item_id else one for one in before]
    people = people_with_evidence(s, desk.period_id)
    if len(people) > MOST_PEOPLE:
        return Effect(people=len(people), too_many=True)
    effect = Effect(people=len(people))
    for start in range(0, len(people), BATCH):
        batch = sorted(people)[start : start + BATCH]
        effect = _add(s, desk, effect, batch, item_id, before, after, most_rows)
    return replace(effect, crossings=tuple(sorted(effect.crossings, key=lambda one: one.staff_code)))


def find_action(s: Session, desk: Desk, item_id: str, action: str) -> None:
    """Raise ItemRefused unless the item can be withdrawn or restored now."""
    is_out = item_id in withdrawn_items(s, desk.period_id)
    if action == RESTORE:
        if not is_out:
            raise ItemRefused(f"Câu {item_id}: chưa có quyết định rút nào đang có hiệu lực.")
    elif action != WITHDRAW or is_out or s.get(PeriodItem, (desk.period_id, item_id)) is None:
        raise ItemRefused(f"Câu {item_id}: không nằm trong các câu đang tính điểm của kỳ {desk.period_id}.")


def propose_item(
    s: Session, desk: Desk, item_id: str, action: str, note: str, by: Person, now: datetime
) -> ItemProposal:
    """Return the stored proposal; nothing changes before a second person signs. Raises ItemRefused."""
    find_action(s, desk, item_id, action)
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise ItemRefused(f"Anh/chị ghi lý do (tối đa {LONGEST_NOTE} ký tự): khi được ký, lý do này công bố công khai.")
    waiting = list_item_proposals(s, desk.period_id)
    if any(one.state == OPEN and one.item_id == item_id for one in waiting):
        raise ItemRefused(f"Câu {item_id}: đã có một đề xuất đang chờ người thứ hai. Anh/chị xem ở danh sách dưới đây.")
    row = ItemProposal(
        period_id=desk.period_id,
        item_id=item_id,
        action=action,
        note=note.strip(),
        proposed_by=by.id,
        proposed_at=now,
        state=OPEN,
    )
    add_proposal(s, row)
    add_audit(s, by.id, "item.proposed", {"item": item_id, "proposal": row.id, "period": desk.period_id}, now)
    return row


def sign_item(s: Session, desk: Desk, proposal_id: int, by: Person, now: datetime) -> ItemDecision:
    """Return the decision that the second person's signature makes. Raises ItemRefused."""
    row = _waiting(s, desk, proposal_id)
    first = find_person(s, row.proposed_by)
    if first is None or first.id == by.id:
        raise ItemRefused("Anh/chị là người đề xuất; cần một người khác ký.")
    act = withdraw_item if row.action == WITHDRAW else restore_item
    decision = act(s, desk, row.item_id, row.note, [first, by], now)
    decide(s, row, AGREED, by.id, now)
    return decision


def refuse_item(s: Session, desk: Desk, proposal_id: int, by: Person, reason: str, now: datetime) -> ItemProposal:
    """Say no with a reason; who proposed it takes it back. Raises ItemRefused."""
    row = _waiting(s, desk, proposal_id)
    text = " ".join(reason.split())
    if not text or len(text) > LONGEST_NOTE:
        raise ItemRefused("Anh/chị ghi lý do không ký, để người đề xuất biết.")
    state = DROPPED if row.proposed_by == by.id else REFUSED
    decide(s, row, state, by.id, now, text)
    add_audit(s, by.id, "item.refused", {"item": row.item_id, "proposal": row.id}, now)
    return row


def _waiting(s: Session, desk: Desk, proposal_id: int) -> ItemProposal:
    row = open_item_proposal(s, proposal_id)
    if row is None or row.period_id != desk.period_id:
        raise ItemRefused("Đề xuất này đã có người quyết định, hoặc không còn. Anh/chị tải lại trang.")
    return row


def _add(
    s: Session,
    desk: Desk,
    effect: Effect,
    people: Sequence[str],
    item_id: str,
    before: Sequence[ItemInfo],
    after: Sequence[ItemInfo],
    most_rows: int,
) -> Effect:
    """The effect with a batch of people more."""
    rule = desk.course.rule
    evidence = evidence_of_people(s, desk.period_id, people)
    shares = [evidence.get(one, {}) for one in people]
    is_out = next(one.is_withdrawn for one in after if one.item_id == item_id)
    credited = [{**one, item_id: 1.0} if is_out and item_id in one else one for one in shares]
    signed = contributions_of_people(s, desk.period_id, people)
    confirmed = [is_confirmed(signed.get(who, ()), rule) for who in people]
    was, will = (
        score_matrix(share_matrix(given, prepare_items(items)), prepare_items(items), rule, confirmed)
        for given, items in ((shares, before), (credited, after))
    )
    codes = {id: code for id, code in s.execute(select(Person.id, Person.staff_code).where(Person.id.in_(people)))}
    names = {0: "chưa có mức", **{band.number: band.name for band in rule.bands}}
    crossings = []
    up = down = 0
    for row, person_id in enumerate(people):
        words = _words(was, will, row, rule.competencies, names)
        if words:
            falls = bool((will.levels[row] < was.levels[row]).any() or will.band[row] < was.band[row])
            up, down = up + (not falls), down + falls
            crossings.append(Crossing(codes[person_id], words))
    return replace(
        effect,
        tried=effect.tried + sum(item_id in one for one in shares),
        credited=effect.credited + sum(one.get(item_id, 1.0) < 1 for one in shares) * is_out,
        up=effect.up + up,
        down=effect.down + down,
        crossings=(*effect.crossings, *crossings)[:most_rows],
    )


def _words(was: ScoreArrays, will: ScoreArrays, row: int, competencies: Sequence[str], names: dict[int, str]) -> str:
    parts = [
        f"{code} M{old} → M{new}"
        for code, old, new in zip(competencies, was.levels[row], will.levels[row], strict=True)
        if old != new
    ]
    if was.band[row] != will.band[row]:
        parts.append(f"{names[int(was.band[row])]} → {names[int(will.band[row])]}")
    return "; ".join(parts)
