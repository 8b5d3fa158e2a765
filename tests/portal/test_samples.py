"""Free texts wait for a person: one in twenty, without names, read once, points untouched."""

import re

from sqlalchemy import select

from hocvu.portal.page_samples import ONE_IN, is_drawn
from hocvu.records import ItemResult
from tests.portal.world import World

PAGE = "/giang-vien/doc-mau"


def write_until_drawn(world: World) -> None:
    """Lan hands in texts until one of them is drawn."""
    for turn in range(200):
        world.later(minutes=1)
        answer = world.log_in("lan").hand_in({"1-7": {"viec": f"soạn thư mời số {turn}"}})
        if is_drawn(answer.json()["receipt"]["id"], "1-7"):
            return
    raise AssertionError("no sample was drawn")


def points_of_lan(world: World) -> list[float]:
    with world.services.records.reading() as s:
        return list(s.scalars(select(ItemResult.points)))


def test_about_one_in_twenty_is_drawn_and_always_the_same_ones() -> None:
    drawn = [number for number in range(20_000) if is_drawn(f"bài {number}", "1-7")]
    assert 0.8 / ONE_IN < len(drawn) / 20_000 < 1.2 / ONE_IN
    assert drawn == [number for number in range(20_000) if is_drawn(f"bài {number}", "1-7")]


def test_a_sample_is_read_once_without_a_name_and_changes_no_points(world: World) -> None:
    write_until_drawn(world)
    giang = world.log_in("giang")
    page = giang.get(PAGE)
    assert "soạn thư mời số" in page.text and "Lan" not in page.text and "Còn 1 bài chưa đọc" in page.text
    action = re.findall(rf'action="({PAGE}/[^"]+)"', page.text)[0]
    before = points_of_lan(world)
    assert giang.send(action, {"nhan_xet": "sua_cau"}, page=PAGE).status_code == 303
    again = giang.get(PAGE).text
    assert "Không có bài nào chờ đọc" in again and "Câu hỏi cần sửa cho rõ: 1." in again
    assert points_of_lan(world) == before


def test_only_what_was_drawn_can_be_marked_and_only_with_a_known_word(world: World) -> None:
    write_until_drawn(world)
    giang = world.log_in("giang")
    action = re.findall(rf'action="({PAGE}/[^"]+)"', giang.get(PAGE).text)[0]
    assert giang.send(action, {"nhan_xet": "khac"}, page=PAGE).status_code == 404
    assert giang.send(f"{PAGE}/khong-co/1-7", {"nhan_xet": "on"}, page=PAGE).status_code == 404
    assert world.log_in("lan").send(action, {"nhan_xet": "on"}, page="/").status_code == 403
