"""Re-grading: shown before it is done, done upward only unless decided otherwise, kept on record, taken back."""

from pathlib import Path
from typing import Any

import pytest

from hocvu.ledger.regrade import plan_all
from hocvu.ledger.regrade_apply import RegradeRefused
from hocvu.portal.regrade_words import crossing_words
from hocvu.records import (
    Attempt,
    ItemResult,
    ItemRow,
    find_score,
    last_seq,
    list_audit,
    register_items,
    save_results,
    store_attempt,
)
from hocvu.records.regrades import changes_of_attempt
from hocvu.records.tables_year import Snapshot
from hocvu.results import Result, Status
from tests.ledger.easy_rule import ask_for_nothing
from tests.ledger.school import RIGHT_IS_B, THREE_WAYS, School
from tests.portal.world import SLUG
from tests.story import RIGHT_OR_LEFT


def test_a_preview_says_who_would_change_and_changes_nothing(school: School) -> None:
    school.hands_in("lan", i1_2="a")
    school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    before = school.everything()
    counts = school.counts(school.scope())
    assert counts == {"people": 1, "up": 1, "down_left": 1}
    assert school.everything() == before


def test_a_corrected_key_raises_and_lowers_nobody(school: School) -> None:
    lan, hung = school.hands_in("lan", i1_2="a"), school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    school.applies(school.scope())
    assert (school.points(lan), school.points(hung)) == (4.0, 4.0)
    assert school.share("lan") == school.share("hung") == 1.0
    with school.services.records.reading() as s:
        score = find_score(s, school.people["hung"], "2027")
    assert score is not None and score.points == 4.0
    assert school.counts(school.scope()) == {"down_left": 1}  # Hùng's result is through, Lan's stays listed


def test_a_confirmed_band_4_survives_regrading_and_roll_back(school: School) -> None:
    ask_for_nothing(school.root)
    school.restart()
    school.hands_in("hung", i1_2="b")
    school.confirms("hung")
    assert school.band("hung") == 4
    school.rewrites(RIGHT_IS_B)
    regrade = school.applies(school.scope())
    assert school.share("hung") == 1.0 and school.band("hung") == 4
    school.takes_back(regrade)
    assert school.band("hung") == 4


def test_only_what_was_touched_is_graded_again(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.hands_in("lan", i1_2="a", i1_4="3", i1_7={"viec": "soạn"})
    school.rewrites(RIGHT_OR_LEFT.replace("Phải là đúng.", "Phải là đúng, theo Điều 4."))
    graded: list[str] = []
    spec = school.services.assignments[SLUG].spec
    for item in spec.items:
        grade = type(item.question).grade

        def told(question: Any, *arguments: Any, grade: Any = grade) -> Any:
            graded.append(question.id)
            return grade(question, *arguments)

        monkeypatch.setattr(type(item.question), "grade", told)
    assert school.counts(school.scope()) == {"people": 1, "same": 1}  # the feedback's wording
    assert graded == ["1-2"]
    school.applies(school.scope())
    assert school.counts(school.scope()) == {}


def test_an_old_answer_is_graded_with_the_new_key_only_if_the_question_is_the_same(school: School) -> None:
    lan = school.hands_in("lan", i1_2="b")
    school.rewrites(THREE_WAYS)
    assert school.counts(school.scope()) == {"question_changed": 1}
    hung = school.hands_in("hung", i1_2="c")
    school.rewrites(THREE_WAYS.replace('q.key("b"', 'q.key("c"'))
    school.applies(school.scope())
    assert school.points(lan) == 0.0 and school.points(hung) == 4.0
    school.rewrites(RIGHT_IS_B)  # back to the question of Lan's attempt, with the right key
    school.applies(school.scope())
    assert school.points(lan) == 4.0


def test_lower_points_need_a_signed_decision_and_an_open_period(school: School) -> None:
    lan = school.hands_in("lan", i1_2="a")
    school.rewrites(RIGHT_IS_B)
    down = school.scope(allow_down=True)
    with pytest.raises(RegradeRefused, match="quyết định"):
        school.applies(down)
    school.applies(down, decision="12/QĐ-SKHCN, 20/11/2026")
    assert school.points(lan) == 0.0 and school.share("lan") == 0.0
    school.rewrites(RIGHT_OR_LEFT)
    school.applies(school.scope())
    assert school.share("lan") == 1.0
    school.rewrites(RIGHT_IS_B)
    with school.services.records.session() as s:
        s.add(
            Snapshot(
                id="2027-1", period_id="2027", kind="provisional", cutoff_at=school.now, made_at=school.now,
                made_by="CB-hr_tp", people=2, manifest="{}", sha256="0" * 64, signature="",
            )
        )  # fmt: skip
    with pytest.raises(RegradeRefused, match="chốt sổ"):
        school.applies(school.scope(allow_down=True), decision="13/QĐ-SKHCN")


def test_evidence_falls_only_as_far_as_the_best_of_all_attempts(school: School) -> None:
    school.hands_in("lan", i1_2="b")
    school.hands_in("lan", i1_2="a")
    school.rewrites(RIGHT_IS_B)
    school.applies(school.scope(allow_down=True), decision="12/QĐ")
    assert school.share("lan") == 1.0  # now it is the first attempt that is right


def test_old_results_stay_on_record_with_reason_and_versions(school: School) -> None:
    attempt_id = school.hands_in("hung", i1_2="b")
    old_version = school.services.assignments[SLUG].spec.version
    school.rewrites(RIGHT_IS_B)
    school.applies(school.scope())
    with school.services.records.reading() as s:
        ((change, run),) = changes_of_attempt(s, attempt_id)
        attempt = s.get(Attempt, attempt_id)
        assert attempt is not None and attempt.version == old_version  # what was handed in is never rewritten
        actions = [entry.action for entry in list_audit(s)]
    assert (change.old["points"], change.new["points"]) == (0.0, 4.0)
    assert change.old["feedback"][0]["text"] == "Trái là sai." and change.old["engine_version"] == "1"
    assert change.old["item_version_id"] != change.new["item_version_id"]
    assert (run.reason, run.actor) == ("đáp án câu 1.2 sai", "CB-giang")
    assert {"regrade.begin", "regrade.done"} <= set(actions)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_taken_back_everything_is_as_before(
    kind: str, tmp_path: Path, root: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgresql").new_database() if kind == "postgresql" else ""
    with School(tmp_path, root, url) as school:
        assert school.services.records.engine.dialect.name == kind
        _tell_of_taking_back(school)


def _tell_of_taking_back(school: School) -> None:
    for login, answer in (("lan", "a"), ("hung", "b"), ("hr_tp", "b")):
        school.hands_in(login, i1_2=answer, i1_7={"viec": "soạn"})
    before = school.everything()
    school.rewrites(RIGHT_IS_B)
    regrade_id = school.applies(school.scope(allow_down=True), decision="12/QĐ")
    assert school.everything() != before
    with pytest.raises(RegradeRefused, match="lý do"):
        school.takes_back(regrade_id, reason=" ")
    school.takes_back(regrade_id)
    assert school.everything() == before
    with pytest.raises(RegradeRefused):
        school.takes_back(regrade_id)


def test_what_was_handed_in_since_survives_the_taking_back(school: School) -> None:
    school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    regrade_id = school.applies(school.scope())
    school.hands_in("hung", i1_2="b", i1_7={"viec": "mới"})
    school.takes_back(regrade_id)
    assert school.share("hung") == 1.0


def test_a_result_that_a_person_must_read_is_not_overwritten(school: School) -> None:
    attempt_id = school.hands_in("hung", i1_2="b")
    with school.services.records.session() as s:
        row = s.get(ItemResult, (attempt_id, "1-2"))
        assert row is not None
        row.status = Status.NEEDS_REVIEW.value
    school.rewrites(RIGHT_IS_B)
    assert school.counts(school.scope()) == {"needs_person": 1}
    school.applies(school.scope())
    assert school.points(attempt_id) == 0.0


def test_crossing_a_level_is_counted(school: School) -> None:
    """Two thirds of the points are not enough for M1, all of them are."""
    items = [ItemRow("02-sau", "v1", f"2-{number}", "2", "MC1", "NL1", 1, 4.0) for number in (1, 2)]
    with school.services.records.session() as s:
        register_items(s, items, now=school.now, period_id="2027")
        attempt, _ = store_attempt(
            s, school.people["hung"], "2027", "02-sau", "v1", {"2-1": "a"}, 7, 1, "another-module", school.now
        )
        save_results(s, attempt, [Result(item.item_id, 4.0, 4.0, Status.GRADED) for item in items], "1", school.now)
    school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    with school.services.records.reading() as s:
        ((plan,),) = list(plan_all(s, school.scope()))
    assert plan.crossings == {"NL1": (0, 1)} and "NL1 chưa đạt M1 → M1" in crossing_words(plan)
    assert school.counts(school.scope())["level_up"] == 1
    school.applies(school.scope())
    with school.services.records.reading() as s:
        score = find_score(s, school.people["hung"], "2027")
    assert score is not None and score.levels["NL1"] == 1


def test_the_same_run_twice_changes_nothing_more(school: School) -> None:
    school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    school.applies(school.scope())
    with school.services.records.reading() as s:
        seq = last_seq(s)
    school.applies(school.scope())
    with school.services.records.reading() as s:
        assert last_seq(s) == seq
