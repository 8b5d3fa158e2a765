"""2,000 simulated learners (Rasch model) do the open modules: every item separates them, or says why it does not."""

import random
import tomllib

from hocvu.demo.learners import answer_items, make_learner
from hocvu.grading import grade_answers
from hocvu.scoring.item_statistics import ItemStatistics, item_statistics
from tests.course.modules import ROOT, SLUGS, assignment_of

LEARNERS = 2_000
DATA_SETS = 40  # learners share these seeds: training a model for each of 2,000 would take minutes


def cohort() -> dict[str, ItemStatistics]:
    rng = random.Random(2027)
    people: list[dict[str, float]] = []
    for number in range(LEARNERS):
        seed = number % DATA_SETS
        learner, shares = make_learner(rng), {}
        for slug in SLUGS:
            spec = assignment_of(slug)
            answers = answer_items(spec, learner, seed, rng)
            for one in grade_answers(spec, answers, seed):
                if one.max_points and one.item_id in answers:
                    shares[one.item_id] = one.share
        people.append(shares)
    items = [item.id for slug in SLUGS for item in assignment_of(slug).items if item.max_points]
    return {one.item_id: one for one in item_statistics(people, items)}


def test_every_item_separates_learners_or_the_report_says_why_not() -> None:
    reasons = tomllib.loads((ROOT / "course/item_flags.toml").read_text(encoding="utf-8"))
    flagged = {item_id: one.flags for item_id, one in cohort().items() if one.flags}
    assert set(flagged) <= set(reasons), {item: flags for item, flags in flagged.items() if item not in reasons}
    assert all(len(reason.split()) >= 8 for reason in reasons.values())
