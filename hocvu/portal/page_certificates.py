"""Certificates: the holder's page, what anybody may check about one, and what verifying software needs."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from hocvu.credentials import issuer, open_token, status_token
from hocvu.portal.access import Admin, Form, Learner, Running, check_form, field
from hocvu.portal.brakes import Braked
from hocvu.portal.certificates import certificate_pdf, initials, issue_certificate, qr_svg, verify_address
from hocvu.portal.errors import ApiError, not_found
from hocvu.portal.score_table import band_names
from hocvu.portal.services import Services
from hocvu.portal.views import render
from hocvu.records import Credential, UnknownRecord, add_audit, find_scored_person
from hocvu.records.credentials import credentials_of, find_credential, revoke_credential, revoked_indexes
from hocvu.signing import BadSignature, open_signing_key

router = APIRouter(include_in_schema=False)
JWT_TYPE = "application/vc+jwt"
Code = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


@router.get("/chung-nhan")
def show_mine(request: Request, me: Learner, services: Running) -> Response:
    """The learner's certificates, and whether there is a new one to take."""
    with services.records.reading() as s:
        mine = credentials_of(s, me.person.id)
        score = find_scored_person(s, period_id=services.period_id, staff_code=me.person.staff_code)
    band = score.band if score else 0
    has = any(one.period_id == services.period_id and one.band == band and not one.revoked_at for one in mine)
    bands = {one.number: one for one in services.course.rule.bands}
    context = {"mine": mine, "bands": bands, "band": band, "has": has, "course": services.course}
    return render(request, "certificates.html", {**context, "period": services.period_id})


@router.post("/chung-nhan")
def issue(me: Learner, services: Running, form: Form) -> Response:
    """Issue the certificate of the band reached."""
    check_form(form, me)
    now = services.clock()
    with services.records.session() as s:
        score = find_scored_person(s, period_id=services.period_id, staff_code=me.person.staff_code)
        if score is None:
            raise not_found()
        credential = issue_certificate(s, services, me.person, score, now)
        add_audit(s, me.person.id, "credential.issue", {"credential": credential.id, "band": credential.band}, now)
    return RedirectResponse("/chung-nhan", 303)


@router.get("/chung-nhan/khoa")
def show_key(_: Braked, services: Running) -> Response:
    """The public key, as verifying software reads it."""
    return JSONResponse(open_signing_key(services.settings.var).public_jwk)


@router.get("/chung-nhan/don-vi-cap")
def show_issuer(_: Braked, services: Running) -> Response:
    """Who issues, as verifying software reads it."""
    return JSONResponse(issuer(services.settings.portal))


@router.get("/chung-nhan/trang-thai")
def show_status(_: Braked, services: Running) -> Response:
    """The signed list of revoked certificates."""
    with services.records.reading() as s:
        revoked = revoked_indexes(s)
    key = open_signing_key(services.settings.var)
    token = status_token(revoked, services.settings.portal, key, services.clock())
    return Response(token, media_type=JWT_TYPE, headers={"Cache-Control": "public, max-age=300"})


@router.get("/chung-nhan/{code}")
def verify(request: Request, _: Braked, code: Code, services: Running) -> Response:
    """Say to anybody whether a certificate is valid: its initials, band, period, and nothing else."""
    with services.records.reading() as s:
        credential = find_credential(s, code)
    if credential is None:
        return render(request, "verify_certificate.html", {"credential": None, "code": code}, status=404)
    context = {
        "credential": credential,
        "code": code,
        "is_valid": credential.revoked_at is None and _is_ours(services, credential),
        "initials": initials(credential.holder),
        "band_name": band_names(services.course).get(credential.band, str(credential.band)),
        "qr": qr_svg(verify_address(services, code)),
        "course": services.course,
    }
    return render(request, "verify_certificate.html", context)


@router.get("/chung-nhan/{code}/ban-in.pdf")
def download_pdf(code: Code, me: Learner, services: Running) -> Response:
    """The holder's sheet of paper."""
    credential = _own(services, me.person.id, code)
    pdf = certificate_pdf(services.settings.root, services, credential)
    headers = {"Content-Disposition": f'attachment; filename="chung-nhan-{credential.period_id}-{credential.band}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/chung-nhan/{code}/huy-hieu.jwt")
def download_badge(code: Code, me: Learner, services: Running) -> Response:
    """The holder's Open Badge, for a wallet or another agency's system."""
    credential = _own(services, me.person.id, code)
    headers = {"Content-Disposition": f'attachment; filename="huy-hieu-{credential.period_id}-{credential.band}.jwt"'}
    return Response(credential.token, media_type=JWT_TYPE, headers=headers)


@router.post("/quan-tri/chung-nhan/thu-hoi")
def revoke(me: Admin, services: Running, form: Form) -> Response:
    """Revoke a certificate, with the reason that the public page does not show."""
    check_form(form, me)
    code, reason = field(form, "ma").strip(), field(form, "ly_do").strip()[:500]
    if not reason:
        raise ApiError(422, "invalid_request", "Anh/chị ghi lý do thu hồi chứng nhận, theo quyết định nào.")
    now = services.clock()
    with services.records.session() as s:
        try:
            revoke_credential(s, code, reason, now)
        except UnknownRecord as error:
            raise not_found() from error
        add_audit(s, me.person.id, "credential.revoke", {"credential": code}, now)
    return RedirectResponse(f"/chung-nhan/{code}", 303)


def _own(services: Services, person_id: str, code: str) -> Credential:
    """Return the person's own certificate; somebody else's looks like one that does not exist."""
    with services.records.reading() as s:
        credential = find_credential(s, code)
    if credential is None or credential.person_id != person_id:
        raise not_found()
    return credential


def _is_ours(services: Services, credential: Credential) -> bool:
    """Whether the stored token still carries our signature over this very certificate."""
    try:
        payload = open_token(open_signing_key(services.settings.var), credential.token)
    except BadSignature:
        return False
    return bool(payload.get("jti") == verify_address(services, credential.id))
