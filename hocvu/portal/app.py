"""The portal as one ASGI app for two origins: pages and API where people log in, notebooks where lessons run."""

from urllib.parse import urlsplit

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from hocvu.errors import SettingsError
from hocvu.portal import (
    api_case,
    api_drafts,
    api_oauth,
    api_people,
    api_scores,
    api_snapshots,
    api_submissions,
    api_units,
    page_accounts,
    page_activate,
    page_admin,
    page_appeal_review,
    page_appeals,
    page_bench,
    page_board,
    page_certificates,
    page_clients,
    page_competency,
    page_contributions,
    page_course,
    page_exercises,
    page_exports,
    page_hr,
    page_instructor,
    page_lessons,
    page_library,
    page_login,
    page_nominations,
    page_regrade,
    page_results,
    page_roles,
    page_roster,
    page_roster_person,
    page_samples,
    page_unit,
    page_verify,
    page_withdrawal,
    page_year,
)
from hocvu.portal.assets import FONTS, STATIC, Assets
from hocvu.portal.brakes import Brakes
from hocvu.portal.csrf import same_origin
from hocvu.portal.error_pages import install_error_handlers
from hocvu.portal.lite import create_lite
from hocvu.portal.middleware import BodyLimit, Origins, ResponseHeaders, read_proxies, security_headers
from hocvu.portal.services import Clock, JobQueue, Services, start_services, utc_now
from hocvu.portal.submission import grade_waiting
from hocvu.settings import Settings

PULLS = (api_oauth, api_scores, api_people, api_units, api_snapshots, api_case)
PAGES = (
    page_login,
    page_activate,
    page_course,
    page_competency,
    page_lessons,
    page_bench,
    page_library,
    page_exercises,
    page_results,
    page_certificates,
    page_hr,
    page_roster,
    page_roster_person,
    page_accounts,
    page_exports,
    page_instructor,
    page_samples,
    page_regrade,
    page_admin,
    page_roles,
    page_clients,
    page_year,
    page_appeals,
    page_appeal_review,
    page_unit,
    page_board,
    page_nominations,
    page_contributions,
    page_withdrawal,
    page_verify,
)


def create_app(settings: Settings, clock: Clock = utc_now, queue: JobQueue | None = None) -> FastAPI:
    """Return the running portal: store migrated, course compiled, attempts of an interrupted run graded or queued."""
    services = start_services(settings, clock, queue)
    grade_waiting(services)
    return build_app(services)


def build_app(services: Services) -> FastAPI:
    """Return the portal on running services."""
    settings = services.settings
    if urlsplit(settings.portal).netloc == urlsplit(settings.lite).netloc:
        raise SettingsError(
            f"HOCVU_PORTAL_ORIGIN and HOCVU_LITE_ORIGIN are both {settings.portal}. Give lessons a host of their own: "
            "code in a notebook must never meet the portal's cookie."
        )
    app = FastAPI(
        title="Học vụ AI",
        version="1",
        summary="Answers of learners (cookie) and scores for HR systems (bearer token)",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(same_origin)],
    )
    app.state.services, app.state.scope, app.state.origin = services, "portal", settings.portal
    app.state.brakes = Brakes()
    app.state.trial_logins = ()  # `hocvu serve` puts the demo's here, where it finds them
    install_error_handlers(app)
    for module in (api_drafts, api_submissions, *PULLS, *PAGES):
        app.include_router(module.router)
    app.add_api_route("/healthz", health, methods=["GET"], include_in_schema=False)
    app.mount("/static/fonts", Assets(settings.root / FONTS, keep=True))
    app.mount("/static", Assets(STATIC))
    longer = {page_roster.UPLOAD: page_roster.UPLOAD_BYTES}
    app.add_middleware(BodyLimit, max_bytes=settings.max_answers_bytes, longer=longer)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.state.headers = security_headers(portal_csp(settings), settings.portal.startswith("https"))
    app.add_middleware(ResponseHeaders, headers=app.state.headers)
    app.add_middleware(Origins, own=settings.portal, others={settings.lite: create_lite(services)})
    if proxies := read_proxies(settings.trusted_proxies):
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    return app


def portal_csp(settings: Settings) -> str:
    """Return the portal's policy: own files only, no inline script or style. Logging in may lead on to a lesson."""
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action 'self' {settings.lite}",
            "frame-ancestors 'none'",
        )
    )


def health() -> JSONResponse:
    """Say that the process answers; for load balancers."""
    return JSONResponse({"ok": True})
