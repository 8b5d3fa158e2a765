"""Certificates: issued for the band that was reached, checked by anybody, revoked by decision; HR's printed list."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3.status import check_credential_status
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from hocvu.portal.certificates import initials
from hocvu.records import list_audit, save_score
from hocvu.records.credentials import credentials_of, revoke_credential
from hocvu.scores import Score
from hocvu.signing import open_signing_key
from tests.portal.world import PORTAL, Browser, World

REACHED = Score(1.0, {f"NL{n}": 2 for n in range(1, 7)}, 2, 40.0, 44.0, "2027.1")


@pytest.fixture(autouse=True)
def fonts(world: World, root: Path) -> None:
    """The course of these tests has no fonts of its own."""
    (world.root / "node_modules").symlink_to(root / "node_modules")


def reaches(world: World, login: str, score: Score = REACHED) -> None:
    with world.services.records.session() as s:
        save_score(s, world.people[login], "2027", score, world.now)


def take(world: World, login: str = "lan") -> tuple[Browser, str]:
    """The learner takes the certificate; its code."""
    browser = world.log_in(login)
    assert browser.send("/chung-nhan", {}).status_code == 303
    with world.services.records.reading() as s:
        return browser, credentials_of(s, world.people[login])[0].id


def test_there_is_no_certificate_without_a_band(world: World) -> None:
    lan = world.log_in("lan")
    assert "chưa đạt mức hoàn thành nào" in lan.get("/chung-nhan").text
    assert lan.send("/chung-nhan", {}, page="/du-lieu-cua-toi").status_code == 422


def test_a_band_has_one_certificate_however_often_it_is_asked_for(world: World) -> None:
    reaches(world, "lan")
    lan, code = take(world)
    assert "Nhận chứng nhận" not in lan.get("/chung-nhan").text
    take(world)
    with world.services.records.reading() as s:
        assert [one.id for one in credentials_of(s, world.people["lan"])] == [code]
    reaches(world, "lan", replace(REACHED, band=3))
    assert "Nhận chứng nhận" in lan.get("/chung-nhan").text


def test_anybody_may_check_and_sees_initials_only(world: World) -> None:
    reaches(world, "lan")
    _, code = take(world)
    page = world.visitor().get(f"/chung-nhan/{code}").text
    assert "còn hiệu lực" in page and "N. T. L." in page and "Vận dụng" in page and "<svg" in page
    assert "Nguyễn Thị Lan" not in page and "CB-lan" not in page
    unknown = world.visitor().get("/chung-nhan/00000000-0000-0000-0000-000000000000")
    assert unknown.status_code == 404 and "Không có chứng nhận nào" in unknown.text


def test_the_badge_is_the_holders_and_another_verifier_takes_it(world: World) -> None:
    world.now = datetime.now(UTC)  # the verifier has its own clock
    reaches(world, "lan")
    lan, code = take(world)
    hung, nobody = world.log_in("hung"), world.visitor()
    for ending in ("huy-hieu.jwt", "ban-in.pdf"):
        assert lan.get(f"/chung-nhan/{code}/{ending}").status_code == 200
        assert hung.get(f"/chung-nhan/{code}/{ending}").status_code == 404
        assert nobody.get(f"/chung-nhan/{code}/{ending}").status_code == 303
    public = open_signing_key(world.settings.var).key.public_key
    assert nobody.get("/chung-nhan/khoa").json()["x"] and "d" not in nobody.get("/chung-nhan/khoa").json()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    token = lan.get(f"/chung-nhan/{code}/huy-hieu.jwt").text
    badge = OB3Verifier(pubkey_pem=pem).verify(token)
    assert badge.achievement.name == "Vận dụng"

    def download(address: str) -> bytes:
        return nobody.get(address.removeprefix(PORTAL)).content

    check_credential_status(badge, download, verify_list=True, list_pubkey_pem=pem)
    with world.services.records.session() as s:
        revoke_credential(s, code, "Quyết định 12", world.now)
    with pytest.raises(OB3VerificationError, match="revocation"):
        check_credential_status(badge, download, verify_list=True, list_pubkey_pem=pem)


def test_a_revoked_certificate_says_so_everywhere(world: World) -> None:
    reaches(world, "lan")
    lan, code = take(world)
    admin = world.log_in("admin")
    way, page = "/quan-tri/chung-nhan/thu-hoi", "/quan-tri"
    assert admin.send(way, {"ma": code, "ly_do": ""}, page=page).status_code == 422
    assert admin.send(way, {"ma": "khong-co", "ly_do": "x"}, page=page).status_code == 404
    assert lan.send(way, {"ma": code, "ly_do": "x"}, page="/chung-nhan").status_code == 403
    assert admin.send(way, {"ma": code, "ly_do": "Quyết định 12"}, page=page).status_code == 303
    shown = world.visitor().get(f"/chung-nhan/{code}").text
    assert "không còn hiệu lực" in shown and "Quyết định 12" not in shown
    assert "Quyết định 12" in lan.get("/chung-nhan").text
    with world.services.records.reading() as s:
        assert [entry.action for entry in list_audit(s, limit=1)] == ["credential.revoke"]


def test_a_changed_row_in_the_store_is_not_valid(world: World) -> None:
    reaches(world, "lan")
    _, code = take(world)
    with world.services.records.session() as s:
        row = credentials_of(s, world.people["lan"])[0]
        row.token = row.token[:-6] + "AAAAAA"
    assert "không còn hiệu lực" in world.visitor().get(f"/chung-nhan/{code}").text


@pytest.mark.parametrize(("name", "shown"), [("Nguyễn Thị Ánh", "N. T. Á."), ("Y Thuyn", "Y. T."), ("", "")])
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_hr_prints_a_list_to_be_signed(world: World) -> None:
    officer = world.log_in("hr_phuong")
    answer = officer.get("/hr/ket-qua.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert answer.content.count(b"/Type /Page\n") == 1 and b"/MediaBox [0 0 841.89 595.28]" in answer.content


def test_a_list_too_long_to_sign_is_not_printed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hocvu.portal.page_exports.MOST_LINES", 1)
    refused = world.log_in("hr_tp").get("/hr/ket-qua.pdf")
    assert refused.status_code == 422 and "lọc theo đơn vị" in refused.text
    assert world.log_in("lan").get("/hr/ket-qua.pdf").status_code == 403
