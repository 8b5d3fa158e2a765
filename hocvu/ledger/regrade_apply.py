"""Doing a re-grading and taking it back: batch by batch, each in one transaction, resumable after a kill."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.grading import ENGINE_VERSION
from hocvu.ledger.regrade import BATCH, BestOf, Change, PersonPlan, Scope, plan_people
from hocvu.ledger.regrade_counts import count_plans
from hocvu.records import Attempt, Evidence, ItemResult, Records, add_audit, evidence_of_people, list_items, save_scores
from hocvu.records.contributions import contributions_of_people
from hocvu.records.regrades import (
    changed_people,
    changes_of,
    evidence_content,
    evidence_rows,
    find_regrade,
    is_frozen,
    last_regrade,
    lock_people,
    new_regrade,
    put_result_content,
    result_content,
    results_of_people,
    touched_people,
)
from hocvu.records.results import counts_as_attempted, result_of_row
from hocvu.records.tables_regrade import Regrade, RegradeChange
from hocvu.results import Result
from hocvu.scoring import prepare_items, score_person

Progress = Callable[[int], None]  # told how many people are done
Clock = Callable[[], datetime]


class RegradeRefused(HocvuError):
    """A re-grading that must not be done this way; the message says which way it can."""

    code = "regrade_refused"


def begin_regrade(
    records: Records, scope: Scope, actor: str, reason: str, now: datetime, *, decision: str = ""
) -> Regrade:
    """Return a new run; nothing is changed yet. Raises RegradeRefused."""
    if not reason.strip():
        raise RegradeRefused("Chưa có lý do chấm lại. Ghi lý do: nó được giữ cùng kết quả cũ.")
    _check_code(scope)
    with records.session() as s:
        _check_down(s, scope, decision)
        last = last_regrade(s, scope.spec.slug)
        if last is not None and last.state in ("running", "rolling_back"):
            raise RegradeRefused(
                f"Đợt chấm lại số {last.id} của {scope.spec.slug} chưa xong ({last.state}). "
                f"Chạy tiếp nó (--resume {last.id}) hoặc hoàn tác (--roll-back {last.id}) trước."
            )
        version = scope.spec.version
        regrade = new_regrade(s, scope.touched, version, actor, reason, decision, scope.allow_down, now)
        detail = {"regrade": regrade.id, "assignment": scope.spec.slug, "items": regrade.items}
        add_audit(s, actor, "regrade.begin", detail, now)
    return regrade


def _check_code(scope: Scope) -> None:
    """Refuse a run on code only where no code can be run; with other items, those of code are left as they are."""
    if scope.code_items != scope.items.keys():
        return
    missing = scope.code.missing if scope.code else "Lệnh này không chạy mã."
    if missing:
        raise RegradeRefused(f"Chưa chấm lại được câu viết mã, không có gì thay đổi. {missing}")


def _check_down(s: Session, scope: Scope, decision: str) -> None:
    if not scope.allow_down:
        return
    if not decision.strip():
        raise RegradeRefused("Muốn hạ điểm phải có quyết định: ghi số và ngày của văn bản.")
    if is_frozen(s, scope.period_id):
        raise RegradeRefused(
            f"Kỳ {scope.period_id} đã chốt sổ nên không hạ điểm ở đây được nữa; chỉ có thể lập phụ lục điều chỉnh."
        )


def run_regrade(records: Records, scope: Scope, regrade_id: int, clock: Clock, progress: Progress) -> Regrade:
    """Do or go on with a run until it is done; return it. Raises RegradeRefused."""
    done = 0
    while True:
        _run_code_ahead(records, scope, regrade_id)
        with records.session() as s:
            regrade = _running(s, regrade_id, scope)
            person_ids = touched_people(s, scope.touched, regrade.cursor, BATCH)
            if not person_ids:
                regrade.state, regrade.finished_at = "done", clock()
                sums = {name: regrade.counts.get(name, 0) for name in ("people", "up", "down")}
                detail = {"regrade": regrade.id, "assignment": regrade.assignment, **sums}
                add_audit(s, regrade.actor, "regrade.done", detail, clock())
                return regrade
            lock_people(s, person_ids)
            plans = plan_people(s, scope, person_ids, prepare_items(list_items(s, scope.period_id)))
            _write(s, scope, regrade, plans, clock())
            regrade.cursor = person_ids[-1]
            regrade.counts = count_plans(plans, regrade.counts)
        done += len(person_ids)
        progress(done)


def _run_code_ahead(records: Records, scope: Scope, regrade_id: int) -> None:
    """Run the code of the next people while nobody is locked; the plan under the lock then finds the results."""
    if scope.code is None or not scope.code_items:
        return
    with records.reading() as s:
        regrade = find_regrade(s, regrade_id)
        person_ids = touched_people(s, scope.touched, regrade.cursor, BATCH) if regrade else []
        plan_people(s, scope, person_ids, prepare_items(list_items(s, scope.period_id)))


def _running(s: Session, regrade_id: int, scope: Scope) -> Regrade:
    regrade = s.get(Regrade, regrade_id, with_for_update=True)
    if regrade is None or regrade.state != "running":
        raise RegradeRefused(f"Không có đợt chấm lại số {regrade_id} nào đang dở.")
    if (regrade.version, regrade.engine_version) != (scope.spec.version, ENGINE_VERSION):
        raise RegradeRefused(
            f"Đợt số {regrade_id} bắt đầu với bản {regrade.version}, bản đang mở là {scope.spec.version}. "
            f"Hoàn tác đợt này (--roll-back {regrade_id}) rồi chấm lại bằng bản mới."
        )
    return regrade


def _write(s: Session, scope: Scope, regrade: Regrade, plans: Sequence[PersonPlan], now: datetime) -> None:
    kept = evidence_rows(s, scope.spec.slug, scope.period_id, [plan.person_id for plan in plans])
    scores = {}
    for plan in plans:
        for change in plan.changes:
            if change.applies:
                evidence = kept.get((plan.person_id, change.row.item_id))
                _write_change(s, scope, regrade, change, evidence_content(evidence), now)
        for _, row in plan.same:
            row.item_version_id = scope.current[row.item_id]
        for item_id, best in plan.best.items():
            _put_evidence(s, kept.get((plan.person_id, item_id)), best)
        for item_id in plan.lost:
            s.delete(kept[plan.person_id, item_id])
        if plan.best or plan.lost:
            scores[plan.person_id] = plan.after
    _mark_engine(scope, plans)
    s.flush()
    save_scores(s, scope.period_id, scores, now)


def _write_change(
    s: Session, scope: Scope, regrade: Regrade, change: Change, evidence: dict[str, Any] | None, now: datetime
) -> None:
    old = result_content(change.row, change.attempt.engine_version) | {"evidence": evidence}
    _put_result(change.row, change.new, scope.current[change.row.item_id])
    s.add(
        RegradeChange(
            regrade_id=regrade.id,
            attempt_id=change.attempt.id,
            item_id=change.row.item_id,
            person_id=change.attempt.person_id,
            old=old,
            new=result_content(change.row, ENGINE_VERSION),
            changed_at=now,
        )
    )


def _put_result(row: ItemResult, result: Result, item_version_id: int) -> None:
    row.item_version_id = item_version_id
    row.points, row.max_points, row.status = result.points, result.max_points, result.status.value
    row.shown, row.message = result.shown, result.message
    row.feedback = [{"label": line.label, "text": line.text, "right": line.right} for line in result.feedback]


def _put_evidence(s: Session, row: Evidence | None, best: BestOf) -> None:
    attempt, result = best.attempt, best.result
    row = row or Evidence(
        person_id=attempt.person_id,
        period_id=attempt.period_id,
        assignment=attempt.assignment,
        item_id=result.item_id,
    )
    row.attempt_id, row.achieved_at = attempt.id, attempt.submitted_at
    row.share, row.points, row.max_points = min(1.0, max(0.0, result.share)), result.points, result.max_points
    s.add(row)


def _mark_engine(scope: Scope, plans: Sequence[PersonPlan]) -> None:
    """An attempt carries the new engine's mark once all its items have been through it."""
    if not scope.is_whole:
        return
    for plan in plans:
        open_ids = {row.attempt_id for row, _ in plan.left}
        open_ids |= {change.attempt.id for change in plan.changes if not change.applies}
        for attempt in [*(change.attempt for change in plan.changes), *(attempt for attempt, _ in plan.same)]:
            if attempt.id not in open_ids and attempt.engine_version != ENGINE_VERSION:
                attempt.engine_version = ENGINE_VERSION


def roll_back(
    records: Records, scope: Scope, regrade_id: int, actor: str, reason: str, clock: Clock, progress: Progress
) -> Regrade:
    """Make the results what they were before a run, and evidence and scores what follows from them.

    Interrupted, it is simply called again. Raises RegradeRefused unless it is the assignment's last run.
    """
    if not reason.strip():
        raise RegradeRefused("Chưa có lý do hoàn tác. Ghi lý do: nó được giữ trong lịch sử.")
    with records.session() as s:
        _begin_roll_back(s, regrade_id, actor, reason, clock())
    done = 0
    while True:
        with records.session() as s:
            regrade = s.get(Regrade, regrade_id, with_for_update=True)
            assert regrade is not None
            person_ids = changed_people(s, regrade_id, regrade.cursor, BATCH)
            if not person_ids:
                regrade.state, regrade.rolled_back_at = "rolled_back", clock()
                add_audit(s, actor, "regrade.rolled_back", {"regrade": regrade_id}, clock())
                return regrade
            lock_people(s, person_ids)
            _restore(s, scope, regrade, person_ids, clock())
            regrade.cursor = person_ids[-1]
        done += len(person_ids)
        progress(done)


def _begin_roll_back(s: Session, regrade_id: int, actor: str, reason: str, now: datetime) -> None:
    regrade = find_regrade(s, regrade_id)
    if regrade is None or regrade.state == "rolled_back":
        raise RegradeRefused(f"Không có đợt chấm lại số {regrade_id} nào để hoàn tác.")
    last = last_regrade(s, regrade.assignment)
    if last is not None and last.id != regrade.id:
        raise RegradeRefused(f"Sau đợt số {regrade_id} còn có đợt số {last.id}. Hoàn tác đợt số {last.id} trước.")
    if is_frozen(s, regrade.period_id):
        raise RegradeRefused(f"Kỳ {regrade.period_id} đã chốt sổ nên không hoàn tác được; hãy lập phụ lục điều chỉnh.")
    if regrade.state != "rolling_back":
        regrade.state, regrade.cursor = "rolling_back", ""
        regrade.rolled_back_by, regrade.roll_back_reason = actor, reason
        detail = {"regrade": regrade_id, "assignment": regrade.assignment}
        add_audit(s, actor, "regrade.roll_back", detail, now)


def _restore(s: Session, scope: Scope, regrade: Regrade, person_ids: Sequence[str], now: datetime) -> None:
    changes = changes_of(s, regrade.id, person_ids)
    for change in changes:
        row = s.get(ItemResult, (change.attempt_id, change.item_id))
        attempt = s.get(Attempt, change.attempt_id)
        assert row is not None and attempt is not None
        put_result_content(row, change.old)
        if attempt.engine_version != change.old["engine_version"]:
            attempt.engine_version = change.old["engine_version"]
    s.flush()
    _restore_evidence(s, scope, regrade, changes, person_ids)
    s.flush()
    item_set = prepare_items(list_items(s, regrade.period_id))
    shares = evidence_of_people(s, regrade.period_id, person_ids)
    confirmed = contributions_of_people(s, regrade.period_id, person_ids)
    scores = {one: score_person(shares[one], item_set, scope.rule, confirmed.get(one, ())) for one in person_ids}
    save_scores(s, regrade.period_id, scores, now)


def _restore_evidence(
    s: Session, scope: Scope, regrade: Regrade, changes: Sequence[RegradeChange], person_ids: Sequence[str]
) -> None:
    """Evidence becomes what it was, or the best of what has been handed in since."""
    kept = evidence_rows(s, regrade.assignment, regrade.period_id, person_ids)
    before = {(change.person_id, change.item_id): change.old["evidence"] for change in changes}
    best: dict[tuple[str, str], BestOf] = {}
    items = {item_id for _, item_id in before}
    for attempt, row in results_of_people(s, regrade.assignment, regrade.period_id, items, person_ids):
        key, result = (attempt.person_id, row.item_id), result_of_row(row)
        if counts_as_attempted(result, scope.kind(row.item_id)) and (
            key not in best or result.share > best[key].result.share
        ):
            best[key] = BestOf(attempt, result)
    for key, old in before.items():
        evidence, found = kept.get(key), best.get(key)
        if found is not None and (old is None or found.result.share > old["share"]):
            _put_evidence(s, evidence, found)
        elif old is not None:
            evidence = evidence or Evidence(
                person_id=key[0], period_id=regrade.period_id, assignment=regrade.assignment, item_id=key[1]
            )
            for name in ("attempt_id", "share", "points", "max_points"):
                setattr(evidence, name, old[name])
            evidence.achieved_at = datetime.fromisoformat(old["achieved_at"])
            s.add(evidence)
        elif evidence is not None:
            s.delete(evidence)
