"""One item away from the next band: exactly what trying every item by itself says, and the cheapest of them."""

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.course import Rule
from hocvu.scores import ItemInfo
from hocvu.scoring import prepare_items, score_person
from hocvu.scoring.matrix import share_matrix
from hocvu.scoring.steps import next_steps

ITEMS = [
    ItemInfo(
        f"{module}-{area}{level}", str(module), f"NL{area}", level, float(module + area), "CASE" if module == 4 else ""
    )
    for area in range(1, 7)
    for level in (1, 2)
    for module in range(1, 5)
]
ALL = {item.item_id: 1.0 for item in ITEMS}


def tried_one_by_one(evidence: Mapping[str, float], rule: Rule) -> tuple[float, int] | None:
    """Points of the cheapest item that lifts the band, and the band."""
    now = score_person(evidence, ITEMS, rule).band
    for item in sorted(ITEMS, key=lambda one: one.max_points):
        then = score_person({**evidence, item.item_id: 1.0}, ITEMS, rule).band
        if then > now and evidence.get(item.item_id, 0.0) < 1:
            return item.max_points, then
    return None


def steps(people: Sequence[Mapping[str, float]], rule: Rule) -> list[tuple[float, int] | None]:
    items = prepare_items(ITEMS)
    found = next_steps(share_matrix(people, items), items, rule, [False] * len(people))
    return [(step.item.max_points, step.band) if step else None for step in found]


def test_who_lacks_one_item_is_told_the_cheapest_and_whether_it_is_again(rule: Rule) -> None:
    """Without one of the four of NL3 at M1 nothing counts from there; with two at nothing, either is enough."""
    items = prepare_items(ITEMS)
    without = {key: share for key, share in ALL.items() if key != "2-31"}
    nothing = {**ALL, "1-31": 0.0, "2-31": 0.0}
    found = next_steps(share_matrix([without, nothing, ALL, {}], items), items, rule, [False] * 4)
    assert [step and (step.item.item_id, step.band, step.is_again) for step in found[:2]] == [
        ("2-31", 2, False),
        ("1-31", 2, True),
    ]
    assert found[2:] == [None, None]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from([one.item_id for one in ITEMS]), st.sampled_from([0, 0.5, 1])), max_size=3)
)
def test_it_is_what_trying_every_item_says(rule: Rule, people: list[dict[str, float]]) -> None:
    nearly = [{one.item_id: 1.0 for one in ITEMS if one.item_id not in person} for person in people]
    for given_ in (people, nearly):
        assert steps(given_, rule) == [tried_one_by_one(one, rule) for one in given_]
