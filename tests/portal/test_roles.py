"""The administrator's page of roles, and the verb that follows the same rules."""

import re
from datetime import date

import pytest
from httpx import Response

from hocvu.cli import commands, role
from hocvu.portal.role_words import OPENED, ROLE_PURPOSES, lost_pages
from hocvu.records import ActivationCode, Membership, find_person, list_audit
from hocvu.records.roles import GIVEN, ROLE_CHANGE, RoleRefused
from tests.portal.world import Browser, World

PAGE = "/quan-tri/vai-tro"
WHY = "Quyết định 12/QĐ-UBND"
IN_A_UNIT = [("hr", "P01"), ("unit_head", "P01"), ("board", "P01")]


def of(world: World, login: str) -> str:
    return f"{PAGE}/{world.people[login]}"


def gives(world: World, admin: Browser, login: str, given: str, unit: str = "", why: str = WHY) -> str:
    """Send the form; return the page it led to, or the sentence that refused it."""
    fields = {"vai_tro": given, "don_vi": unit, "ly_do": why}
    return outcome(admin, admin.send(of(world, login), fields, page=PAGE))


def takes(world: World, admin: Browser, login: str, taken: str, why: str = WHY) -> str:
    fields = {"vai_tro": taken, "ly_do": why}
    return outcome(admin, admin.send(f"{of(world, login)}/thu", fields, page=PAGE))


def outcome(admin: Browser, answer: Response) -> str:
    if answer.status_code == 303:
        return admin.get(answer.headers["location"]).text
    refused = re.search(r'role="alert"><h2>[^<]+</h2><p>([^<]+)', answer.text)
    assert answer.status_code == 422 and refused, answer.text
    return refused.group(1)


def verb(world: World, *words: str) -> int:
    return role.role(world.settings, commands.parser().parse_args(["role", *words, "--reason", WHY]))


def holds(world: World, login: str) -> list[str]:
    with world.services.records.reading() as s:
        person = find_person(s, world.people[login])
    assert person is not None
    return person.roles


def test_a_role_is_given_seen_at_once_taken_after_a_question_and_lost_at_once(world: World) -> None:
    admin, lan = world.log_in("admin"), world.log_in("lan")
    found = admin.get(f"{PAGE}?tim=nguyen+thi+l&don_vi=P01").text
    assert "Nguyễn Thị Lan" in found and "Trần Văn Hùng" not in found.split("20 thay đổi")[0]
    assert "Phường Hoa Mai và các đơn vị" in admin.get(of(world, "lan")).text
    done = gives(world, admin, "lan", "hr", "P01", "QĐ <12>")
    assert "Đã giao vai trò «Tổ chức cán bộ» (Phường Hoa Mai): Nguyễn Thị Lan" in done and "QĐ &lt;12&gt;" in done
    row = done.split("CB-lan", 2)[2].split("</tr>")[0]
    assert "Phường Hoa Mai" in row and "09:00, 01/12/2026" in row and "Bùi Quản Trị (CB-admin)" in row
    assert lan.get("/").status_code == 303, "a session of before does not grow: one logs in anew"
    lan.log_in("lan")
    assert lan.get("/hr").status_code == 200 and lan.get("/hr?don_vi=S01").status_code == 404
    asked = admin.get(f"{of(world, 'lan')}/thu?vai_tro=hr").text
    assert "Thu vai trò «Tổ chức cán bộ» của Nguyễn Thị Lan?" in asked and "kết quả của từng người" in asked
    assert lan.get("/hr").status_code == 200, "asking takes nothing"
    assert "Đã thu vai trò «Tổ chức cán bộ»" in takes(world, admin, "lan", "hr", "Chuyển việc")
    assert lan.get("/hr").status_code == 303 and world.log_in("lan").get("/hr").status_code == 403
    changes = admin.get(PAGE).text.split("20 thay đổi")[1]
    assert changes.index("Thu «Tổ chức cán bộ», Phường Hoa Mai") < changes.index("Giao «Tổ chức cán bộ», Phường")
    assert "Chuyển việc" in changes and "hr:P01" in admin.get("/quan-tri").text


def test_the_page_refuses_and_says_what_to_do_next(world: World) -> None:
    admin = world.log_in("admin")
    assert "ô «Phạm vi»" in gives(world, admin, "lan", "board")
    assert "cần một đơn vị" in gives(world, admin, "lan", "unit_head")
    assert "cần một đơn vị" in gives(world, admin, "lan", "unit_head", "*")
    assert "không thuộc Sở Thử nghiệm" in gives(world, admin, "lan", "unit_head", "S01")
    assert "không có. Anh/chị chọn một trong" in gives(world, admin, "lan", "vua")
    assert "đã có vai trò «Giảng viên»" in gives(world, admin, "giang", "instructor")
    assert "Chưa có lý do" in gives(world, admin, "lan", "instructor", why=" ")
    assert "nhờ một quản trị viên khác" in gives(world, admin, "admin", "hr", "*")
    assert "quản trị viên cuối cùng" in takes(world, admin, "admin", "admin")
    assert "không có vai trò «Giảng viên»" in takes(world, admin, "lan", "instructor")
    assert "Chưa có lý do" in takes(world, admin, "giang", "instructor", why="")
    world.settle("admin2", "Hồ Quản Trị", world.office.id, "admin")
    assert "nhờ một quản trị viên khác" in takes(world, admin, "admin", "admin")
    kept = admin.send(of(world, "lan"), {"vai_tro": "board", "don_vi": "", "ly_do": "Giữ lại"}, page=PAGE).text
    assert 'value="board" required checked' in kept and 'value="Giữ lại"' in kept
    for path in (f"{PAGE}/khong-co", f"{PAGE}?don_vi=X", f"{PAGE}/%00"):
        assert admin.get(path).status_code == 404, path
    fields = {"vai_tro": "instructor", "ly_do": WHY}
    for path in (of(world, "lan"), f"{of(world, 'giang')}/thu"):
        assert admin.client.post(path, data=fields).status_code == 403, "without the form's token"
    assert holds(world, "lan") == ["learner"] and holds(world, "giang") == ["learner", "instructor"]


def test_only_administrators_get_in(world: World) -> None:
    paths = (PAGE, of(world, "giang"), f"{of(world, 'giang')}/thu?vai_tro=instructor")
    for login in ("lan", "giang", "hr_phuong", "hr_tp"):
        browser = world.log_in(login)
        assert [browser.get(path).status_code for path in paths] == [403, 403, 403]
        fields = {"vai_tro": "admin", "ly_do": WHY}
        for path in (of(world, "lan"), f"{of(world, 'admin')}/thu"):
            assert browser.send(path, fields, page="/").status_code == 403
    assert holds(world, "lan") == ["learner"] and holds(world, "admin") == ["learner", "admin"]


def test_the_verb_follows_the_same_rules(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for sentence, words in (
        ("cần một đơn vị", ("CB-lan", "--give", "unit_head", "--by", "CB-admin")),
        ("không thuộc Sở", ("CB-lan", "--give", "unit_head", "--unit", "S01", "--by", "CB-admin")),
        ("«X»: không có mã", ("CB-lan", "--give", "hr", "--unit", "X", "--by", "CB-admin")),
        ("quản trị viên khác", ("CB-lan", "--give", "admin", "--by", "CB-lan")),
        ("quản trị viên cuối cùng", ("CB-admin", "--take", "admin", "--by", "CB-lan")),
        ("CB-x: không có mã", ("CB-x", "--give", "hr", "--by", "CB-admin")),
    ):
        with pytest.raises(RoleRefused, match=sentence):
            verb(world, *words)
    lan = world.log_in("lan")
    assert verb(world, "CB-lan", "--give", "unit_head", "--unit", "P01", "--by", "CB-hung") == 0
    assert "Thủ trưởng đơn vị (Phường Hoa Mai)" in capsys.readouterr().out
    assert lan.get("/").status_code == 303 and world.log_in("lan").get("/don-vi").status_code == 200
    assert "Trần Văn Hùng (CB-hung), bằng lệnh hocvu role" in world.log_in("admin").get(PAGE).text
    assert verb(world, "CB-lan", "--take", "unit_head", "--by", "CB-hung") == 0
    assert world.log_in("lan").get("/don-vi").status_code == 403
    with world.services.records.reading() as s:
        assert [entry.detail["after"] for entry in list_audit(s, action=ROLE_CHANGE)] == [
            ["learner"], ["learner", "unit_head:P01"],
        ]  # fmt: skip


def test_the_first_administrator_of_a_new_store_gets_in_with_the_verbs_code(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.settle("moi", "Đinh Thị Mới", world.office.id)
    with world.services.records.session() as s:
        person = find_person(s, world.people["moi"])
        assert person is not None
        person.login, person.password_hash = None, ""
    verb(world, "CB-moi", "--give", "admin", "--by", "CB-hung", "--code")
    (code,) = re.findall(r"lần này: (\S+)", capsys.readouterr().out)
    browser = world.visitor()
    fields = {"ma": "CB-moi", "ma_kich_hoat": code, "mat_khau": "chiều nay trời mát"}
    assert browser.send("/kich-hoat", fields).status_code == 303
    assert browser.get(PAGE).status_code == 200
    with world.services.records.reading() as s:
        assert s.get_one(ActivationCode, world.people["moi"]).code_hash not in code


@pytest.mark.parametrize(("given", "scope"), [*((role, "") for role in GIVEN if role != "unit_head"), *IN_A_UNIT])
def test_what_a_role_is_said_to_open_is_what_it_opens(world: World, given: str, scope: str) -> None:
    world.settle("ai", "Ai Đó", world.ward.id, given, hr_unit_id=world.ward.id if scope else None)
    browser = world.log_in("ai")
    opened = {one.path for one in OPENED if browser.get(one.path).status_code == 200}
    assert opened == {one.path for one in OPENED if one.opens([given], bool(scope))}
    assert len(lost_pages(["learner", given], given, bool(scope))) == len(opened) and given in ROLE_PURPOSES


def test_what_another_role_still_opens_is_not_lost() -> None:
    assert lost_pages(["hr", "instructor"], "instructor", False) == [
        "Giảng viên: số liệu từng câu hỏi", "Giảng viên: mẫu bài viết của người học", "Giảng viên: chấm lại",
    ]  # fmt: skip
    assert lost_pages(["hr", "admin", "unit_head"], "unit_head", True)[0].startswith("Đơn vị tôi")


def test_a_role_that_opens_nothing_any_more_is_marked_and_can_be_taken(world: World) -> None:
    world.settle("doi", "Trịnh Văn Dời", world.office.id, "hr", hr_unit_id=world.ward.id)
    world.settle("roi", "Mạc Thị Rời", world.office.id, "instructor")
    with world.services.records.session() as s:
        s.add(Membership(person_id=world.people["roi"], unit_id=world.office.id, ends_on=date(2026, 11, 30)))
    admin = world.log_in("admin")
    page = admin.get(PAGE).text
    assert "đã chuyển khỏi đơn vị ấy" in page and "đã rời cơ quan" in page
    assert "hiện đã không xem được gì" in admin.get(f"{of(world, 'doi')}/thu?vai_tro=hr").text
    assert "đã rời cơ quan" in gives(world, admin, "roi", "hr", "*")
    assert "Giao thêm vai trò" not in admin.get(of(world, "roi")).text
    for login, role_name in (("doi", "hr"), ("roi", "instructor")):
        assert "Đã thu vai trò" in takes(world, admin, login, role_name)


def test_the_verb_offers_the_roles_there_are() -> None:
    help_text = " ".join(commands.parser().format_help().split())
    assert f"give or take a role: {', '.join(GIVEN)}" in help_text
