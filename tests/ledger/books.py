"""The words of the ledger's tests: the small city, whose books are checked."""

import argparse
from collections.abc import Sequence
from typing import Any

from hocvu.cli.commands import parser
from hocvu.course import Rule
from hocvu.ledger.recompute import Difference, Layer, load_items, verify_period
from hocvu.ledger.rescore import rescore_period
from hocvu.records import StoredScore, find_person, find_score, list_items
from tests.portal.world import OWN_NUMBER, RULES, SLUG, TEXT, World
from tests.story import Course

WHOLE = {"1-2": "a", "1-4": "7", "1-7": {"viec": "Soạn thư mời"}}


class Ledger(World):
    """The small city, whose books are checked."""

    @property
    def rule(self) -> Rule:
        return self.services.course.rule

    def hands_in(self, login: str, answers: dict[str, Any] | None = None) -> str:
        self.later(minutes=1)
        answer = self.log_in(login).hand_in(WHOLE if answers is None else answers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["receipt"]["id"])

    def differences(self, rule: Rule | None = None) -> list[Difference]:
        specs = [assignment.spec for assignment in self.services.assignments.values()]
        checked = verify_period(self.services.records, "2027", rule or self.rule, load_items(specs))
        return [difference for batch in checked for difference in batch.differences]

    def layers(self) -> set[Layer]:
        return {difference.layer for difference in self.differences()}

    def changes(self, statement: Any) -> None:
        with self.services.records.session() as s:
            s.execute(statement)

    def score(self, login: str) -> StoredScore:
        with self.services.records.reading() as s:
            score = find_score(s, self.people[login], "2027")
        assert score is not None
        return score

    def rescores(self, rule: Rule | None = None) -> int:
        done = rescore_period(
            self.services.records, "2027", rule or self.rule, "thử", lambda: self.now, lambda *_: None
        )
        return done.changed

    def decides(self, what: Any, item_id: str) -> None:
        """Two people withdraw or restore an item."""
        self.later(minutes=1)
        services = self.services
        with services.records.session() as s:
            deciders = [find_person(s, self.people[login]) for login in ("giang", "hr_tp")]
            what(s, _Desk(services), item_id, "Đáp án in sai", deciders, self.now)

    def runs(self, verb: Any, *arguments: str) -> int:
        """A verb of the command line, on this city."""
        chosen: argparse.Namespace = parser().parse_args(arguments)
        return int(verb(self.settings, chosen))

    def counting(self) -> Sequence[str]:
        """The items of the period's set."""
        with self.services.records.reading() as s:
            return [item.item_id for item in list_items(s, "2027")]

    def adds(self, *questions: tuple[str, str, float]) -> None:
        """The instructor adds questions; the portal starts again with them."""
        with Course(self.root, SLUG) as course:
            course.markdown("# Bài tập thử").question()
            course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
            for question in questions:
                course.question(*question)
            assert course.source.is_file()
        self.restart()


class _Desk:
    """What a decision about an item needs of the year's desk."""

    def __init__(self, services: Any) -> None:
        self.course, self.period_id = services.course, services.period_id
