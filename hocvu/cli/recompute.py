"""The verb `recompute`: does everything stored follow from the stored answers? And scores anew after a rule change."""

from argparse import Namespace

from hocvu.cli.say import say
from hocvu.cli.verifiers import Verifier
from hocvu.errors import HocvuError
from hocvu.ledger.recompute import load_items
from hocvu.ledger.rescore import rescore_period
from hocvu.portal.services import Services, start_services
from hocvu.records import find_by_staff_code, find_period
from hocvu.settings import Settings

REPORT_EVERY = 10_000  # people


class UnknownPeriod(HocvuError):
    """A period or person was named that the store does not have."""

    code = "unknown_record"


def recompute(settings: Settings, chosen: Namespace) -> int:
    """Verify, or write scores; return 1 if something stored does not follow from the answers."""
    services = start_services(settings)
    try:
        period_id = chosen.period or services.period_id
        with services.records.reading() as s:
            if find_period(s, period_id) is None:
                raise UnknownPeriod(f"--period {period_id}: no such period. Use a code from course/course.toml.")
        return _write(services, period_id) if chosen.write else _verify(services, period_id, chosen)
    finally:
        services.records.close()


def _verify(services: Services, period_id: str, chosen: Namespace) -> int:
    specs = [] if chosen.stored_results else [assignment.spec for assignment in services.assignments.values()]
    rule, person_id = services.course.rule, _person_id(services, chosen.person)
    verifier = Verifier(services.records, period_id, rule, load_items(specs), max(0, chosen.limit))
    looks = iter([verifier.look_at([person_id])]) if person_id else verifier.everybody(chosen.jobs)
    people = attempts = again = as_stored = differences = 0
    for found in looks:
        for line in found.lines[: max(0, chosen.limit - differences)]:
            say(line)
        differences += found.differences
        attempts, again = attempts + found.attempts, again + found.graded_again
        as_stored += found.taken_as_stored
        people = _report(people, found.people)
    say(
        f"Kỳ {period_id}, {rule.label}: {people} người, {attempts} lượt nộp; chấm lại {again} kết quả, "
        f"{as_stored} kết quả lấy như đã lưu (bản câu hỏi hoặc bộ chấm khác, hoặc câu viết mã)."
    )
    if differences:
        say(
            f"Có {differences} chỗ khác với dữ liệu đã lưu. Tìm nguyên nhân trước; sau đó `hocvu regrade` hoặc --write."
        )
        return 1
    say("Mọi minh chứng và mức năng lực đã lưu đều tính lại được đúng như vậy từ câu trả lời.")
    return 0


def _report(before: int, people: int) -> int:
    after = before + people
    if after // REPORT_EVERY > before // REPORT_EVERY:
        say(f"… đã soát {after} người")
    return after


def _person_id(services: Services, staff_code: str) -> str:
    if not staff_code:
        return ""
    with services.records.reading() as s:
        person = find_by_staff_code(s, staff_code)
    if person is None:
        raise UnknownPeriod(f"--person {staff_code}: no such staff code. Use a code from the HR page.")
    return person.id


def _write(services: Services, period_id: str) -> int:
    def report(people: int, changed: int) -> None:
        if people % REPORT_EVERY == 0:
            say(f"… {people} người, {changed} kết quả thay đổi")

    done = rescore_period(services.records, period_id, services.course.rule, "hocvu recompute", services.clock, report)
    say(f"Kỳ {period_id}, {services.course.rule.label}: đã tính {done.people} người, {done.changed} kết quả thay đổi.")
    return 0
