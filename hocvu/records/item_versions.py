"""Items: every version for ever, and the set that counts in a period (set I of the scoring rule)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from hocvu.records.failures import DuplicateItem
from hocvu.records.tables import ItemVersion, Period, PeriodItem
from hocvu.records.withdrawals import withdrawn_items
from hocvu.scores import ItemInfo

VIETNAM = timedelta(hours=7)  # one offset all year


@dataclass(frozen=True)
class ItemRow:
    """One item of one assignment version. module: the number in course.toml as text, "1" … "10", "T"."""

    assignment: str
    version: str
    item_id: str
    module: str
    kind: str
    competency: str
    level: int
    max_points: float
    prompt: str = ""
    question_hash: str | None = None
    content_hash: str | None = None


def register_items(
    s: Session,
    rows: Sequence[ItemRow],
    *,
    now: datetime,
    period_id: str | None = None,
    opening_days: int | None = None,
) -> None:
    """Keep these item versions; with period_id they also become the versions that count in that period.

    opening_days: so long after the period's first items new ones still enter it; later ones wait for the next period,
    so that nobody loses a level because content grew. None: they always enter.
    Registering the same rows again changes nothing, and items missing from the rows stay: see retire_item.
    Raises DuplicateItem if an item id is taken by another assignment.
    """
    withdrawn = withdrawn_items(s, period_id) if period_id is not None else {}
    is_closed = period_id is not None and opening_days is not None and _is_closed(s, period_id, opening_days, now)
    for row in rows:
        stored = _ensure_version(s, row)
        if period_id is not None and row.item_id not in withdrawn:  # a start must not undo a decision
            _count_in_period(s, row, stored.id, period_id, now, is_closed)
    s.flush()


# Built once: every submission asks for the items.
_COUNTING = (
    select(
        ItemVersion.item_id,
        PeriodItem.module,
        ItemVersion.competency,
        ItemVersion.level,
        ItemVersion.max_points,
        ItemVersion.kind,
    )
    .join(ItemVersion, ItemVersion.id == PeriodItem.item_version_id)
    .where(PeriodItem.period_id == bindparam("period_id"))
    .order_by(PeriodItem.assignment, PeriodItem.item_id)
)


def list_items(s: Session, period_id: str) -> tuple[ItemInfo, ...]:
    """Set I of a period, and the withdrawn items, marked: what score_person takes, in a stable order."""
    counting = tuple(ItemInfo(*item) for item in s.execute(_COUNTING, {"period_id": period_id}))
    return counting + _withdrawn_infos(s, period_id)


def _is_closed(s: Session, period_id: str, opening_days: int, now: datetime) -> bool:
    """Whether a period takes no new items any more; days are days in Việt Nam."""
    first = s.scalar(select(func.min(PeriodItem.added_at)).where(PeriodItem.period_id == period_id))
    if first is None:
        return False
    starts_on = s.get_one(Period, period_id).starts_on
    opened_on = max(starts_on, (first + VIETNAM).date())
    return (now.astimezone(UTC) + VIETNAM).date() > opened_on + timedelta(days=opening_days)


def retire_item(s: Session, period_id: str, item_id: str) -> bool:
    """Take an item out of set I by decision (a faulty item); return whether it was in. Its results stay."""
    row = s.get(PeriodItem, (period_id, item_id))
    if row is None:
        return False
    s.delete(row)
    s.flush()
    return True


def find_item_version(s: Session, assignment: str, version: str, item_id: str) -> ItemVersion | None:
    query = select(ItemVersion).filter_by(assignment=assignment, version=version, item_id=item_id)
    return s.scalar(query)


def item_versions_of(s: Session, assignment: str, version: str) -> dict[str, ItemVersion]:
    """The items of one assignment version by item id."""
    query = select(ItemVersion).filter_by(assignment=assignment, version=version)
    return {item.item_id: item for item in s.scalars(query)}


def _withdrawn_infos(s: Session, period_id: str) -> tuple[ItemInfo, ...]:
    found = []
    for item_id, decision in withdrawn_items(s, period_id).items():
        item = s.get_one(ItemVersion, decision.item_version_id)
        info = ItemInfo(item_id, decision.module, item.competency, item.level, item.max_points, item.kind, True)
        found.append(info)
    return tuple(found)


def _ensure_version(s: Session, row: ItemRow) -> ItemVersion:
    stored = find_item_version(s, row.assignment, row.version, row.item_id)
    if stored is None:
        stored = ItemVersion(
            assignment=row.assignment,
            version=row.version,
            item_id=row.item_id,
            kind=row.kind,
            competency=row.competency,
            level=row.level,
            max_points=row.max_points,
            prompt=row.prompt,
            question_hash=row.question_hash,
            content_hash=row.content_hash,
        )
        s.add(stored)
        s.flush()
    elif stored.content_hash is None:  # registered before hashes were kept; the same version has the same content
        stored.question_hash, stored.content_hash = row.question_hash, row.content_hash
    return stored


def _count_in_period(
    s: Session, row: ItemRow, item_version_id: int, period_id: str, now: datetime, is_closed: bool
) -> None:
    current = s.get(PeriodItem, (period_id, row.item_id))
    if current is None and is_closed:
        return
    if current is None:
        s.add(
            PeriodItem(
                period_id=period_id,
                item_id=row.item_id,
                assignment=row.assignment,
                module=row.module,
                item_version_id=item_version_id,
                added_at=now,
            )
        )
    elif current.assignment != row.assignment:
        raise DuplicateItem(
            f"item {row.item_id!r} of {row.assignment}: the id is taken by {current.assignment} in period {period_id}. "
            "Give the cell another grade_id."
        )
    elif current.item_version_id != item_version_id:
        current.item_version_id = item_version_id
