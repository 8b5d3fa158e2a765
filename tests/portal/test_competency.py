"""My competencies: the picture, the way to the next level, each level opened down to attempt, seed and cut score."""

import re
from datetime import date

from hocvu.records import add_contribution, ledger_lines
from hocvu.records.people import find_person
from hocvu.scores import Contribution
from tests.portal.world import EXERCISE, World

PAGE = "/nang-luc"


def squares(page: str, code: str) -> list[str]:
    """The words in the four squares of a competency."""
    row = re.search(rf'<tr><th scope="row"><a href="#nl-{code}">.*?</tr>', page, re.DOTALL)
    assert row is not None
    cells = re.findall(r'<td class="\w+">(.*?)</td>', row[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_the_picture_says_in_words_what_is_done(world: World) -> None:
    lan = world.log_in("lan")
    assert squares(lan.get(PAGE).text, "NL1") == ["Kế tiếp 0/1 câu", "Chưa 0/2 câu", "Chưa", "người xác nhận"]
    lan.send(EXERCISE, {"1-2": "a", "viec": "nop"})
    page = lan.get(PAGE).text
    assert squares(page, "NL1")[0] == "Kế tiếp 1/1 câu"
    assert page.count('<table class="six">') == 1 and "<caption>Sáu năng lực, bốn mức</caption>" in page
    assert "NL1 chưa đạt M1" in page


def test_a_level_opens_to_attempt_seed_versions_and_cut_scores(world: World) -> None:
    lan = world.log_in("lan")
    result = lan.send(EXERCISE, {"1-2": "a", "viec": "nop"}).headers["location"]
    with world.services.records.reading() as s:
        line = next(one for one in ledger_lines(s, world.people["lan"], "2027") if one.item_id == "1-2")
    page = lan.get(PAGE).text
    for said in (f"{result}#cau-1-2", f"<code>{line.seed}</code>", f"<code>{line.version[:12]}</code>", "4/4"):
        assert said in page
    assert "Cần từ" in page and "70%" in page and "Quy tắc tính điểm 2027.1 (đề xuất, chưa ban hành)" in page


def test_the_next_item_is_one_press_away(world: World) -> None:
    page = world.log_in("lan").get(PAGE).text
    assert f'<a class="button quiet" href="{EXERCISE}#cau-1-2">Làm câu 1.2</a>' in page


def test_a_text_without_points_is_evidence_that_does_not_count(world: World) -> None:
    lan = world.log_in("lan")
    assert lan.hand_in({"1-7": {"viec": "Soạn thư mời họp"}}).status_code == 201
    page = lan.get(PAGE).text
    assert "Đã làm nhưng không tính vào mức của kỳ này" in page and "hoàn thành" in page


def test_who_has_no_track_is_told_so_and_who_has_one_sees_its_floor(world: World) -> None:
    lan = world.log_in("lan")
    assert "Chưa gán nhóm vị trí" in lan.get(PAGE).text
    with world.services.records.session() as s:
        person = find_person(s, world.people["lan"])
        assert person is not None
        person.position = "Tiếp nhận hồ sơ"
    page = lan.get(PAGE).text
    assert "Tiếp dân, một cửa" in page and "chưa đủ yêu cầu vị trí: NL4 cần đạt M2" in page


def test_what_people_confirmed_is_shown_with_who_did(world: World) -> None:
    signed = Contribution("Có sáng kiến được công nhận", "CB-hr_tp", date(2026, 12, 1), "Quyết định 12")
    with world.services.records.session() as s:
        add_contribution(s, world.people["lan"], "2027", signed, world.now)
    page = world.log_in("lan").get(PAGE).text
    assert "đã xác nhận ngày 01/12/2026 (người xác nhận: CB-hr_tp)" in page


def test_what_no_machine_decides_is_printed_with_who_does(world: World) -> None:
    page = world.log_in("lan").get(PAGE).text
    assert "Điều máy không quyết định" in page and "«Chưa đủ dữ liệu» không phải là «không đạt»" in page
    for decided in ("Danh hiệu, khen thưởng", "Kết luận gian lận", "Miễn, hoãn học", "Sửa kết quả đã chốt"):
        assert decided in page
    assert "Cách liên hệ" in page


def test_nobody_sees_anothers_evidence(world: World) -> None:
    world.log_in("lan").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    assert "/ket-qua/" not in world.log_in("hung").get(PAGE).text
