"""For everybody, without logging in: the public key and hashes of frozen periods, and the items that were withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from hocvu.portal.access import Running, Visitor
from hocvu.portal.brakes import Braked
from hocvu.portal.clean import clean_text
from hocvu.portal.views import render
from hocvu.records.tables import ItemVersion
from hocvu.records.withdrawals import list_item_decisions
from hocvu.records.years import find_snapshot_by_sha256, list_annexes, list_snapshots
from hocvu.signing import open_signing_key
from hocvu.year.freeze import KIND_NAMES

router = APIRouter(include_in_schema=False)


@router.get("/xac-minh")
def show_verify(
    request: Request, _: Braked, me: Visitor, services: Running, sha256: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """The key's fingerprint, every snapshot's hash, and how to check a bundle. Nothing is uploaded."""
    asked = "".join(clean_text(sha256).lower().split())
    with services.records.reading() as s:
        snapshots = [(one, list_annexes(s, one.id)) for one in list_snapshots(s)]
        found = find_snapshot_by_sha256(s, asked) if asked else None
    context = {
        "fingerprint": open_signing_key(services.settings.var).fingerprint,
        "snapshots": snapshots,
        "kind_names": KIND_NAMES,
        "asked": asked,
        "found": found,
    }
    return render(request, "verify.html", context)


@router.get("/xac-minh/khoa.json")
def public_keys(_: Braked, services: Running) -> Response:
    """The public key as a JWK set."""
    return JSONResponse({"keys": [open_signing_key(services.settings.var).public_jwk]})


@router.get("/cau-da-rut")
def show_withdrawn(request: Request, _: Braked, me: Visitor, services: Running) -> Response:
    """Every decision about a faulty item, with its reason."""
    with services.records.reading() as s:
        decisions = [(one, s.get_one(ItemVersion, one.item_version_id)) for one in list_item_decisions(s)]
    decisions.sort(key=lambda pair: pair[0].id, reverse=True)
    titles = {module.slug: module.heading for module in services.course.modules}
    return render(request, "withdrawn.html", {"decisions": decisions, "titles": titles})
