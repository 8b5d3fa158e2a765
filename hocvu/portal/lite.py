"""The lessons' origin: static notebooks, and only the learner's own drafts and submissions."""

from datetime import timedelta
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.middleware.gzip import GZipMiddleware

from hocvu.portal import api_drafts, api_submissions
from hocvu.portal.access import COOKIES, find_log_in
from hocvu.portal.csrf import same_origin
from hocvu.portal.error_pages import install_error_handlers
from hocvu.portal.errors import ApiError
from hocvu.portal.middleware import BodyLimit, ResponseHeaders, security_headers
from hocvu.portal.page_login import safe_path
from hocvu.portal.services import Services
from hocvu.portal.site_files import SiteFiles
from hocvu.publishing.site import CONTENT_SECURITY_POLICY, packed_folder
from hocvu.records import create_session, use_ticket
from hocvu.settings import Settings

LESSON_PATH = "/bai-hoc/notebooks/index.html"
TICKET_SPENT = (
    "Liên kết mở bài học chỉ dùng được một lần, trong một phút. Anh/chị mở lại bài học từ trang Khóa học của tôi."
)


def site_folder(settings: Settings) -> Path:
    return settings.var / "site"


def create_lite(services: Services) -> FastAPI:
    """Return the app of the lessons' origin. What is not named here does not exist on it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(same_origin)])
    app.state.services, app.state.scope = services, "lite"
    app.state.origin = services.settings.lite
    install_error_handlers(app)
    app.include_router(api_drafts.router)
    app.include_router(api_submissions.router)
    app.add_api_route("/vao", enter, methods=["GET"])
    site = site_folder(services.settings)
    app.mount("/bai-hoc", SiteFiles(site, packed_folder(site)))
    app.add_middleware(BodyLimit, max_bytes=services.settings.max_answers_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.state.headers = security_headers(CONTENT_SECURITY_POLICY, services.settings.lite.startswith("https"))
    app.add_middleware(ResponseHeaders, headers=app.state.headers)
    return app


def enter(request: Request, ve: str = "", toi: str = LESSON_PATH) -> Response:
    """Exchange a ticket for this origin's own cookie and go on to the lesson."""
    services: Services = request.app.state.services
    target = safe_path(toi)
    target = target if target.startswith("/bai-hoc/") else LESSON_PATH
    now, lifetime = services.clock(), timedelta(hours=services.settings.session_hours)
    with services.records.session(durable=False) as s:
        person_id = use_ticket(s, ve, now) if ve else None
        token = create_session(s, person_id, "lite", lifetime=lifetime, now=now)[0] if person_id else ""
    if not token:
        if find_log_in(request) is not None:  # the same link opened twice
            return RedirectResponse(target, 303)
        raise ApiError(401, "ticket", TICKET_SPENT)
    response = RedirectResponse(target, 303)
    secure = services.settings.lite.startswith("https")
    response.set_cookie(COOKIES["lite"], token, httponly=True, samesite="lax", secure=secure, path="/")
    return response
