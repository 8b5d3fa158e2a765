"""The verb `confirm`: a contribution that a person confirmed, the only way to band 4."""

from argparse import Namespace

from sqlalchemy.orm import Session

from hocvu.cli.say import say
from hocvu.errors import HocvuError
from hocvu.ledger.contributions import confirm_contribution, kinds_of, take_back_contribution
from hocvu.portal.services import start_services
from hocvu.portal.words import local
from hocvu.records import Person, find_by_staff_code, find_score
from hocvu.settings import Settings


class UnknownPerson(HocvuError):
    """A staff code was given that the store does not have."""

    code = "unknown_person"


class UnknownKind(HocvuError):
    """A contribution was named by a number that the rule does not have."""

    code = "unknown_kind"


def confirm(settings: Settings, chosen: Namespace) -> int:
    """Record or take back a confirmation and print the person's band."""
    services = start_services(settings)
    rule, now = services.course.rule, services.clock()
    try:
        with services.records.session() as s:
            person, by = _person(s, chosen.person), _person(s, chosen.by)
            period_id = chosen.period or services.period_id
            if chosen.revoke:
                row = take_back_contribution(s, rule, chosen.revoke, by, now)
            else:
                kind = _kind(kinds_of(rule), chosen.kind)
                row = confirm_contribution(s, period_id, rule, person, kind, by, chosen.note, now, local(now).date())
            score = find_score(s, row.person_id, row.period_id)
        say(f"Xác nhận số {row.id}: {row.kind}. {person.staff_code} ở mức hoàn thành {score.band if score else 0}.")
        return 0
    finally:
        services.records.close()


def _person(s: Session, staff_code: str) -> Person:
    person = find_by_staff_code(s, staff_code)
    if person is None:
        raise UnknownPerson(f"{staff_code}: no such staff code. Use a code from the HR page.")
    return person


def _kind(kinds: tuple[str, ...], number: int) -> str:
    if not 1 <= number <= len(kinds):
        named = "; ".join(f"{place} = {kind}" for place, kind in enumerate(kinds, 1))
        raise UnknownKind(f"--kind {number}: choose one of {named}.")
    return kinds[number - 1]
