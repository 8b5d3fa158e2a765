"""The competency framework for other systems, public: CASE 1.1."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hocvu.credentials.case import BASE, case_package, framework_id
from hocvu.portal.access import Running
from hocvu.portal.errors import not_found
from hocvu.portal.etags import json_body, tagged

router = APIRouter(prefix=BASE, include_in_schema=False)


@router.get("/CFPackages/{package_id}")
def get_package(request: Request, package_id: str, services: Running) -> Response:
    """The whole framework."""
    if package_id != framework_id():
        raise not_found()
    return tagged(request, json_body(case_package(services.course, services.settings.portal)))


@router.get("/CFItems/{item_id}")
def get_item(request: Request, item_id: str, services: Running) -> Response:
    """One competency or one of its levels: what a badge points at."""
    items = case_package(services.course, services.settings.portal)["CFItems"]
    found = next((item for item in items if item["identifier"] == item_id), None)
    if found is None:
        raise not_found()
    return tagged(request, json_body(found))
