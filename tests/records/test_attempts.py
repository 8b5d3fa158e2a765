"""Drafts and attempts: nothing lost, nothing doubled."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.errors import HocvuError
from hocvu.records import (
    attempt_sha256,
    find_draft,
    list_attempts,
    open_draft,
    save_draft,
    ungraded_attempts,
)

SLUG = "01-thu"


def test_a_draft_starts_empty_with_the_seed_of_its_attempt(office: Any) -> None:
    with office.records.session() as s:
        draft = open_draft(s, office.id("Ada"), SLUG, make_seed=lambda number: number * 7, now=office.now)
    assert (draft.attempt_no, draft.seed, draft.answers, draft.saved_at) == (1, 7, {}, None)


def test_saving_merges_items_and_null_deletes_one(office: Any) -> None:
    office.answers("Ada", {"1-1": "a", "1-2": ["b"]})
    office.later(minutes=1)
    draft = office.answers("Ada", {"1-2": None, "1-7": {"o": "Việc"}})
    assert draft.answers == {"1-1": "a", "1-7": {"o": "Việc"}}
    assert draft.saved_at == office.now


def test_opening_again_changes_neither_seed_nor_answers(office: Any) -> None:
    office.answers("Ada", {"1-1": "a"})
    with office.records.session() as s:
        draft = open_draft(s, office.id("Ada"), SLUG, make_seed=lambda number: 999, now=office.now)
    assert (draft.seed, draft.answers) == (7, {"1-1": "a"})


def test_saving_without_an_open_draft_says_what_to_do(office: Any) -> None:
    with pytest.raises(HocvuError, match="open_draft first"), office.records.session() as s:
        save_draft(s, office.id("Ada"), SLUG, {"1-1": "a"}, office.now)


def test_people_do_not_see_each_others_drafts(office: Any) -> None:
    office.answers("Ada", {"1-1": "a"})
    office.answers("Bình", {"1-1": "b"})
    with office.records.reading() as s:
        assert find_draft(s, office.id("Ada"), SLUG).answers == {"1-1": "a"}


def test_saves_from_many_requests_at_once_are_all_kept(office: Any) -> None:
    office.answers("Ada", {})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: office.answers("Ada", {f"1-{number}": number}), range(20)))
    with office.records.reading() as s:
        assert find_draft(s, office.id("Ada"), SLUG).answers == {f"1-{number}": number for number in range(20)}


def test_the_same_key_is_one_attempt(office: Any) -> None:
    first, created = office.submits("Ada", {"1-1": "a"}, key="k")
    again, created_again = office.submits("Ada", {"1-1": "b"}, key="k")
    assert (created, created_again) == (True, False)
    assert again.id == first.id
    assert again.answers == {"1-1": "a"}


def test_the_same_content_is_one_attempt_whatever_the_key(office: Any) -> None:
    first, _ = office.submits("Ada", {"1-1": "a", "1-2": "b"}, key="k1")
    again, created = office.submits("Ada", {"1-2": "b", "1-1": "a"}, key="k2")
    assert (again.id, created) == (first.id, False)


def test_two_people_with_the_same_answers_have_two_attempts(office: Any) -> None:
    ada, _ = office.submits("Ada", {"1-1": "a"}, key="k")
    binh, created = office.submits("Bình", {"1-1": "a"}, key="k")
    assert created and ada.id != binh.id


def test_one_submission_sent_by_many_requests_at_once_is_stored_once(office: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: office.submits("Ada", {"1-1": "a"}, key="k"), range(8)))
    assert sum(created for _, created in sent) == 1
    assert len({attempt.id for attempt, _ in sent}) == 1


def test_an_attempt_waits_for_grading_until_its_results_are_saved(office: Any, result: Any) -> None:
    attempt, _ = office.submits("Ada", {"1-1": "a"})
    with office.records.reading() as s:
        assert [waiting.id for waiting in ungraded_attempts(s)] == [attempt.id]
    office.is_graded(attempt, result("1-1", 4.0))
    with office.records.reading() as s:
        assert ungraded_attempts(s) == []


def test_after_grading_the_next_draft_has_a_new_seed_and_keeps_the_answers(office: Any, result: Any) -> None:
    office.answers("Ada", {"1-1": "a", "1-2": "0,4"})
    attempt, _ = office.submits("Ada", {"1-1": "a", "1-2": "0,4"})
    assert office.answers("Ada", {}).attempt_no == 1  # stored, but not graded: still the same draft
    office.is_graded(attempt, result("1-1", 4.0), result("1-2", 0.0))
    draft = office.answers("Ada", {}, fresh=frozenset({"1-2"}))
    assert (draft.attempt_no, draft.seed, draft.answers) == (2, 14, {"1-1": "a"})
    assert office.answers("Ada", {}).attempt_no == 2


def test_every_attempt_is_kept_newest_first(office: Any, result: Any) -> None:
    office.gets("Ada", result("1-1", 0.0), attempt_no=1)
    office.later(hours=1)
    office.gets("Ada", result("1-1", 4.0), attempt_no=2)
    with office.records.reading() as s:
        assert [attempt.attempt_no for attempt in list_attempts(s, office.id("Ada"), SLUG)] == [2, 1]


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), "\ud800", object()])
def test_what_json_cannot_hold_is_refused_kindly(office: Any, raw: object) -> None:
    with pytest.raises(HocvuError, match="không lưu được"):
        office.submits("Ada", {"1-1": raw}, key="k")
    with pytest.raises(HocvuError, match="không lưu được"):
        office.answers("Ada", {"1-1": raw})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-12", max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text("abc-12", max_size=4), JSON, max_size=4), st.randoms())
def test_the_hash_depends_on_the_content_not_on_its_order(answers: dict[str, Any], rng: Any) -> None:
    shuffled = list(answers.items())
    rng.shuffle(shuffled)
    assert attempt_sha256(SLUG, "v", 7, answers) == attempt_sha256(SLUG, "v", 7, dict(shuffled))
    assert attempt_sha256(SLUG, "v", 7, answers) != attempt_sha256(SLUG, "v", 8, answers)
    assert attempt_sha256(SLUG, "v", 7, answers) != attempt_sha256(SLUG, "v", 7, {**answers, "more": 1})
