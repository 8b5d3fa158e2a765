"""Issuing a certificate for the band that a person has, and the sheet of paper that goes with it."""

import io
import uuid
from datetime import datetime
from pathlib import Path

import segno
from sqlalchemy.orm import Session

from hocvu.credentials import Badge, badge_token
from hocvu.portal.errors import ApiError
from hocvu.portal.pdf_sheet import LACKING, PdfSheet
from hocvu.portal.services import Services
from hocvu.portal.words import vietnam_day
from hocvu.records import Credential, Person, ScoredPerson
from hocvu.records.credentials import add_credential, take_status_index, valid_credential
from hocvu.signing import open_signing_key


def verify_address(services: Services, credential_id: str) -> str:
    return f"{services.settings.portal}/chung-nhan/{credential_id}"


def issue_certificate(s: Session, services: Services, person: Person, score: ScoredPerson, now: datetime) -> Credential:
    """Return the certificate of the person's band in this period, the one there is or a new one. Raises ApiError."""
    if not score.band:
        raise ApiError(422, "no_band", "Anh/chị chưa đạt mức hoàn thành nào trong kỳ này nên chưa có chứng nhận.")
    period = services.period_id
    present = valid_credential(s, person.id, period, score.band)
    if present is not None:
        return present
    badge = Badge(
        id=str(uuid.uuid4()),
        person_id=person.id,
        staff_code=person.staff_code,
        holder=person.name,
        period=period,
        band=score.band,
        levels=dict(sorted(score.levels.items())),
        rule_version=score.rule_version,
        issued_at=now.replace(microsecond=0),
        status_index=take_status_index(s),
    )
    key = open_signing_key(services.settings.var)
    row = Credential(
        id=badge.id,
        person_id=person.id,
        period_id=period,
        band=badge.band,
        holder=badge.holder,
        status_index=badge.status_index,
        token=badge_token(badge, services.course, services.settings.portal, key),
        issued_at=badge.issued_at,
        revoked_at=None,
    )
    return add_credential(s, row)


def initials(name: str) -> str:
    """Return what the public page shows of a name: `N. T. Á.`"""
    return " ".join(f"{word[0].upper()}." for word in name.split())


def qr_svg(address: str) -> str:
    """Return the address as a QR code, inline SVG without any script or style of its own."""
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        file, kind="svg", xmldecl=False, svgclass="qr", scale=4, omitsize=True
    )
    return file.getvalue().decode().replace("<svg ", '<svg role="img" aria-label="Mã QR của trang kiểm tra này" ', 1)


def certificate_pdf(root: Path, services: Services, credential: Credential) -> bytes:
    """Return the certificate as a sheet of A4: who, what, when, by which rule, and how to check it."""
    band = next(one for one in services.course.rule.bands if one.number == credential.band)
    sheet = PdfSheet(root, "landscape")
    sheet.set_auto_page_break(False)
    sheet.set_title(f"Chứng nhận {band.certificate}")
    sheet.add_page()
    sheet.set_draw_color(11, 107, 99)
    sheet.set_line_width(0.8)
    sheet.rect(10, 10, 277, 190)
    for style, size, gap, text in (
        ("B", 13, 22, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("B", 13, 29, "Độc lập - Tự do - Hạnh phúc"),
        ("B", 30, 50, "CHỨNG NHẬN"),
        ("", 15, 70, "Khóa học AI trong công vụ – Bình dân học vụ số chứng nhận"),
        ("B", 24, 84, credential.holder),
        ("", 15, 102, "đã đạt"),
        ("B", 20, 112, band.certificate),
        (
            "",
            12,
            128,
            f"Mức hoàn thành {band.number} trên 4, kỳ {credential.period_id}, ngày {vietnam_day(credential.issued_at)}",
        ),
        ("", 10, 136, f"Quy tắc tính điểm {services.course.rule.version} ({services.course.rule.status})"),
    ):
        sheet.fit(20, gap, 257, text, style, size, align="C")
    if sheet.lacks(credential.holder):
        sheet.fit(20, 96, 257, LACKING.format(where="ghi trong huy hiệu số"), "", 8, align="C")
    _write_check(sheet, verify_address(services, credential.id), credential.id)
    return sheet.finish()


def _write_check(sheet: PdfSheet, address: str, code: str) -> None:
    """The QR code and its words: paper proves nothing, the page it leads to does."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    sheet.image(picture, x=24, y=150, w=36)
    sheet.set_font("latin", "", 9.5)
    for place, text in enumerate(
        (
            "Quét mã để kiểm tra chứng nhận còn hiệu lực, hoặc mở:",
            address,
            f"Mã kiểm tra: {code}",
            "Bản in không thay cho việc kiểm tra. Chứng nhận này là minh chứng học tập;",
            "xếp loại, danh hiệu và khen thưởng do người có thẩm quyền quyết định.",
        )
    ):
        sheet.set_xy(66, 156 + 6 * place)
        sheet.cell(200, 5, text)
