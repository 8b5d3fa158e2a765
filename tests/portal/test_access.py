"""Who may open what: every page, every role."""

import pytest
from fastapi.routing import APIRoute

from tests.portal.world import EXERCISE, World

PAGES = {
    "/": "learner",
    "/nang-luc": "learner",
    "/du-lieu-cua-toi": "learner",
    "/ket-qua": "learner",
    EXERCISE: "learner",
    f"{EXERCISE}/thu/1-3": "learner",
    "/chung-nhan": "learner",
    "/giang-vien": "instructor",
    "/giang-vien/cham-lai": "instructor",
    "/giang-vien/doc-mau": "instructor",
    "/giang-vien/cham-lai?bai=01-thu": "instructor",
    "/hr": "hr",
    "/hr/don-vi": "hr",
    "/hr/ket-qua.xlsx": "hr",
    "/hr/ket-qua.csv": "hr",
    "/hr/danh-sach": "hr",
    "/hr/danh-sach/mau.xlsx": "hr",
    "/hr/qua-trinh": "hr",
    "/hr/de-cu": "hr",
    "/kien-nghi": "learner",
    "/chot-so": "hr",
    "/don-vi": "unit_head",
    "/thi-dua": "board",
    "/quan-tri": "admin",
    "/quan-tri/he-thong": "admin",
    "/quan-tri/vai-tro": "admin",
}
PEOPLE = {
    "lan": {"learner"},
    "giang": {"learner", "instructor"},
    "hr_tp": {"learner", "hr"},
    "admin": {"learner", "admin"},
    "truong": {"learner", "unit_head"},
    "dua": {"learner", "board"},
}


@pytest.mark.parametrize("login", PEOPLE)
def test_each_role_opens_its_pages_and_no_others(world: World, login: str) -> None:
    world.settle("truong", "Hoàng Trưởng", world.ward.id, "unit_head", hr_unit_id=world.ward.id)
    world.settle("dua", "Bùi Đua", world.office.id, "board")
    browser = world.log_in(login)
    for path, role in PAGES.items():
        assert browser.get(path).status_code == (200 if role in PEOPLE[login] else 403), path


def test_nobody_opens_anything_without_logging_in(world: World) -> None:
    nobody = world.visitor()
    for path in PAGES:
        answer = nobody.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/dang-nhap"), path


def test_every_route_is_known_to_these_tests(world: World) -> None:
    """A new route must be put into the lists here, so that nobody forgets who may use it."""
    elsewhere = {
        "/dang-nhap", "/dang-xuat", "/kich-hoat", "/hr/tai-khoan", "/hr/tai-khoan/theo-don-vi",
        "/hr/tai-khoan/mot-nguoi", "/healthz", "/bai-hoc/{slug}", "/bai-hoc-noi/{slug}", "/ket-qua/{attempt_id}",
        "/quan-tri/ma-truy-cap", "/quan-tri/ma-truy-cap/{token_id}/thu-hoi", "/api/v1/csrf", "/api/v1/scores",
        "/kien-nghi/{appeal_id}", "/xet-kien-nghi", "/xet-kien-nghi/{appeal_id}", "/xet-kien-nghi/{appeal_id}/y-kien",
        "/xet-kien-nghi/{appeal_id}/ket-luan", "/chot-so/xem-truoc", "/chot-so/thuc-hien", "/chot-so/phu-luc",
        "/chot-so/{frozen_id}/goi.zip", "/xac-minh", "/xac-minh/khoa.json", "/cau-da-rut",
        "/api/v1/people/{staff_code}/evidence", "/api/v1/units", "/api/v1/oauth/token", "/api/v1/oauth/revoke",
        "/api/v1/snapshots/{snapshot_id}", "/ims/case/v1p1/CFPackages/{package_id}", "/ims/case/v1p1/CFItems/{item_id}",
        "/chung-nhan/khoa", "/chung-nhan/don-vi-cap", "/chung-nhan/trang-thai", "/chung-nhan/{code}",
        "/chung-nhan/{code}/ban-in.pdf", "/chung-nhan/{code}/huy-hieu.jwt", "/quan-tri/chung-nhan/thu-hoi",
        "/hr/bo-loc", "/hr/bo-loc/{filter_id}/xoa", "/hr/ket-qua.pdf",
        "/quan-tri/he-thong/{client_id}/doi-khoa", "/quan-tri/he-thong/{client_id}/thu-hoi",
        "/api/v1/drafts/{assignment}", "/api/v1/submissions/{assignment}",
        "/bai-hoc/{slug}/ban/{name}", "/thu-vien", "/thu-vien/{slug}/{name}", "/thuat-ngu",
        "/bai-tap/{slug}", "/bai-tap/{slug}/thu/{item_id}",
        "/hr/danh-sach/kiem-tra", "/hr/danh-sach/{import_id}", "/hr/danh-sach/{import_id}/loi.{kind}",
        "/hr/danh-sach/{import_id}/ghi", "/hr/qua-trinh/mien-hoan", "/hr/qua-trinh/thu-hoi",
        "/giang-vien/doc-mau/{attempt_id}/{item_id}",
        "/dong-gop", "/dong-gop/{proposal_id}/quyet-dinh", "/dong-gop/da-xac-nhan/{contribution_id}/thu-hoi",
        "/rut-cau", "/rut-cau/{proposal_id}/quyet-dinh",
        "/hr/de-cu/{nomination_id}/rut", "/thi-dua/de-cu/{nomination_id}",
        "/giang-vien/cham-lai/{slug}", "/giang-vien/cham-lai/{slug}/hoan-tac",
        "/quan-tri/vai-tro/{person_id}", "/quan-tri/vai-tro/{person_id}/thu",
    }  # fmt: skip
    paths = {path for path in world.app.openapi()["paths"]}
    assert paths <= elsewhere
    routes = {route.path for route in world.app.routes if isinstance(route, APIRoute)}
    assert routes <= elsewhere | set(PAGES)


def test_forms_of_administrators_need_the_role_and_the_token(world: World) -> None:
    lan, admin = world.log_in("lan"), world.log_in("admin")
    fields = {"ten": "HR", "so_ngay": "30", "quyen": "scores:read"}
    assert lan.send("/quan-tri/ma-truy-cap", fields, page="/").status_code == 403
    assert admin.client.post("/quan-tri/ma-truy-cap", data=fields).status_code == 403


def test_an_administrator_makes_a_token_sees_it_once_and_revokes_it(world: World) -> None:
    admin = world.log_in("admin")
    fields = {"ten": "Phần mềm <nhân sự>", "so_ngay": "30", "quyen": "scores:read", "don_vi": "P01"}
    made = admin.send("/quan-tri/ma-truy-cap", fields, page="/quan-tri")
    assert made.status_code == 201
    token = made.text.split('class="token"><code>')[1].split("</code>")[0]
    scores = "/api/v1/scores"
    assert world.visitor().get(scores, Authorization=f"Bearer {token}").status_code == 200
    page = admin.get("/quan-tri").text
    assert token not in page and "Phần mềm &lt;nhân sự&gt;" in page and "Phường Hoa Mai" in page
    admin.send("/quan-tri/ma-truy-cap/1/thu-hoi", {}, page="/quan-tri")
    assert world.visitor().get(scores, Authorization=f"Bearer {token}").status_code == 401
    assert "thu hồi mã truy cập" in admin.get("/quan-tri").text


@pytest.mark.parametrize("change", [{"ten": ""}, {"so_ngay": "0"}, {"so_ngay": "mười"}, {"quyen": "all"}])
def test_a_token_needs_name_scope_and_end(world: World, change: dict[str, str]) -> None:
    admin = world.log_in("admin")
    fields = {"ten": "HR", "so_ngay": "30", "quyen": "scores:read", **change}
    assert admin.send("/quan-tri/ma-truy-cap", fields, page="/quan-tri").status_code == 422


def test_instructors_see_items_without_names(world: World) -> None:
    world.log_in("lan").send(EXERCISE, {"1-2": "a", "viec": "nop"})
    page = world.log_in("giang").get("/giang-vien").text
    assert "1.2" in page and "100%" in page and "make lab" in page
    assert "Lan" not in page.replace("Lan tỏa", "") and "CB-lan" not in page
