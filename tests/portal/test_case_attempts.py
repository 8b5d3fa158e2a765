"""Work scenarios: three attempts a period, a day apart, another variant each time, and one's own work."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portal.attempt_gate import AttemptRefused
from hocvu.portal.attempts_policy import Allowed, Limits, NoMore, Wait, next_attempt
from hocvu.portal.services import Services
from hocvu.portal.submission import submit
from hocvu.records import list_attempts, list_audit
from tests.portal.world import DRAFT, EXERCISE, SLUG, SUBMISSION, Browser, World, assert_error_shape, hidden_fields
from tests.questions.test_case_course import SOURCE
from tests.story import Course

MONDAY = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
THREE_VARIANTS = SOURCE.replace(
    '    "b": Variant(',
    '    "c": Variant("Ở Đặc khu Côn Đảo.", {\n'
    '        "goi": choose_one(prompt="Báo ai?", **ABOUT, a="Thuyền trưởng", b="Khách"),\n'
    '        "dem": number(prompt="Mấy thư?", **ABOUT),\n'
    '        "buoc": order(prompt="Thứ tự?", **ABOUT, items={"x": "Nhận", "y": "Trả"}),\n'
    "    }),\n"
    '    "b": Variant(',
).replace("q.key({\n", 'q.key({\n    "c": {"goi": "a", "dem": 3, "buoc": ["x", "y"]},\n')
PLACES = {"Phường Hoa Sen", "Xã Bình Minh", "Đặc khu Côn Đảo"}
TICKED = {"T-1.goi": "a", "T-1.dem": "7", "T-1.buoc.x": "1", "T-1.buoc.y": "2", "tu_lam": "1", "viec": "nop"}


@pytest.fixture
def day(world: World) -> Iterator[World]:
    """The portal with one work scenario of three variants."""
    with Course(world.root, SLUG) as course:
        assert course.markdown("# Một ngày").question("T-1", THREE_VARIANTS, 6.0).source
    world.restart()
    yield world


def place_of(page: str) -> str:
    return next(place for place in PLACES if place in page)


def attempts_of(world: World, login: str) -> int:
    with world.services.records.reading() as s:
        return len(list_attempts(s, world.people[login]))


def hand_in(browser: Browser, **fields: str) -> str:
    answer = browser.send(EXERCISE, {**TICKED, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_three_attempts_a_day_apart_each_with_another_variant(day: World) -> None:
    lan = day.log_in("lan")
    seen = []
    for left in (3, 2, 1):
        page = lan.get(EXERCISE).text
        assert f"<strong>{left} lượt</strong>" in page
        seen.append(place_of(page))
        hand_in(lan)
        day.later(hours=24)
        lan = day.log_in("lan")
    assert set(seen) == PLACES
    page = lan.get(EXERCISE).text
    assert "dùng hết 3 lượt" in page and 'value="nop"' not in page and "tu_lam" not in page
    refused = lan.send(EXERCISE, TICKED)
    assert refused.status_code == 422 and "dùng hết 3 lượt" in refused.text
    assert attempts_of(day, "lan") == 3


def test_too_early_says_from_when_and_keeps_what_was_typed(day: World) -> None:
    lan = day.log_in("lan")
    day.now = datetime(2026, 12, 1, 7, 4, 30, tzinfo=UTC)
    hand_in(lan)
    day.later(hours=1)
    refused = lan.send(EXERCISE, {**TICKED, "T-1.dem": "19"})
    assert refused.status_code == 422 and "14:05, 02/12 (giờ Việt Nam)" in refused.text
    assert attempts_of(day, "lan") == 1
    page = lan.get(EXERCISE).text
    assert 'value="19"' in page and "14:05, 02/12" in page and 'value="nop"' not in page
    day.now = datetime(2026, 12, 2, 7, 4, 29, tzinfo=UTC)
    lan = day.log_in("lan")
    assert lan.send(EXERCISE, TICKED).status_code == 422
    day.later(seconds=1)
    hand_in(lan)
    assert attempts_of(day, "lan") == 2


def test_the_result_says_when_it_may_be_done_again(day: World) -> None:
    lan = day.log_in("lan")
    result = hand_in(lan)
    page = lan.get(result).text
    assert "Làm lại được từ 09:00, 02/12" in page and f'class="button" href="{EXERCISE}"' not in page
    assert "bao nhiêu lần cũng được" not in page and "tối đa 3 lượt mỗi kỳ" in page
    day.later(hours=24)
    lan = day.log_in("lan")
    assert "Làm lại với tình huống khác" in lan.get(result).text
    for _ in range(2):
        hand_in(lan)
        day.later(hours=24)
        lan = day.log_in("lan")
    page = lan.get(result).text
    assert "dùng hết 3 lượt của kỳ này" in page and f'class="button" href="{EXERCISE}"' not in page


def test_a_repeated_submission_has_its_receipt_although_it_is_too_early(day: World) -> None:
    lan = day.log_in("lan")
    fields = {**hidden_fields(lan.get(EXERCISE).text), **TICKED}
    first, again = lan.client.post(EXERCISE, data=fields), lan.client.post(EXERCISE, data=fields)
    assert first.headers["location"] == again.headers["location"]
    by_api = lan.api("POST", SUBMISSION, {}, Idempotency_Key=fields["ma_nop"])
    assert by_api.status_code == 201 and by_api.json()["receipt"]["id"] in first.headers["location"]
    assert attempts_of(day, "lan") == 1


def test_of_two_windows_at_the_same_moment_one_is_let_in(day: World) -> None:
    def send(number: int) -> str:
        try:
            raw = {"T-1": {"dem": str(number)}}
            return submit(day.services, day.people["lan"], SLUG, raw, f"window-{number}", day.now, declared=True).id
        except AttemptRefused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as windows:
        outcomes = list(windows.map(send, range(4)))
    assert outcomes.count("too_early") == 3 and attempts_of(day, "lan") == 1


def test_the_same_content_sent_again_while_it_waits_for_grading_keeps_its_receipt(
    day: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hocvu.portal.submission.grade_attempt", lambda *_: False)
    lan = day.log_in("lan")
    assert hand_in(lan) == hand_in(lan)
    refused = lan.send(EXERCISE, {**TICKED, "T-1.goi": "b"})
    assert refused.status_code == 422 and attempts_of(day, "lan") == 1


def test_only_ones_own_work_is_taken_in(day: World) -> None:
    lan = day.log_in("lan")
    refused = lan.send(EXERCISE, {**TICKED, "tu_lam": ""})
    assert refused.status_code == 422 and "Tôi tự làm bài này" in refused.text and 'value="7"' in refused.text
    assert_error_shape(lan.hand_in(), 422, "not_declared")
    assert attempts_of(day, "lan") == 0
    hand_in(lan)
    with day.services.records.reading() as s:
        (entry,) = list_audit(s, action="attempt.declared")
    assert (entry.actor, entry.detail["assignment"]) == (day.people["lan"], SLUG)


def test_the_api_refuses_in_its_one_shape(day: World) -> None:
    lan = day.log_in("lan")
    hand_in(lan)
    assert_error_shape(lan.hand_in({"T-1": {"goi": "a"}}), 422, "too_early")
    day.later(hours=24)
    lan = day.log_in("lan")
    hand_in(lan)
    day.later(hours=24)
    lan = day.log_in("lan")
    hand_in(lan)
    day.later(hours=24)
    assert_error_shape(day.log_in("lan").hand_in({"T-1": {"goi": "a"}}), 422, "no_more_attempts")


def test_a_notebook_hands_in_a_scenario_once_its_learner_says_it_is_their_own_work(day: World) -> None:
    lan = day.log_in("lan")
    lan.save({"T-1": {"goi": "a"}})
    limits = lan.get(DRAFT).json()["limits"]
    assert limits == {"may_submit": True, "left": 3, "max_attempts": 3, "gap_hours": "24", "when": ""}
    assert_error_shape(lan.hand_in(declared=False), 422, "not_declared")
    refused = lan.hand_in().json()["error"]["message"]
    assert "Tôi tự làm bài này" in refused and attempts_of(day, "lan") == 0
    handed_in = lan.hand_in(key="the-same-press", declared=True)
    assert handed_in.status_code == 201
    again = lan.hand_in(key="the-same-press", declared=True)
    assert again.json()["receipt"] == handed_in.json()["receipt"] and attempts_of(day, "lan") == 1
    limits = lan.get(DRAFT).json()["limits"]
    assert not limits["may_submit"] and limits["when"]
    assert_error_shape(lan.hand_in({"T-1": {"goi": "b"}}, declared=True), 422, "too_early")


def test_an_exercise_without_scenario_has_no_limits_to_tell_of(world: World) -> None:
    lan = world.log_in("lan")
    assert lan.get(DRAFT).json()["limits"] is None
    assert lan.hand_in({"1-2": "a"}, declared=True).status_code == 201


def test_answers_of_one_variant_never_go_into_the_next(day: World) -> None:
    lan = day.log_in("lan")
    hand_in(lan)
    after = lan.get(DRAFT).json()
    assert after["attempt"] == 2 and after["answers"] == {}


def test_the_best_attempt_counts_whichever_variant_it_was(day: World) -> None:
    lan = day.log_in("lan")
    place = place_of(lan.get(EXERCISE).text)
    right = {"Phường Hoa Sen": ("a", "7", "12"), "Xã Bình Minh": ("b", "12", "21"), "Đặc khu Côn Đảo": ("a", "3", "12")}
    goi, dem, (x, y) = right[place]
    result = hand_in(lan, **{"T-1.goi": goi, "T-1.dem": dem, "T-1.buoc.x": x, "T-1.buoc.y": y})
    assert "6/6 điểm" in lan.get(result).text and "Phần 1: " in lan.get(result).text
    day.later(hours=24)
    lan = day.log_in("lan")
    hand_in(lan, **{"T-1.dem": "99999"})
    assert "6/6 điểm" in lan.get("/").text


def test_an_unreadable_part_uses_up_no_attempt(day: World) -> None:
    lan = day.log_in("lan")
    answer = lan.send(EXERCISE, {**TICKED, "T-1.dem": "mấy chục"})
    assert answer.status_code == 422 and "Phần 2: Hãy nhập một số" in answer.text and 'href="#cau-T-1"' in answer.text
    hand_in(lan)


def test_a_new_period_begins_with_three_attempts(day: World) -> None:
    lan = day.log_in("lan")
    hand_in(lan)
    toml = day.root / "course/course.toml"
    later = toml.read_text(encoding="utf-8").replace('code = "2027"', 'code = "2028"')
    later = later.replace("2026-11-16", "2027-11-16").replace("2027-11-15", "2028-11-15", 1)
    toml.write_text(re.sub(r"ends_on = \S+", "ends_on = 2028-11-15", later), encoding="utf-8")
    day.now = datetime(2027, 11, 16, 2, 0, tzinfo=UTC)
    day.restart()
    assert "<strong>3 lượt</strong>" in day.log_in("lan").get(EXERCISE).text


def test_practice_has_neither_limit_nor_declaration(world: World) -> None:
    lan = world.log_in("lan")
    page = lan.get(EXERCISE).text
    assert "tu_lam" not in page and "Trước khi nộp" not in page
    for option in "abab":
        assert lan.send(EXERCISE, {"1-2": option, "viec": "nop"}).status_code == 303


@given(st.lists(st.integers(0, 200), max_size=6), st.integers(0, 300))
def test_the_policy_lets_in_at_most_three_and_never_two_within_a_day(hours: list[int], at: int) -> None:
    attempts, now = [MONDAY + timedelta(hours=hour) for hour in hours], MONDAY + timedelta(hours=at)
    answer = next_attempt(attempts, now, limited=True)
    assert next_attempt(attempts, now, limited=False) == Allowed()
    assert next_attempt(attempts[::-1], now, limited=True) == answer
    if isinstance(answer, Wait):
        assert answer.until == max(attempts) + timedelta(hours=24) > now
        assert isinstance(next_attempt(attempts, answer.until, limited=True), Allowed)
    elif isinstance(answer, Allowed):
        assert answer.left == 3 - len(attempts) > 0
        assert all(now - moment >= timedelta(hours=24) for moment in attempts)
    else:
        assert answer == NoMore() and len(attempts) >= 3


def test_other_limits_are_one_argument() -> None:
    weekly = Limits(max_attempts=2, min_gap=timedelta(days=7))
    assert next_attempt([MONDAY], MONDAY, True, weekly) == Wait(MONDAY + timedelta(days=7))


def test_a_time_to_wait_for_is_never_said_too_early() -> None:
    assert Wait(MONDAY).when == "08:00, 07/12"
    assert Wait(MONDAY + timedelta(seconds=1)).when == "08:01, 07/12"


@pytest.fixture(scope="module")
def services() -> Services:
    """Only what seeds need."""
    made = object.__new__(Services)
    object.__setattr__(made, "secret", b"of this portal")
    return made


@given(person=st.text(), first=st.integers(1, 10_000))
def test_consecutive_attempts_have_different_variants(services: Services, person: str, first: int) -> None:
    make_seed = services.seed_maker(person, SLUG)
    for count in (2, 3, 4, 6, 12):
        variants = [make_seed(attempt_no) % count for attempt_no in range(first, first + count)]
        assert sorted(variants) == list(range(count))
    assert make_seed(first) == make_seed(first) < 2**53


def test_people_begin_with_different_variants(services: Services) -> None:
    begins = [services.seed_maker(f"person-{number}", SLUG)(1) % 4 for number in range(200)]
    assert min(begins.count(variant) for variant in range(4)) > 25


def test_a_seed_tells_nothing_of_the_next_one(services: Services) -> None:
    make_seed = services.seed_maker("lan", SLUG)
    steps = {make_seed(attempt_no + 1) - make_seed(attempt_no) for attempt_no in range(1, 50)}
    assert len(steps) == 49 and min(abs(step) for step in steps) > 2**30


def test_the_note_stands_in_the_form(day: World) -> None:
    page = day.log_in("lan").get(EXERCISE).text
    form = page[page.index('<form method="post" action="/bai-tap') :]
    form = form[: form.index("</form>")]
    assert 'name="tu_lam"' in form and 'label for="tu-lam"' in form
