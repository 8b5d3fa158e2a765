"""Of a work scenario a learner meets one telling: nothing of another telling's feedback, before or after handing in."""

import re
from collections.abc import Iterator

import pytest
from httpx import Response

from hocvu.publishing.release import generate_release, secrets_of
from tests.portal.world import DRAFT, EXERCISE, SLUG, Browser, World
from tests.story import Course

PLACES = {"hoa": "Phường Hoa Mười Giờ", "tre": "Xã Tre Ngà", "sao": "Đặc khu Sao Mai"}
CASE = """
ABOUT = {"id": "", "competency": "NL1", "level": 2}
PLACES = @PLACES
q = case("T-1", "Một buổi sáng", competency="NL1", level=2, variants={
    name: Variant(f"Sáng nay ở {place} có thư góp ý.\\n\\nMáy đề xuất gửi ngay.", {
        "goi": choose_one(prompt=f"Ở {place}, báo ai?", **ABOUT, a="Tổ trưởng", b="Bảo vệ"),
        "dem": number(prompt="Mấy thư?", **ABOUT),
        "loi": spans(prompt="Câu nào sai?", **ABOUT, text=f"Kính gửi {place}. Thư này do máy ký. Trân trọng."),
    })
    for name, place in PLACES.items()
})
q
### BEGIN HIDDEN TESTS
q.key({name: {
    "goi": ("a", {"a": f"Đúng người của {name}-goi-a.", "b": f"Sai người của {name}-goi-b."}),
    "dem": (7, {"right": f"Đếm đúng của {name}-dem-dung.", "wrong": f"Đếm sai của {name}-dem-sai."}),
    "loi": (["Thư này do máy ký."], {"Thư này do máy ký.": f"Máy không ký thay người, {name}-loi."}),
} for name in PLACES})
### END HIDDEN TESTS
""".replace("@PLACES", repr(PLACES))
ENDS = ("goi-a", "goi-b", "dem-dung", "dem-sai", "loi")
FIELDS = {"T-1.goi": "b", "T-1.dem": "7", "tu_lam": "1", "viec": "nop"}
RAW = {"T-1": {"goi": "b", "dem": "7"}}


@pytest.fixture
def day(world: World) -> Iterator[World]:
    with Course(world.root, SLUG) as course:
        assert course.markdown("# Một ngày").question("T-1", CASE, 6.0).source
    world.restart()
    yield world


def said_of(answers: list[Response]) -> set[str]:
    """Which feedback of which telling is in these answers: {"hoa-goi-b", …}."""
    seen = "\n".join(answer.text for answer in answers)
    return {f"{name}-{end}" for name in PLACES for end in ENDS if f"{name}-{end}" in seen}


def hand_in(browser: Browser) -> str:
    """Mark every sentence, answer the rest, hand in; return where the result is."""
    places = re.findall(r'name="T-1\.loi" value="([^"]+)"', browser.get(EXERCISE).text)
    return str(browser.send(EXERCISE, {**FIELDS, "T-1.loi": places}).headers["location"])


def before_handing_in(browser: Browser) -> list[Response]:
    """Everything a learner can fetch of the exercise, refusals too, without handing it in."""
    return [
        browser.get(EXERCISE),
        browser.get(DRAFT),
        browser.save(RAW),
        browser.send(EXERCISE, {**FIELDS, "viec": "luu"}),
        browser.send(EXERCISE, {**FIELDS, "tu_lam": ""}),
        browser.send(EXERCISE, {**FIELDS, "T-1.dem": "mấy chục"}),
        browser.hand_in(RAW),
        browser.hand_in({"T-1": {"goi": "chữ lạ"}}, declared=True),
        browser.get(f"/bai-hoc/{SLUG}"),
        browser.get("/api/v1/openapi.json"),
        browser.get("/"),
    ]


def test_only_the_own_tellings_feedback_is_said_and_only_afterwards(day: World) -> None:
    met = []
    for _ in PLACES:
        lan = day.log_in("lan")
        before = before_handing_in(lan)
        (name,) = [name for name, place in PLACES.items() if place in before[0].text]
        assert not (said_of(before) - {f"{one}-{end}" for one in met for end in ENDS})
        assert not any(PLACES[other] in answer.text for answer in before[:8] for other in PLACES if other != name)
        result = lan.get(hand_in(lan))
        assert said_of([result]) == {f"{name}-goi-b", f"{name}-dem-dung", f"{name}-loi"}
        assert not any(PLACES[other] in result.text for other in PLACES if other != name)
        met.append(name)
        day.later(hours=24)
    assert sorted(met) == sorted(PLACES)


def test_the_notebook_for_the_browser_holds_no_feedback_of_any_telling(day: World) -> None:
    released = generate_release(day.root, SLUG).decode()
    item = day.services.assignments[SLUG].spec.item("T-1")
    assert len(list(secrets_of(item))) == len(PLACES) * len(ENDS)
    assert not any(f"{name}-{end}" in released for name in PLACES for end in ENDS)
    assert not any(secret in released for secret in secrets_of(item))


def test_the_result_tells_the_story_and_questions_of_its_attempt_again(day: World) -> None:
    lan = day.log_in("lan")
    page = lan.get(EXERCISE).text
    (name,) = [name for name, place in PLACES.items() if place in page]
    location = hand_in(lan)
    day.later(hours=24)
    assert PLACES[name] not in day.log_in("lan").get(EXERCISE).text  # the exercise has moved on to another telling
    result = day.log_in("lan").get(location).text
    assert f"Sáng nay ở {PLACES[name]} có thư góp ý." in result and "Máy đề xuất gửi ngay." in result
    assert f"Ở {PLACES[name]}, báo ai?" in result and f"Kính gửi {PLACES[name]}. Thư này do máy ký." in result


def test_a_result_of_an_older_version_says_that_its_story_is_gone_and_shows_no_other(day: World) -> None:
    lan = day.log_in("lan")
    location = hand_in(lan)
    with Course(day.root, SLUG) as course:
        assert course.markdown("# Một ngày khác").question("T-1", CASE.replace("Sáng nay", "Chiều nay"), 6.0).source
    day.restart()
    result = day.log_in("lan").get(location).text
    assert "Chiều nay" not in result and "Bài đã có bản mới" in result
