"""Instructors see per item how sure people were when right and when not; nothing from fewer than ten answers."""

import re

from tests.portal.world import DRAFT, World

HEADING = "Chắc đến đâu khi đúng và khi chưa đúng"


def say(world: World, login: str, option: str, step: int) -> None:
    """One attempt: item 1-2 answered with this much confidence, handed in."""
    browser = world.log_in(login)
    assert browser.api("PUT", DRAFT, {"answers": {"1-2": option}, "confidence": {"1-2": step}}).status_code == 200
    assert browser.hand_in().status_code == 201
    world.later(minutes=1)


def row(world: World) -> str:
    """The words of the row of item 1.2 in the table of confidence."""
    page = world.log_in("giang").get("/giang-vien").text
    table = page[page.index(HEADING) :]
    found = re.search(r'<tr><th scope="row"[^>]*>1\.2</th>.*?</tr>', table, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", " ", found.group())


def test_fewer_than_ten_answers_show_no_figure(world: World) -> None:
    for step in (5, 4, 3, 2, 1, 5, 4, 3, 2):
        say(world, "lan", "a", step)
    assert "chưa đủ 10 lượt" in row(world) and "," not in row(world)


def test_right_and_wrong_answers_are_apart_and_nobody_is_named(world: World) -> None:
    for number, step in enumerate((5, 5, 4, 4, 5, 4)):
        say(world, ("lan", "hung")[number % 2], "a", step)
    for step in (5, 2, 1, 4):
        say(world, "hung", "b", step)
    words = " ".join(row(world).split())
    assert "4,5 (6 lượt)" in words and "3 (4 lượt)" in words
    assert "20%" in words  # sure and not right: two of ten
    page = world.log_in("giang").get("/giang-vien").text
    assert "Lan" not in page and "Phường Hoa Mai" not in page


def test_answers_without_confidence_do_not_count(world: World) -> None:
    for _ in range(10):
        browser = world.log_in("lan")
        browser.save({"1-2": "a"})
        assert browser.hand_in().status_code == 201
    assert "chưa đủ 10 lượt" in row(world)
