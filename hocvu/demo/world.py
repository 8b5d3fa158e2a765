"""Seeding: units and people first, then each learner's history, day by day as it would have happened."""

import itertools
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from hocvu.datasets.people import make_person
from hocvu.datasets.units import make_units
from hocvu.demo.learners import Learner, answer_items, make_learner
from hocvu.demo.logins import DEMO_LOGINS, DEMO_PASSWORD, SEEDED, DemoLogin, is_local
from hocvu.errors import HocvuError
from hocvu.ledger.contributions import kinds_of
from hocvu.portal.attempt_gate import AttemptRefused
from hocvu.portal.passwords import hash_password
from hocvu.portal.services import Assignment, Services
from hocvu.portal.submission import current_draft, keep_draft, submit
from hocvu.records import (
    ContributionProposal,
    Nomination,
    add_audit,
    add_person,
    add_unit,
    find_by_login,
    list_audit,
    list_people,
)
from hocvu.records.nominations import add_nomination
from hocvu.records.two_steps import OPEN, add_proposal

Report = Callable[[str], None]
CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


class NotLocal(HocvuError):
    """Demo people, with their known password, go only into a portal on this machine."""

    code = "not_local"


def seed_demo(services: Services, people: int, seed: int, report: Report) -> int:
    """Fill the store with `people` fictitious people and their histories; return how many attempts are there.

    Everything is drawn from `seed`, so a run that was interrupted is simply run again: what is there stays.
    Raises NotLocal for a portal that is open to others.
    """
    if not is_local(services.settings):
        raise NotLocal(f"{services.settings.portal}: demo log-ins have a known password. Seed only a local portal.")
    with services.records.session() as s:
        if list_audit(s, action=SEEDED, limit=1):
            report("Dữ liệu mẫu đã có sẵn, giữ nguyên.")
            return 0
        if find_by_login(s, DEMO_LOGINS[0].login) is None:
            _add_everybody(s, people, random.Random(seed))
        learners = [(person.id, person.staff_code) for person in list_people(s, limit=people) if person.login is None]
    report(f"Đã có {people} người ở 40 đơn vị, tất cả đều là mô phỏng.")
    attempts, began = 0, monotonic()
    for done, (person_id, staff_code) in enumerate(learners, start=1):
        attempts += _live_through(services, person_id, random.Random(f"{seed}:{staff_code}"))
        if done % 100 == 0 or done == len(learners):
            left_s = (monotonic() - began) / done * (len(learners) - done)
            left = f" Còn khoảng {left_s:.0f} giây." if done < len(learners) else ""
            report(f"Đã mô phỏng việc học của {done}/{len(learners)} người, {attempts} lượt nộp bài.{left}")
    with services.records.session() as s:
        _put_forward(s, services, learners)
        add_audit(s, "hocvu seed-demo", SEEDED, {"people": people, "seed": seed}, services.clock())
    return attempts


def _add_everybody(s: Session, people: int, rng: random.Random) -> None:
    password = hash_password(DEMO_PASSWORD)
    codes = itertools.count(1)
    for index, unit in enumerate(make_units(people - len(DEMO_LOGINS), rng)):
        unit_id = add_unit(s, unit.code, unit.name, unit.bloc).id
        if index == 0:
            for login in DEMO_LOGINS:
                _add_login(s, login, unit_id, next(codes), password)
        for _ in range(unit.size):
            made = make_person(rng)
            add_person(
                s,
                staff_code=f"MP-{next(codes):06d}",
                name=made.name,
                unit_id=unit_id,
                kind=made.kind,
                position=made.position,
                is_leader=made.is_leader,
                roles=["learner"],
            )


def _add_login(s: Session, login: DemoLogin, unit_id: int, code: int, password: str) -> None:
    add_person(
        s,
        staff_code=f"MP-{code:06d}",
        name=login.name,
        unit_id=unit_id,
        position="Tài khoản dùng thử",
        email=f"{login.login}@vidu.example",
        login=login.login,
        password_hash=password,
        roles=login.roles,
        hr_unit_id=unit_id if login.own_unit_only else None,
    )


def _put_forward(s: Session, services: Services, learners: Sequence[tuple[str, str]]) -> None:
    """HR nominates one person and puts a contribution of another forward: pages of the board and head have content."""
    officer, now = find_by_login(s, "nhansu"), services.clock()
    if officer is None or len(learners) < 2:
        return
    first, second = (person_id for person_id, _ in learners[:2])
    period, today = services.period_id, now.astimezone(CITY_TIME).date()
    nomination = Nomination(
        period_id=period,
        person_id=first,
        reason="Hướng dẫn đồng nghiệp ở quầy một cửa dùng AI có kiểm chứng (mô phỏng).",
        document="Tờ trình mô phỏng số 12",
        nominated_on=today,
        entered_by=officer.id,
        entered_at=now,
    )
    add_nomination(s, nomination)
    proposal = ContributionProposal(
        person_id=second,
        period_id=period,
        kind=kinds_of(services.course.rule)[0],
        note="Hướng dẫn sáu đồng nghiệp che dữ liệu cá nhân trước khi dùng AI (mô phỏng)",
        done_on=today,
        proposed_by=officer.id,
        proposed_at=now,
        state=OPEN,
    )
    add_proposal(s, proposal)


def _live_through(services: Services, person_id: str, rng: random.Random) -> int:
    """Let one person study: some have not begun, some have a draft, the others hand in up to three times."""
    learner, begins = make_learner(rng), rng.random()
    moments = _moments(services, rng)
    attempts = 0
    for assignment in services.assignments.values():
        if begins < 0.12:
            continue
        if begins < 0.22:
            draft = _draft_answers(services, person_id, assignment, learner, rng)
            keep_draft(services, person_id, assignment, dict(list(draft.items())[:3]), next(moments))
            continue
        for number in range(rng.choices([1, 2, 3], [6, 3, 1])[0]):
            answers = _draft_answers(services, person_id, assignment, learner, rng)
            if answers:
                key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{person_id}:{assignment.slug}:{number}"))
                try:
                    submit(services, person_id, assignment.slug, answers, key, next(moments), declared=True)
                except AttemptRefused:  # work scenarios have their own waiting time
                    break
                attempts += 1
            learner = Learner(learner.skill + 0.7, learner.diligence)
    return attempts


def _draft_answers(
    services: Services, person_id: str, assignment: Assignment, learner: Learner, rng: random.Random
) -> dict[str, object]:
    with services.records.session(durable=False) as s:
        draft = current_draft(s, services, person_id, assignment)
        return answer_items(assignment.spec, learner, draft.seed, rng)


def _moments(services: Services, rng: random.Random) -> Iterator[datetime]:
    """Yield growing times between the start of the period and now (or its end), at random."""
    period = services.course.period
    start = datetime.combine(period.starts_on, time(8), CITY_TIME).astimezone(UTC)
    end = datetime.combine(period.ends_on, time(17), CITY_TIME).astimezone(UTC)
    moment, last = start, max(start + timedelta(hours=1), min(services.clock(), end))
    while True:
        moment += (last - moment) * rng.betavariate(1.2, 2.5)
        yield moment
