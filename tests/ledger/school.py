"""The words of the re-grading tests: the small city, whose instructor corrects a key after people have handed in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from hocvu.ledger.contributions import confirm_contribution, kinds_of
from hocvu.ledger.regrade import Scope, make_scope, plan_all
from hocvu.ledger.regrade_apply import begin_regrade, roll_back, run_regrade
from hocvu.ledger.regrade_counts import count_plans
from hocvu.records import ItemResult, find_person, find_score, person_evidence, results_of
from tests.portal.world import OWN_NUMBER, RULES, SLUG, TEXT, World
from tests.story import RIGHT_OR_LEFT, Course

RIGHT_IS_B = RIGHT_OR_LEFT.replace('q.key("a"', 'q.key("b"')
THREE_WAYS = RIGHT_OR_LEFT.replace('b="Trái"', 'b="Trái", c="Giữa"').replace('q.key("a"', 'q.key("b"')


class School(World):
    """The small city, whose instructor can write the exercise anew."""

    def rewrites(self, question: str, points: float = 4.0) -> None:
        """The instructor changes item 1-2; the portal starts again with it."""
        with Course(self.root, SLUG) as course:
            course.markdown("# Bài tập thử").question("1-2", question, points)
            course.question("1-3", RULES, 8.0).question("1-4", OWN_NUMBER, 4.0).question("1-7", TEXT, 0.0)
            assert course.source.is_file()
        self.restart()

    def hands_in(self, login: str, **answers: Any) -> str:
        self.later(minutes=1)
        given = {item.replace("_", "-").removeprefix("i"): answer for item, answer in answers.items()}
        answer = self.log_in(login).hand_in(given)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["receipt"]["id"])

    def scope(self, items: Sequence[str] = (), *, allow_down: bool = False) -> Scope:
        spec, rule = self.services.assignments[SLUG].spec, self.services.course.rule
        with self.services.records.reading() as s:
            return make_scope(s, spec, "2027", rule, items, allow_down=allow_down)

    def counts(self, scope: Scope) -> dict[str, int]:
        """The sums of a preview that are not zero."""
        with self.services.records.reading() as s:
            counts = count_plans(plan for plans in plan_all(s, scope) for plan in plans)
        return {name: count for name, count in counts.items() if count}

    def applies(self, scope: Scope, decision: str = "") -> int:
        records = self.services.records
        begun = begin_regrade(records, scope, "CB-giang", "đáp án câu 1.2 sai", self.now, decision=decision)
        run_regrade(records, scope, begun.id, lambda: self.now, lambda _: None)
        return begun.id

    def takes_back(self, regrade_id: int, reason: str = "nhầm") -> None:
        records, scope = self.services.records, self.scope()
        roll_back(records, scope, regrade_id, "CB-giang", reason, lambda: self.now, lambda _: None)

    def points(self, attempt_id: str, item_id: str = "1-2") -> float:
        with self.services.records.reading() as s:
            return next(one.points for one in results_of(s, attempt_id) if one.item_id == item_id)

    def share(self, login: str, item_id: str = "1-2") -> float:
        with self.services.records.reading() as s:
            return person_evidence(s, self.people[login], "2027")[item_id]

    def confirms(self, login: str) -> None:
        """HR confirms a contribution: with band 3 that makes band 4."""
        rule = self.services.course.rule
        with self.services.records.session() as s:
            person, by = (find_person(s, self.people[one]) for one in (login, "hr_tp"))
            assert person is not None and by is not None
            confirm_contribution(s, "2027", rule, person, kinds_of(rule)[0], by, "QĐ 12", self.now, self.now.date())

    def band(self, login: str) -> int:
        with self.services.records.reading() as s:
            score = find_score(s, self.people[login], "2027")
        return score.band if score else 0

    def everything(self) -> list[tuple[Any, ...]]:
        """All results and evidence, to compare before and after."""
        with self.services.records.reading() as s:
            rows = s.scalars(select(ItemResult).order_by(ItemResult.attempt_id, ItemResult.item_id)).all()
            shares = [person_evidence(s, person_id, "2027") for person_id in self.people.values()]
            scores = [find_score(s, person_id, "2027") for person_id in self.people.values()]
            return [
                *[(row.attempt_id, row.item_id, row.points, row.max_points, row.feedback, row.shown) for row in rows],
                *[tuple(sorted(one.items())) for one in shares],
                *[(one.points, one.band, one.levels) for one in scores if one],
            ]
