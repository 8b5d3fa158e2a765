"""The verb `regrade`: who would change and how, before anything changes; then do it, or take it back."""

import getpass
import sys
import time
from argparse import Namespace
from collections.abc import Mapping

from hocvu.cli.say import say
from hocvu.ledger.regrade import PersonPlan, Scope, make_scope, plan_all
from hocvu.ledger.regrade_apply import RegradeRefused, begin_regrade, roll_back, run_regrade
from hocvu.ledger.regrade_code import CodeAgain
from hocvu.ledger.regrade_counts import count_plans
from hocvu.portal.regrade_words import change_words, count_words, crossing_words
from hocvu.portal.services import Assignment, Services, start_services
from hocvu.records import Person, find_person
from hocvu.records.regrades import count_touched, count_touched_people, find_regrade
from hocvu.settings import Settings


def regrade(settings: Settings, chosen: Namespace) -> int:
    """Preview (the default), apply, go on with, or roll back a re-grading of one assignment."""
    services = start_services(settings)
    try:
        if chosen.roll_back:
            return _roll_back(services, chosen)
        with CodeAgain(_assignment(services, chosen).spec) as code:
            scope = _scope(services, chosen, code)
            if chosen.resume:
                return _run(services, scope, chosen.resume)
            if not chosen.apply:
                return _preview(services, scope, chosen)
            reason, now = chosen.reason, services.clock()
            begun = begin_regrade(services.records, scope, _actor(), reason, now, decision=chosen.decision)
            return _run(services, scope, begun.id)
    finally:
        services.records.close()


def _assignment(services: Services, chosen: Namespace) -> Assignment:
    assignment = services.assignments.get(chosen.assignment)
    if assignment is None:
        raise RegradeRefused(f"{chosen.assignment}: không có bài tập này. Có: {', '.join(services.assignments)}.")
    return assignment


def _scope(services: Services, chosen: Namespace, code: CodeAgain | None = None) -> Scope:
    assignment = _assignment(services, chosen)
    items = [item.replace(".", "-") for item in chosen.item]
    allow_down = chosen.allow_down
    with services.records.reading() as s:
        started = find_regrade(s, chosen.resume) if chosen.resume else None
        if started is not None:  # what was decided when it began
            items, allow_down = started.items, started.allow_down
        rule = services.course.rule
        return make_scope(s, assignment.spec, services.period_id, rule, items, allow_down=allow_down, code=code)


def _preview(services: Services, scope: Scope, chosen: Namespace) -> int:
    counts: Mapping[str, int] = count_plans([])
    with services.records.reading() as s:
        touched = count_touched(s, scope.touched)
        say(f"{scope.spec.slug}, bản {scope.spec.version}: {touched} kết quả cần xem lại.")
        for plans in plan_all(s, scope):
            for plan in plans:
                _print_person(find_person(s, plan.person_id), plan, chosen.names)
            counts = count_plans(plans, counts)
    _print_counts(scope, counts)
    say("Đây là bản xem trước, chưa có gì thay đổi.")
    if counts["people"]:
        say('Chấm lại thật:  thêm  --apply --reason "lý do"')
    if counts["down_left"]:
        say('Kết quả thấp hơn chỉ được ghi khi có quyết định:  --allow-down --decision "số/ngày"')
    return 0


def _print_person(person: Person | None, plan: PersonPlan, with_names: bool) -> None:
    who = person.staff_code if person else plan.person_id
    who = f"{who} {person.name}" if person and with_names else who
    for change in plan.changes:
        note = "" if change.applies else "  (thấp hơn: không ghi)"
        say(f"{who}\t{change_words(change)}{note}")
    crossing = crossing_words(plan)
    if crossing:
        say(f"{who}\t{crossing}")


def _print_counts(scope: Scope, counts: Mapping[str, int]) -> None:
    for line in count_words(counts):
        say(line)
    if counts["code"] and scope.code:
        say(scope.code.missing)


def _run(services: Services, scope: Scope, regrade_id: int) -> int:
    say(f"Đợt chấm lại số {regrade_id}. Bị ngắt giữa chừng thì chạy tiếp: --resume {regrade_id}")
    with services.records.reading() as s:
        bar = Bar(count_touched_people(s, scope.touched))
    done = run_regrade(services.records, scope, regrade_id, services.clock, bar.show)
    bar.end()
    _print_counts(scope, done.counts)
    say(f'Xong. Hoàn tác:  hocvu regrade {scope.spec.slug} --roll-back {regrade_id} --reason "lý do"')
    return 0


def _roll_back(services: Services, chosen: Namespace) -> int:
    scope, bar = _scope(services, chosen), Bar(0)
    reason = chosen.reason
    roll_back(services.records, scope, chosen.roll_back, _actor(), reason, services.clock, bar.show)
    bar.end()
    say(f"Đợt chấm lại số {chosen.roll_back} đã được hoàn tác.")
    return 0


def _actor() -> str:
    return f"hocvu regrade ({getpass.getuser()})"


class Bar:
    """A progress bar with rate and time left; a person sees it, a log file does not."""

    def __init__(self, total: int) -> None:
        self.total, self.began, self.is_shown = total, time.monotonic(), sys.stderr.isatty()

    def show(self, done: int) -> None:
        rate = done / max(time.monotonic() - self.began, 0.001)
        if not self.is_shown:
            return
        text = f"{done} người, {rate:.0f} người/giây"
        if self.total:
            share = min(1.0, done / self.total)
            left_s = max(0, self.total - done) / rate
            text = f"[{'█' * round(30 * share):<30}] {done}/{self.total} người, {rate:.0f}/giây, còn {left_s:.0f} giây"
        print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.is_shown:
            print(file=sys.stderr)
